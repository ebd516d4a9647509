"""Words about a reader's digest: `{% load notifications %}`."""

from django import template
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from afori.common import formatting

from ..digest import when
from ..models import Reader

register = template.Library()


@register.filter
def rhythm(reader):
    """How often the digest comes, when it comes next, or why it does not."""
    if reader.frequency == Reader.Frequency.OFF:
        return _("You get no digest.")
    if reader.next_at is None:
        return when(reader)
    next_at = formatting.when(timezone.localtime(reader.next_at), get_language())
    return _("%(how)s The next one is made %(when)s.") % {"how": when(reader), "when": next_at}
