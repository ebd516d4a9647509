"""Plain text as the HTML of a rich text, and back again."""

import html
import re

from django.utils.html import linebreaks
from django.utils.text import normalize_newlines

BREAK = re.compile(r"<br ?/?>\n?")
BETWEEN = re.compile(r"</p>\s*<p>")
TAG = re.compile(r"<[^>]*>")


def as_html(text):
    """Paragraphs and line breaks; everything else in the text is text."""
    text = normalize_newlines(text).strip()
    return BREAK.sub("<br>", linebreaks(text, autoescape=True)) if text else ""


def as_text(rich):
    """The text that `as_html` makes this of; formatting that it does not make is lost."""
    text = BETWEEN.sub("\n\n", BREAK.sub("\n", rich))
    return html.unescape(TAG.sub("", text)).strip()


def is_plain(rich):
    """Whether nothing is lost when it is edited as plain text."""
    return tidied(as_html(as_text(rich))) == tidied(rich)


def tidied(rich):
    return re.sub(r"\s+", " ", html.unescape(rich)).replace("> <", "><").strip()
