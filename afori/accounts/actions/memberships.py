"""Everything that happens to people's places in organisations."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from afori.common.states import NotAllowedNow, check_move

from ..models import Membership, Organisation
from ..telling import tell
from .locks import active_membership, answerers_of, locked, locked_membership
from .refusals import AlreadyThere, LastAdmin, NeedsReason, OwnRequest

Role, State = Membership.Role, Membership.State


@transaction.atomic
def request_membership(organisation, *, by, message=""):
    """Ask to join. Whoever has an address in the organisation's verified domain is in at once."""
    organisation = locked(organisation)
    if organisation.memberships.current().filter(user=by).exists():
        raise AlreadyThere(_("You are a member already, or have asked to be one."))
    if Organisation.objects.matching_addresses_of(by).filter(pk=organisation.pk).exists():
        return join(organisation, by)
    membership = organisation.memberships.create(user=by, state=State.REQUESTED, message=message)
    tell(answerers_of(organisation, by), "membership_requested", membership)
    return membership


def join(organisation, user):
    return organisation.memberships.create(user=user, state=State.ACTIVE, decided_at=timezone.now())


@transaction.atomic
def decide_membership(membership, *, accept, by, reason=""):
    """Answer a request to join. Declining needs a reason, which the person is told."""
    membership = locked_membership(membership)
    if membership.user_id == by.pk:
        raise OwnRequest(_("Someone else has to answer your own request."))
    if not accept and not reason.strip():
        raise NeedsReason(_("Say why you decline. The person will read it."))
    move(
        membership,
        State.ACTIVE if accept else State.DECLINED,
        _("This request has already been answered or withdrawn."),
        decided_at=timezone.now(),
        decided_by=by,
        reason="" if accept else reason.strip(),
    )
    answer = "membership_accepted" if accept else "membership_declined"
    tell([membership.user], answer, membership)
    return membership


@transaction.atomic
def withdraw_request(membership, *, by):
    """Take one's own request back before it is answered."""
    membership = locked_membership(membership, user=by)
    move(
        membership,
        State.WITHDRAWN,
        _("This request has already been answered or withdrawn."),
        ended_at=timezone.now(),
    )


@transaction.atomic
def leave_organisation(organisation, *, by):
    """Give up one's own membership."""
    end(active_membership(locked(organisation), by))


@transaction.atomic
def remove_member(membership, *, by):
    """End a colleague's membership; `by` administers the organisation."""
    end(locked_membership(membership))


@transaction.atomic
def change_role(membership, *, role, by):
    """Make a member an administrator, or the other way round."""
    membership = locked_membership(membership)
    if membership.state != State.ACTIVE:
        raise NotAllowedNow(_("Only members have a role."))
    if role != Role.ADMIN:
        require_other_admin(membership)
    membership.role = role
    membership.save(update_fields=["role", "updated_at"])


def end(membership):
    require_other_admin(membership)
    move(membership, State.ENDED, _("The membership has already ended."), ended_at=timezone.now())


def require_other_admin(membership):
    others = membership.organisation.memberships.active().exclude(pk=membership.pk)
    if membership.is_admin and others.exists() and not others.admins().exists():
        raise LastAdmin(_("The organisation needs an administrator. Make somebody else one first."))


def move(membership, state, refusal, **facts):
    """The only writer of `Membership.state`."""
    try:
        check_move(membership.state, state, Membership.NEXT)
    except NotAllowedNow as error:
        raise NotAllowedNow(refusal, code=error.code) from error
    for name, value in {"state": state, **facts}.items():
        setattr(membership, name, value)
    membership.save(update_fields=["state", *facts, "updated_at"])
