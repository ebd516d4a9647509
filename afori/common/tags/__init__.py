"""What `{% load afori %}` brings, by subject. Each module adds to the one library."""

from itertools import count
from zlib import crc32

from django import template

register = template.Library()


def unique(context, title):
    """An id that nothing else on the page has."""
    request = getattr(context, "request", None)
    if request is None:
        return f"c{crc32(str(title).encode()):x}"
    return f"c{next(request.__dict__.setdefault('_ids', count(1)))}"
