"""Pieces of mails that many readers share: rendered and styled once, then joined by text alone."""

import re
from functools import cache

from django.conf import settings
from django.template import Context
from django.utils import timezone
from django.utils.html import escape

from afori.common.context import SITE

from .letters import inliner, plain, template

STYLES = "emails/notifications/digest.css"
OPEN, CLOSE = "\ue000", "\ue001"  # never in a text of ours: they surround the names of blanks
BLANK = re.compile(f"{OPEN}(\\w+){CLOSE}")
MOST = 2_000


def blank(name):
    return f"{OPEN}{name}{CLOSE}"


class Piece:
    """A text with blanks."""

    def __init__(self, text):
        self.parts = BLANK.split(text)

    def fill(self, **values):
        """The text with each blank filled as it is: values for HTML are escaped before."""
        return "".join(
            values[part] if number % 2 else part for number, part in enumerate(self.parts)
        )


class Fragment:
    """The same thing as text and as HTML. Blanks are filled with texts."""

    def __init__(self, text, html):
        self.text, self.html = Piece(text), Piece(html)

    def as_text(self, **values):
        return self.text.fill(**values)

    def as_html(self, drawn=None, **values):
        """`drawn` fills blanks with what is HTML already."""
        escaped = {name: str(escape(value)) for name, value in values.items()}
        return self.html.fill(**escaped, **(drawn or {}))


@cache
def styles():
    return template(STYLES).render(Context())


def inlined(html):
    return inliner.inline_fragment(html, styles())


def fragment(templates, context, inline=inlined):
    """Render a piece of a mail in the active language, with its styles inlined."""
    text, html = templates
    context = {"site": SITE, "base_url": settings.AFORI_BASE_URL, **context}
    drawn = template(html).render(Context(context))
    return Fragment(plain(text, context).strip(), inline(drawn))


class Kept:
    """Fragments that this process has made; emptied when there are many, so that it stays small."""

    def __init__(self):
        self.known = {}

    def get(self, key, make):
        found = self.known.get(key)
        if found is None:
            if len(self.known) >= MOST:
                self.known.clear()
            found = self.known[key] = make()
        return found


kept = Kept()


def version(subject):
    """Changes when the subject does, and with the hour: what stands around it may change too."""
    return getattr(subject, "updated_at", None), timezone.localtime().strftime("%Y%m%d%H")
