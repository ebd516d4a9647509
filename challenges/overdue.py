"""What owners should have told by now: outcomes, and follow-ups. For the editors' list."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Value
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from afori.common import formatting
from afori.common.translation import Text

from .models import Challenge, FollowUp, Outcome

# Prefixed, so that none is taken for a field of one of the models.
COLUMNS = tuple(
    f"late_{name}"
    for name in ("what", "due", "months", "title_sv", "title_en", "slug", "owner", "contact")
)


class Overdue(models.TextChoices):
    OUTCOME = "outcome", gettext_lazy("The outcome")
    FOLLOW_UP = "follow_up", gettext_lazy("A follow-up")


def parts(today):
    """A queryset of `COLUMNS` for each kind of thing that is late."""
    missing = Challenge.objects.lacking_outcome(on=today)
    late = FollowUp.objects.due(on=today - timedelta(days=1)).filter(
        outcome__in=Outcome.objects.public()
    )
    return {
        Overdue.OUTCOME: shaped(missing, Overdue.OUTCOME, "outcome_due", Value(0)),
        Overdue.FOLLOW_UP: shaped(
            late, Overdue.FOLLOW_UP, "due_on", F("months"), "outcome__challenge__"
        ),
    }


def shaped(queryset, what, due, months, path=""):
    columns = (
        Value(what.value),
        F(due),
        months,
        *(F(f"{path}{name}") for name in ("title_sv", "title_en", "slug")),
        F(f"{path}owner__name"),
        F(f"{path}contact"),
    )
    named = dict(zip(COLUMNS, columns, strict=True))
    return queryset.order_by().annotate(**named).values_list(*COLUMNS)


def found(chosen, today):
    """The chosen kinds together, what is latest first; all without a choice."""
    wanted = [part for name, part in parts(today).items() if name in chosen or not chosen]
    together = wanted[0].union(*wanted[1:], all=True) if wanted[1:] else wanted[0]
    return together.order_by("late_due", "late_slug", "late_months")


def counts(today):
    return {name.value: part.count() for name, part in parts(today).items()}


def overdue_rows(found_rows, today):
    language = get_language()
    return [overdue_row(row, today, language) for row in found_rows]


def overdue_row(row, today, language):
    what, due, months, title_sv, title_en, slug, owner, contact = row
    days = (today - due).days
    title = Text(title_en, "en") if language == "en" and title_en else Text(title_sv, "sv")
    return {
        "figure": formatting.number(days, language),
        "label": ngettext("day late", "days late", days),
        "url": reverse("challenges:detail", args=[slug]),
        "title": title,
        "meta": [missing(what, months), owner, contact],
    }


def missing(what, months):
    if what == Overdue.OUTCOME:
        return _("The outcome is missing")
    return _("The follow-up after %(months)d months is missing") % {"months": months}
