"""Cells of CSV and XLSX files that a spreadsheet must not take for formulas."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(value):
    """Text that would start a formula gets an apostrophe in front; numbers stay as they are."""
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return f"'{value}"
    return value
