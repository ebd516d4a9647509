"""The editors' review: the only writer of approvals and of `ChangeRequest`."""

from django.db import transaction
from django.utils.translation import gettext as _

from afori.common.states import Refused
from afori.notifications.actions import notify_all

from ..locks import database_now
from ..models import ChangeRequest
from ..notifications.publishing import APPROVED, CHANGES_ASKED
from ..notifications.watching import team
from .challenges import locked, return_to_draft, send_to_review
from .guards import Gone
from .team import add_team_member


@transaction.atomic
def hand_over(challenge, *, by):
    """Send a draft to the editors. An administrator who sends what nobody works on works on it
    from then on, so that somebody is told what the editors say.
    """
    challenge = locked(challenge)
    if not challenge.team.active().exists():
        add_team_member(challenge, by, by=by)
    return send_to_review(challenge, by=by)


@transaction.atomic
def ask_for_changes(challenge, texts, *, by):
    """Hand the challenge back with what to change, texts by section, and tell its team."""
    challenge = in_review(challenge)
    if not texts:
        raise Refused(_("Say at one section at least what to change."), code="empty")
    requests = ChangeRequest.objects.bulk_create(
        ChangeRequest(challenge=challenge, section=section, text=text, by=by)
        for section, text in texts.items()
    )
    challenge = return_to_draft(challenge, by=by)
    notify_all(team(challenge), CHANGES_ASKED, challenge, once=str(requests[0].pk))
    return challenge


@transaction.atomic
def approve(challenge, *, by):
    """Let the team publish it. What was asked for before counts as settled."""
    challenge = in_review(challenge)
    now = database_now()
    challenge.approved_at, challenge.approved_by = now, by
    challenge.save(update_fields=["approved_at", "approved_by", "updated_at"])
    challenge.change_requests.unsettled().update(settled_at=now, settled_by=by)
    notify_all(team(challenge), APPROVED, challenge, once=now.isoformat())
    return challenge


@transaction.atomic
def settle(challenge, section, *, by):
    """The team has dealt with what was asked for in a section. Part of `save_section`."""
    asked = locked(challenge).change_requests.unsettled().filter(section=section)
    asked.update(settled_at=database_now(), settled_by=by)


def in_review(challenge):
    """The challenge, locked, if it waits for an editor."""
    challenge = locked(challenge)
    if not challenge.waits_for_review:
        raise Gone(_("The challenge is no longer waiting for a review. Nothing of yours was sent."))
    return challenge
