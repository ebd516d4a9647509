from django_prose_editor.fields import ProseEditorField

EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "HardBreak": True,
    "History": True,
}


def rich_text(label, **kwargs):
    """A rich-text column for editors, cleaned to the tags that the site knows."""
    return ProseEditorField(label, extensions=EXTENSIONS, sanitize=True, blank=True, **kwargs)
