"""What changed between two texts, word by word."""

import re
from difflib import SequenceMatcher
from html import unescape

from django.utils.html import strip_tags

BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|tr|blockquote|figcaption)>|<br ?/?>")
PICTURE = re.compile(r"<img\b[^>]*>")
PIECES = re.compile(r"\s+|[^\s]+")
AROUND = 8


def plain(html):
    """Rich text as lines; pictures and links stay visible as their tags."""
    html = PICTURE.sub(lambda match: match[0].replace("<", "&lt;").replace(">", "&gt;"), html)
    return unescape(strip_tags(BLOCK_END.sub("\n", html))).strip()


def differences(before, after):
    """[(kind, text)] with kind "same", "del" or "ins", over words; lines are matched first."""
    parts = []
    for kind, old, new in matched(before.splitlines(True), after.splitlines(True)):
        if kind == "same":
            parts.append(("same", old))
        else:
            parts += by_words(old, new)
    return joined(parts)


def by_words(old, new):
    parts = []
    for kind, gone, come in matched(PIECES.findall(old), PIECES.findall(new)):
        if kind == "same":
            parts.append(("same", gone))
        else:
            parts += [("del", gone), ("ins", come)]
    return parts


def matched(before, after):
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        kind = "same" if tag == "equal" else "other"
        yield kind, "".join(before[a:b]), "".join(after[c:d])


def joined(parts):
    result = []
    for kind, text in parts:
        if text and result and result[-1][0] == kind:
            result[-1] = (kind, result[-1][1] + text)
        elif text:
            result.append((kind, text))
    return result


def shortened(parts):
    """The same with long unchanged stretches cut to a few words beside each change."""
    last = len(parts) - 1
    return [
        (kind, cut(text, first=i == 0, last=i == last) if kind == "same" else text)
        for i, (kind, text) in enumerate(parts)
    ]


def cut(text, *, first, last):
    words = text.split()
    if len(words) <= AROUND * 2:
        return text
    head = "" if first else " ".join(["", *words[:AROUND], ""])
    tail = "" if last else " ".join(["", *words[-AROUND:], ""])
    return f"{head}…{tail}"
