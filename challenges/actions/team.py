"""Who works on a challenge and who judges the answers. The only writer of `TeamMember` and of who
is on the panel; openers have a file of their own.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from afori.accounts.models import Membership
from afori.common.states import Refused
from afori.notifications.actions import notify

from .. import audit
from ..models import Challenge, Panelist, TeamMember
from ..notifications import ADDED_TO_TEAM, NAMED_PANELIST
from .challenges import locked


@transaction.atomic
def add_team_member(challenge, person, *, by):
    """Let a colleague in the owner's organisation work on the challenge."""
    challenge = locked(challenge)
    require_colleague(challenge, person)
    member, is_new = TeamMember.objects.get_or_create(challenge=challenge, user=person)
    if is_new and person != by:
        notify(person, ADDED_TO_TEAM, member)
    if is_new:
        chained(challenge, "team joined", person, by)
    return member


@transaction.atomic
def remove_team_member(challenge, person, *, by):
    """Take the challenge away from one of the team. One who still belongs to the owner stays."""
    challenge = locked(challenge)
    if not challenge.team.active().exclude(user=person).exists():
        raise Refused(_("The last one who works on the challenge cannot be removed."), code="last")
    if challenge.team.filter(user=person).delete()[0]:
        chained(challenge, "team left", person, by)


@transaction.atomic
def name_panelist(challenge, person, *, by):
    """Ask somebody to judge the answers. Possible until the challenge is decided: one with a
    conflict of interest must be replaceable.
    """
    challenge = judged(challenge)
    panelist, is_new = Panelist.objects.get_or_create(challenge=challenge, user=person)
    if is_new and person != by:
        notify(person, NAMED_PANELIST, panelist)
    if is_new:
        chained(challenge, "panel joined", person, by)
    return panelist


@transaction.atomic
def remove_panelist(panelist, *, by):
    """Take one from the panel who has not yet declared anything; after that the row is evidence."""
    challenge = judged(panelist.challenge)
    panelist = Panelist.objects.select_for_update(no_key=True).get(pk=panelist.pk)
    if panelist.user_id == by.pk and challenge.state not in Challenge.WRITTEN:
        raise Refused(_("Ask a colleague on the team to take you off the panel."), code="self")
    if panelist.declared_at:
        raise Refused(
            _("%(name)s has already said whether there is a conflict of interest, and stays.")
            % {"name": panelist.user},
            code="declared",
        )
    panelist.delete()
    chained(challenge, "panel left", panelist.user, by)


def judged(challenge):
    challenge = locked(challenge)
    if challenge.state == Challenge.State.IN_REVIEW:
        raise Refused(_("The challenge is being reviewed. Nothing was changed."), code="state")
    if not (challenge.state == Challenge.State.DRAFT or challenge.is_undecided):
        raise Refused(_("The answers are judged already. Nothing was changed."), code="state")
    return challenge


def chained(challenge, event, person, by):
    """From publishing on, who may read is noted where nobody can change it."""
    if challenge.state not in Challenge.WRITTEN:
        audit.record(event, challenge=challenge.slug, person=person.pk, by=by.pk)


def require_colleague(challenge, person):
    members = Membership.objects.active().filter(organisation=challenge.owner_id)
    if not members.filter(user=person).exists():
        raise Refused(
            _("Only people in the owner's organisation can work on the challenge."), code="member"
        )
