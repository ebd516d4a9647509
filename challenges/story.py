"""What the page of a finished challenge tells of its outcome, ready for the template."""

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from afori.common import formatting
from afori.common.linking import linked

from .models import FollowUp


def story(challenge):
    """The outcome with suppliers and follow-ups; None before all may read it. Two queries."""
    outcome = getattr(challenge, "outcome", None) if challenge.is_over else None
    if outcome is None:
        return None
    return {
        "outcome": outcome,
        "chosen": [linked(one) for one in outcome.chosen.order_by("name", "pk")],
        "steps": steps(outcome, timezone.localdate(), get_language()),
    }


def steps(outcome, today, language):
    """The decision and each follow-up, told or still to come. Empty where none is planned."""
    follow_ups = [follow_up_step(one, today, language) for one in outcome.follow_ups.all()]
    if not follow_ups:
        return []
    day = outcome.decided_on and formatting.day(outcome.decided_on, language)
    decision = {"label": _("The decision"), "text": day or _("the day is not told")}
    return [{**decision, "state": "done", "heading": outcome.get_kind_display()}, *follow_ups]


def follow_up_step(one, today, language):
    label = _("After %(months)d months") % {"months": one.months}
    if not one.told_at:
        return {"label": label, "text": expected(one, today, language), "state": "todo"}
    return {
        "label": label,
        "state": "stopped" if one.state == FollowUp.State.STOPPED else "done",
        "heading": one.get_state_display(),
        "text": _("told %s") % on(one.told_at, language),
        "corrected": one.corrected_at and _("corrected %s") % on(one.corrected_at, language),
        "words": one.text,
        "effect": effect(one, language),
        "unit": one.effect_unit,
        "link": one.link,
    }


def expected(one, today, language):
    if one.due_on > today:
        return _("told in %s") % formatting.month(one.due_on, language)
    days = (today - one.due_on).days
    late = ngettext("%d day late", "%d days late", days) % days
    return _("not told yet, %s") % late if days else _("told today")


def effect(one, language):
    if one.effect is None:
        return ""
    number = one.effect.normalize()
    return formatting.number(
        number.quantize(1) if number == number.to_integral() else number, language
    )


def on(moment, language):
    return formatting.day(timezone.localtime(moment), language)
