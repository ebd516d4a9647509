"""Cleaned rich text made ready for reading: contents, tables that scroll, terms that explain."""

import re
from html import escape, unescape

from django.utils.html import strip_tags
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _

from afori.common.terms import explained

WORDS_A_MINUTE = 200
HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
TAG = re.compile(r"(<[^>]+>)")
NO_TERMS_INSIDE = re.compile(r"</?(?:a|h2|h3|th|button)\b")


def minutes(html):
    """Reading time in whole minutes, at least one."""
    return max(1, round(len(strip_tags(html).split()) / WORDS_A_MINUTE))


def with_contents(html):
    """(html whose second-level headings have ids, [(id, heading)])."""
    sections = []

    def marked(match):
        heading = unescape(strip_tags(match[1]))
        anchor = f"{slugify(heading) or 'section'}-{len(sections) + 1}"
        sections.append((anchor, heading))
        return f'<h2 id="{anchor}">{match[1]}</h2>'

    return HEADING.sub(marked, html), sections


def with_tables(html):
    """Tables in the site's clothes, in a group that scrolls sideways and takes the keyboard."""
    group = f'<div class="scroll" tabindex="0" role="group" aria-label="{escape(_("Table"))}">'
    return html.replace("<table>", f'{group}<table class="ds-table">').replace(
        "</table>", "</table></div>"
    )


def with_terms(html, terms, glossary_url):
    """The first use of each term becomes a button with its explanation.

    `terms` maps words in lower case to articles of the kind term.
    """
    if not terms:
        return html
    words = sorted(map(re.escape, terms), key=len, reverse=True)
    pattern = re.compile(rf"\b({'|'.join(words)})\b", re.IGNORECASE)
    met, depth, parts = set(), 0, []

    def explain(match):
        term = terms[match[1].lower()]
        if term.pk in met:
            return match[1]
        met.add(term.pk)
        return explained(
            mark_safe(match[1]),
            term.title,
            term.lead or strip_tags(term.body),
            f"{glossary_url}#{term.slug}",
            f"term-{term.slug}",
        )

    for piece in TAG.split(html):
        if piece.startswith("<"):
            if NO_TERMS_INSIDE.match(piece):
                depth += -1 if piece.startswith("</") else 1
            parts.append(piece)
        else:
            parts.append(piece if depth else pattern.sub(explain, piece))
    return "".join(parts)


def readable(html, terms, glossary_url):
    """(safe html, contents) of a cleaned body."""
    marked, sections = with_contents(html)
    return mark_safe(with_terms(with_tables(marked), terms, glossary_url)), sections
