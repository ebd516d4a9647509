"""What a row shows of a funding call, formatted once per page."""

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from afori.common import formatting
from afori.common.linking import linked


def call_rows(calls, *, at=None):
    """Row contexts for calls fetched `with_next_cutoff()` and their funder."""
    now = timezone.localtime(at)
    language = get_language()
    return [call_row(call, now, language) for call in calls]


def call_row(call, now, language):
    return {
        "url": call.get_absolute_url(),
        "title": call.title,
        "summary": call.summary,
        "funder": linked(call.funder),
        "amount": terms(call, language),
        "example": call.is_example,
        **timing(call, now, language),
    }


def timing(call, now, language):
    """The fact that leads the row: days to the next cut-off, else a word."""
    cutoff = call.next_cutoff and timezone.localtime(call.next_cutoff)
    if call.opens_at and call.opens_at > now:
        opens = timezone.localtime(call.opens_at)
        left = formatting.time_left(opens, now, language, start=True)
        when = formatting.when(opens, language)
        return {"figure": left.figure, "label": left.label, "closes": _("Opens %s") % when}
    if cutoff:
        left = formatting.time_left(cutoff, now, language)
        when = formatting.when(cutoff, language)
        return {
            "figure": left.figure,
            "label": left.label,
            "soon": left.soon,
            "closes": _("Closes %s") % when,
        }
    if call.is_rolling:
        return {"figure": _("Any time"), "word": True}
    return {"figure": call.funder.name, "word": True, "funder": ""}


def terms(call, language):
    """Amount and co-financing in words; empty when neither is told."""
    parts = []
    if call.amount_min or call.amount_max:
        parts.append(amount(call, language))
    if call.co_financing:
        parts.append(_("you pay at least %d %%") % call.co_financing)
    return ", ".join(parts)


def amount(call, language):
    if call.amount_min and call.amount_max:
        return formatting.sek(call.amount_min, language, call.amount_max)
    if call.amount_max:
        return _("at most %s") % formatting.sek(call.amount_max, language)
    return _("at least %s") % formatting.sek(call.amount_min, language)
