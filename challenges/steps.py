"""The steps of a challenge on its team's workspace, beside the sections that are written there.

A step is a function of the challenge, the person and the database's time. It gives a `Step`, or
None where it does not belong to the phase. Each area adds its own to `STEPS`, in the order in
which one meets them. The challenge is one fetched `with_progress`; a step asks the database once
at most.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from .completeness import missing
from .models import Challenge

State = Challenge.State


@dataclass(frozen=True)
class Step:
    """`state` is in words; `kind` is "ok" where nothing is left to do, "err" where something must
    be put right, "" else. Without `url` it cannot be entered yet.
    """

    label: str
    state: str
    url: str = ""
    kind: str = ""


def steps(challenge, user, now):
    found = (step(challenge, user, now) for step in STEPS)
    return [step for step in found if step]


def preview(challenge, user, now):
    if challenge.state not in Challenge.WRITTEN:
        return None
    url = reverse("challenges:preview", args=[challenge.slug])
    return Step(_("Preview"), _("As suppliers will see it"), url)


def review(challenge, user, now):
    """The way from draft to the editors."""
    url = reverse("challenges:send_to_review", args=[challenge.slug])
    if challenge.state == State.DRAFT:
        left = missing(challenge, now)
        state = _("Something is missing still") if left else _("Ready to send")
        return Step(_("Send to review"), state, url)
    if challenge.state == State.IN_REVIEW and not challenge.approved_at:
        return Step(_("Review"), _("With the editors"))
    return None


STEPS = [preview, review]
