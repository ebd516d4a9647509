"""Everything that happens to invitations."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from afori.common.states import NotAllowedNow, check_move

from ..models import Invitation, Membership
from ..models.memberships import expiry
from ..telling import tell, write_to
from .locks import locked
from .memberships import admit
from .refusals import InvitationOver, NotYourInvitation, TooManyInvitations

State = Invitation.State
MOST_PENDING = 100
PAUSE = timedelta(hours=1)  # between two mails of an organisation to the same address


@transaction.atomic
def invite(organisation, *, addresses, role, by, message=""):
    """Invite people by address; a second invitation renews the first.

    What happens is the same whether or not an address has an account. At most one mail an hour
    goes from an organisation to an address; returns the addresses that get one now.
    """
    organisation = locked(organisation)
    require_room(organisation, addresses)
    people = owners_of(addresses)
    invitations = [renewed(organisation, one, role, message, by) for one in addresses]
    for invitation in invitations:
        if person := people.get(invitation.address):
            tell([person], "invitation_received", invitation)
    due = [one for one in invitations if not just_mailed(one)]
    for invitation in due:
        mail(invitation, people.get(invitation.address))
    return [one.address for one in due]


@transaction.atomic
def send_again(invitation, *, by):
    """Renew one invitation in the name of the one who sends it now. Returns as `invite` does."""
    invitation = locked_invitation(invitation)
    require_pending(invitation)
    facts = {"role": invitation.role, "message": invitation.message}
    return invite(invitation.organisation, addresses=[invitation.address], by=by, **facts)


@transaction.atomic
def take_back(invitation, *, by):
    """Stop an invitation before it is answered."""
    answer(locked_invitation(invitation), State.REVOKED, by)


@transaction.atomic
def accept_invitation(invitation, *, by):
    """Join the organisation. A second yes of the same person changes nothing."""
    invitation = locked_invitation(invitation)
    require_addressee(invitation, by)
    if invitation.state == State.ACCEPTED and invitation.answered_by_id == by.pk:
        return
    if not invitation.is_valid:
        raise InvitationOver
    admit(invitation.organisation, by, role=invitation.role, by=invitation.invited_by)
    answer(invitation, State.ACCEPTED, by)
    tell([invitation.invited_by], "invitation_accepted", invitation)


@transaction.atomic
def decline_invitation(invitation, *, by):
    """Say no. The organisation may see it."""
    invitation = locked_invitation(invitation)
    require_addressee(invitation, by)
    if invitation.state != State.DECLINED:
        answer(invitation, State.DECLINED, by)


def locked_invitation(invitation):
    organisation = locked(invitation.organisation)
    found = organisation.invitations.select_related("organisation", "invited_by")
    return found.get(pk=invitation.pk)


def require_room(organisation, addresses):
    others = organisation.invitations.pending().exclude(address__in=addresses)
    if others.count() + len(addresses) > MOST_PENDING:
        raise TooManyInvitations(
            _("At most %(most)d invitations can wait at a time. Take back some first.")
            % {"most": MOST_PENDING}
        )


def require_addressee(invitation, user):
    if not invitation.is_to(user):
        raise NotYourInvitation(_("The invitation is to another address than yours."))


def require_pending(invitation):
    if not invitation.is_pending:
        raise InvitationOver


def owners_of(addresses):
    """Active accounts by their verified address."""
    verified = EmailAddress.objects.filter(
        email__in=addresses, verified=True, user__is_active=True
    ).select_related("user")
    return {one.email: one.user for one in verified}


def renewed(organisation, address, role, message, by):
    facts = {"role": role, "message": message, "invited_by": by, "expires_at": expiry()}
    invitation, _created = organisation.invitations.pending().update_or_create(
        address=address, defaults=facts, create_defaults={**facts, "organisation": organisation}
    )
    return invitation


def just_mailed(invitation):
    """Also by an earlier invitation, which may have been taken back or declined."""
    same = Invitation.objects.filter(
        organisation=invitation.organisation_id, address=invitation.address
    )
    return same.filter(mailed_at__gt=timezone.now() - PAUSE).exists()


def mail(invitation, person):
    invitation.mailed_at = timezone.now()
    invitation.save(update_fields=["mailed_at", "updated_at"])
    write_to(invitation.address, "invitation", invitation, user=person)


def answer(invitation, state, by):
    """The only writer of `Invitation.state`."""
    try:
        check_move(invitation.state, state, Invitation.NEXT)
    except NotAllowedNow as error:
        raise InvitationOver from error
    invitation.state, invitation.answered_at, invitation.answered_by = state, timezone.now(), by
    invitation.save(update_fields=["state", "answered_at", "answered_by", "updated_at"])


def members_with(organisation, addresses):
    """Those of the addresses by which active members are known to their administrators."""
    known = Membership.objects.active().filter(organisation=organisation, user__email__in=addresses)
    return set(known.values_list("user__email", flat=True))
