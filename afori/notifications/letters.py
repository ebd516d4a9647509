"""From templates to a mail in the reader's language: subject, text and HTML with inlined styles."""

import re
from dataclasses import dataclass, field

import css_inline
from django.conf import settings
from django.template import Context, Engine

from afori.common.context import SITE

inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


class Withheld(Exception):
    """The mail must not be sent any more. Its text is the reason, without names."""


@dataclass(frozen=True)
class Letter:
    to: str
    subject: str
    text: str
    html: str
    headers: dict = field(default_factory=dict)
    attachments: tuple = ()  # of (name, text, type)


def letter(to, templates, context):
    """Render a mail in the active language from the templates of its subject, text and HTML."""
    subject, text, html = templates
    context = {"site": SITE, "base_url": settings.AFORI_BASE_URL, **context}
    title = " ".join(plain(subject, context).split())
    return Letter(
        to=to,
        subject=title,
        text=re.sub(r"\n{3,}", "\n\n", plain(text, context)).strip() + "\n",
        html=inliner.inline(template(html).render(Context({**context, "title": title}))),
    )


def plain(name, context):
    """A text template as it is, without HTML's escapes."""
    return template(name).render(Context(context, autoescape=False))


def template(name):
    return Engine.get_default().get_template(name)


def absolute(url):
    return url if "://" in url else settings.AFORI_BASE_URL + url
