"""What became of the mails that belong together: of one hour's digests, of a theme week's start.

Sealed mails are not among them: staff do not learn that there are any.
"""

from collections import defaultdict
from datetime import timedelta

from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import outbox, registry
from .models import OutgoingMail

State = OutgoingMail.State
LOOKS_BACK = timedelta(days=90)
REASONS = {
    "cancelled": _("cancelled"),
    "empty": _("nothing left to tell"),
    "expired": _("too old"),
    "gone": _("what it was about is gone"),
    "inactive": _("account closed"),
    "left": _("no longer a follower"),
    "nobody": _("no real address"),
    "not visible": _("may not see it any more"),
    "over": _("over before it was sent"),
    "stopped": _("address bounces"),
    "unsubscribed": _("unsubscribed"),
}


def runs():
    """A dict for each run of the last ninety days, the latest first."""
    return (
        in_runs()
        .values("run")
        .annotate(
            kind=Min("kind"),
            planned=Count("pk"),
            planned_at=Min("created_at"),
            sent=number_of(State.SENT),
            waiting=number_of(State.QUEUED, State.SENDING),
            withheld=number_of(State.WITHHELD),
            dead=number_of(State.DEAD),
            first=Min("sent_at"),
            last=Max("sent_at"),
        )
        .order_by("-planned_at", "run")
    )


def in_runs():
    return outbox.unsealed().filter(~Q(run=""), created_at__gte=timezone.now() - LOOKS_BACK)


def number_of(*states):
    return Count("pk", filter=Q(state__in=states))


def explained(rows):
    """The runs with their titles and, in one query, why mails of theirs were withheld."""
    reasons = defaultdict(list)
    withheld = in_runs().filter(run__in=[row["run"] for row in rows], state=State.WITHHELD)
    grouped = withheld.values("run", "error").annotate(number=Count("pk"))
    for one in grouped.order_by("-number", "error"):
        reasons[one["run"]].append((REASONS.get(one["error"], one["error"]), one["number"]))
    return [row | {"title": title(row), "reasons": reasons[row["run"]]} for row in rows]


def title(row):
    """In words where its kind knows them, else the run's name."""
    named = getattr(registry.find(row["kind"]), "run_title", None)
    return named(row["run"]) if named else row["run"]


def try_again(run):
    """Queue the dead mails of a run once more. Returns how many."""
    return outbox.try_again(in_runs().filter(run=run))
