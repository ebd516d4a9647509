"""Tables in and out as XLSX and CSV: cells that are no formulas, files that are what they say."""

import csv
import io
from datetime import date, datetime
from itertools import islice

import tablib
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from import_export import fields, resources, widgets

from .differences import differences
from .fields import check_year

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
ROWS = 2_000
COLUMNS = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# Cells


def safe_cell(value):
    """Text that would start a formula gets an apostrophe in front; numbers stay as they are."""
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return f"'{value}"
    return value


def plain_cell(value):
    """What a cell says, without the apostrophe that `safe_cell` puts in front."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip(" ")
    if text.startswith("'") and text[1:].startswith(DANGEROUS):
        return text[1:]
    return text


def moment_text(value):
    """A time as editors write it: 2026-10-15 12:00, in Stockholm."""
    if timezone.is_aware(value):
        value = timezone.localtime(value)
    return value.strftime("%Y-%m-%d %H:%M")


# Files


def read_sheet(name, content):
    """A tablib Dataset of an uploaded .xlsx or .csv. Raises ValidationError in plain words."""
    rows = read_csv(content) if name.lower().endswith(".csv") else read_xlsx(content)
    rows = [row for row in rows if any(row)]
    if len(rows) < 2:
        raise ValidationError(_("The file has no rows under its headings."))
    if len(rows) > ROWS + 1:
        raise ValidationError(
            _("The file has more than %(most)d rows. Split it."), params={"most": ROWS}
        )
    headings = [heading.strip().lower() for heading in rows[0]]
    while headings and not headings[-1]:
        headings.pop()
    dataset = tablib.Dataset(headers=headings)
    for row in rows[1:]:
        dataset.append((row + [""] * len(headings))[: len(headings)])
    return dataset


def read_csv(content):
    text = content.decode("utf-8-sig")
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return [[plain_cell(cell) for cell in row] for row in islice(rows, ROWS + 2)]
    except csv.Error as error:
        raise unreadable() from error


def read_xlsx(content):
    from openpyxl import load_workbook

    try:
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        rows = sheet.iter_rows(max_row=ROWS + 2, max_col=COLUMNS, values_only=True)
        return [[plain_cell(cell) for cell in row] for row in rows]
    except Exception as error:  # openpyxl raises whatever a broken file provokes
        raise unreadable() from error


def unreadable():
    return ValidationError(_("The file cannot be read as a table. Save it again and retry."))


def write_csv(dataset):
    """With a mark and semicolons, so that Excel in Swedish opens it in columns."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows([dataset.headers, *dataset])
    return ("\ufeff" + out.getvalue()).encode()


def write_xlsx(dataset):
    return dataset.export("xlsx")


FORMATS = {"xlsx": (write_xlsx, XLSX), "csv": (write_csv, "text/csv; charset=utf-8")}


# Columns


class SlugWidget(widgets.ForeignKeyWidget):
    """A related row by its address."""

    def __init__(self, model):
        super().__init__(model, field="slug")

    def clean(self, value, row=None, **kwargs):
        try:
            return super().clean(value, row, **kwargs)
        except self.model.DoesNotExist as error:
            raise ValueError(missing(self.model, [value])) from error


class SlugsWidget(widgets.ManyToManyWidget):
    """Related rows by their addresses, with commas between."""

    def __init__(self, model):
        super().__init__(model, field="slug", separator=",")

    def clean(self, value, row=None, **kwargs):
        slugs = split(value)
        found = list(self.model.objects.filter(slug__in=slugs))
        gone = [slug for slug in slugs if slug not in {one.slug for one in found}]
        if gone:
            raise ValueError(missing(self.model, gone))
        return found

    def render(self, value, obj=None, **kwargs):
        return ", ".join(sorted(one.slug for one in value.all())) if value is not None else ""


class ChoiceWidget(widgets.Widget):
    """A stored code; on the way in also its name in the reader's language."""

    def __init__(self, choices):
        super().__init__()
        self.choices = choices

    def clean(self, value, row=None, **kwargs):
        return self.code(value) if value else ""

    def code(self, text):
        for code, label in self.choices:
            if text.lower() in (str(code).lower(), str(label).lower()):
                return code
        codes = ", ".join(str(code) for code, _label in self.choices)
        raise ValueError(
            _("“%(text)s” is not a choice. Use %(codes)s.") % {"text": text, "codes": codes}
        )


class ChoicesWidget(ChoiceWidget):
    """Several codes, with commas between."""

    def clean(self, value, row=None, **kwargs):
        return [self.code(text) for text in split(value)]

    def render(self, value, obj=None, **kwargs):
        return ", ".join(str(code) for code in value or [])


class NumberWidget(widgets.Widget):
    """A whole number; spaces between thousands are allowed."""

    def clean(self, value, row=None, **kwargs):
        digits = "".join((value or "").split())
        if not digits:
            return None
        if not digits.isdecimal() or len(digits) > 15:
            raise ValueError(_("“%(text)s” is not a whole number.") % {"text": value})
        return int(digits)

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else value


class DateWidget(widgets.Widget):
    def clean(self, value, row=None, **kwargs):
        return day(value) if value else None

    def render(self, value, obj=None, **kwargs):
        return value.isoformat() if value else ""


class MomentWidget(widgets.Widget):
    def clean(self, value, row=None, **kwargs):
        return moment(value) if value else None

    def render(self, value, obj=None, **kwargs):
        return moment_text(value) if value else ""


class YesNoWidget(widgets.Widget):
    WORDS = {
        **dict.fromkeys(["1", "true", "ja", "yes", "sant"], True),
        **dict.fromkeys(["0", "false", "nej", "no", "falskt", ""], False),
    }

    def clean(self, value, row=None, **kwargs):
        try:
            return self.WORDS[(value or "").lower()]
        except KeyError:
            raise ValueError(_("“%(text)s” is neither yes nor no.") % {"text": value}) from None

    def render(self, value, obj=None, **kwargs):
        return "1" if value else "0"


def split(text):
    return [part.strip() for part in (text or "").replace(";", ",").split(",") if part.strip()]


def day(text):
    try:
        found = parse_date(text[:10]) if len(text) in (10, 16, 19) else None
    except ValueError:
        found = None
    if found is None:
        raise ValueError(_("“%(text)s” is not a date. Write 2026-10-15.") % {"text": text})
    return of_our_time(found)


def moment(text):
    try:
        found = parse_datetime(text if len(text) > 10 else f"{text} 23:59")
    except ValueError:
        found = None
    if found is None:
        raise ValueError(_("“%(text)s” is not a time. Write 2026-10-15 12:00.") % {"text": text})
    of_our_time(found)
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def of_our_time(found):
    try:
        check_year(found)
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from error
    return found


def missing(model, slugs):
    return _("There is no %(what)s with the address %(slugs)s.") % {
        "what": model._meta.verbose_name,
        "slugs": ", ".join(slugs),
    }


def column(name, widget):
    return fields.Field(attribute=name, column_name=name, widget=widget)


# Tables


class PlainDiff(resources.Diff):
    """Cells before and after as [(kind, text)]: marked up by our template, without styles."""

    def as_html(self):
        left = [""] * len(self.right) if self.new else self.left
        pairs = zip(left, self.right, strict=True)
        return [differences(str(old or ""), str(new or "")) for old, new in pairs]


class SheetResource(resources.ModelResource):
    """Rows by their address; what comes in passes `full_clean`, what goes out is no formula."""

    class Meta:
        import_id_fields = ["slug"]
        clean_model_instances = True
        use_transactions = True
        report_skipped = True

    def get_diff_class(self):
        return PlainDiff

    def before_import(self, dataset, **kwargs):
        """Refuse columns that we do not know: a misspelt heading would be dropped silently."""
        names = [field.column_name for field in self.get_import_fields()]
        unknown = [heading for heading in dataset.headers if heading not in names]
        doubled = {name for name in dataset.headers if dataset.headers.count(name) > 1}
        if "slug" not in dataset.headers:
            raise ValueError(_("The column “slug” is missing. It says which row is meant."))
        if unknown or doubled:
            raise ValueError(
                _("These columns are unknown or appear twice: %(columns)s. Use %(names)s.")
                % {"columns": ", ".join([*unknown, *doubled]), "names": ", ".join(names)}
            )

    def skip_row(self, instance, original, row, import_validation_errors=None):
        """A row that says what is there already changes nothing."""
        if import_validation_errors or original.pk is None:
            return False
        columns = [one for one in self.get_import_fields() if one.column_name in row]
        return all(row[one.column_name] == plain_cell(one.export(original)) for one in columns)

    def export_field(self, field, instance, **kwargs):
        return safe_cell(super().export_field(field, instance, **kwargs))

    def get_export_queryset(self, queryset):
        """The rows to write, with everything that a row reads."""
        return queryset
