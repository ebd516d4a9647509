"""Text that editors write with headings, lists, links, tables and pictures of our own."""

import re

import nh3
from django.conf import settings
from django.urls import Resolver404, resolve, reverse_lazy
from django.utils.translation import override
from django_prose_editor.config import allowlist_from_extensions, expand_extensions
from django_prose_editor.fields import ProseEditorField

EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": {"enableListAttributes": False},
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
PICTURE_ATTRIBUTES = {"src", "alt"}
EMPTY_ELEMENT = re.compile(r"<(\w+)></\1>")
PICTURE_WITHOUT_ADDRESS = re.compile(r"<img(?![^>]*\bsrc=)[^>]*>")
FIGURE_WITHOUT_PICTURE = re.compile(r"<figure>(?:(?!<img|</figure>).)*</figure>", re.DOTALL)


def rich_text(label, *, pictures="", picker="", **kwargs):
    """A rich-text column for editors, cleaned to the tags that the site knows.

    `pictures` names the view that shows a picture, `picker` the page to choose one; without them
    the text has none.
    """
    extensions = dict(EXTENSIONS)
    if pictures:
        extensions |= {"Image": True, "Caption": True}
        extensions["Figure"] = {"pickerUrl": reverse_lazy(picker)}
    return ProseEditorField(
        label,
        extensions=extensions,
        sanitize=cleaner(extensions, pictures),
        preset="afori",
        blank=True,
        **kwargs,
    )


def cleaner(extensions, pictures=""):
    """A function from any HTML to HTML that the site may show."""
    allowed = allowlist_from_extensions(expand_extensions(extensions))
    for tag in ("figure", "figcaption"):
        allowed["attributes"].pop(tag, None)
    if pictures:
        allowed["attributes"]["img"] = PICTURE_ATTRIBUTES

    def kept(tag, attribute, value):
        if tag == "img" and attribute == "src" and not is_shown_by(pictures, value):
            return None
        return value

    nh3_cleaner = nh3.Cleaner(**allowed, attribute_filter=kept)

    def clean(html):
        html = PICTURE_WITHOUT_ADDRESS.sub("", nh3_cleaner.clean(html))
        html = FIGURE_WITHOUT_PICTURE.sub("", html)
        return "" if EMPTY_ELEMENT.fullmatch(html) else html

    return clean


def is_shown_by(view_name, address):
    """Whether an address, in the site's first language, is that of the named view."""
    with override(settings.LANGUAGE_CODE):
        try:
            return resolve(address).view_name == view_name
        except Resolver404:
            return False
