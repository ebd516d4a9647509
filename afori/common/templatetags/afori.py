"""Template tags and filters of the whole site: `{% load afori %}`."""

from ..tags import drawings, fields, figures, lists, marks, register

__all__ = ["drawings", "fields", "figures", "lists", "marks", "register"]
