"""Everything that happens to people's places in organisations."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from afori.common.states import NotAllowedNow, check_move

from ..models import Membership, Organisation
from ..telling import tell
from .locks import active_membership, answerers_of, locked, locked_membership
from .refusals import (
    AlreadyThere,
    AskedTooOften,
    LastAdmin,
    NeedsReason,
    OrganisationClosed,
    OwnRequest,
)

Role, State = Membership.Role, Membership.State
MOST_REQUESTS, PERIOD = 3, timedelta(days=30)


@transaction.atomic
def request_membership(organisation, *, by, message=""):
    """Ask to join. Whoever has an address in the organisation's verified domain is in at once,
    but not those whom somebody has removed.
    """
    organisation = locked(organisation)
    require_open(organisation)
    if organisation.memberships.current().filter(user=by).exists():
        raise AlreadyThere(_("You are a member already, or have asked to be one."))
    if Organisation.objects.open_at_once_to(by).filter(pk=organisation.pk).exists():
        return admit(organisation, by)
    require_patience(organisation, by)
    membership = organisation.memberships.create(user=by, state=State.REQUESTED, message=message)
    tell(answerers_of(organisation, by), "membership_requested", membership)
    return membership


def require_open(organisation):
    if organisation.is_closed:
        raise OrganisationClosed(_("The organisation is closed. Nobody can join it."))


def require_patience(organisation, user):
    asked = organisation.memberships.filter(
        user=user,
        state__in=[State.DECLINED, State.WITHDRAWN],
        requested_at__gt=timezone.now() - PERIOD,
    )
    if asked.count() >= MOST_REQUESTS:
        raise AskedTooOften(
            _("You have asked several times lately. An administrator can invite you instead.")
        )


def admit(organisation, user, *, role=Role.MEMBER, by=None):
    """Make somebody a member. A request is accepted; a member may be given more, never less."""
    membership = organisation.memberships.current().filter(user=user).first()
    if membership is None:
        facts = {"role": role, "decided_at": timezone.now(), "decided_by": by}
        return organisation.memberships.create(user=user, state=State.ACTIVE, **facts)
    if membership.is_requested:
        facts = {"decided_at": timezone.now(), "decided_by": by}
        move(membership, State.ACTIVE, _("The request has been answered."), **facts)
    if role == Role.ADMIN:
        write_role(membership, role)
    return membership


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
def leave_organisation(organisation, *, by, successor=None):
    """Give up one's own membership. `successor` is a member who becomes administrator first."""
    organisation = locked(organisation)
    own = active_membership(organisation, by)
    if successor:
        change_role(successor, role=Role.ADMIN, by=by)
    end(own, by=by)
    if not organisation.has_admin:
        hand_requests_to_staff(organisation)


def hand_requests_to_staff(organisation):
    for membership in organisation.memberships.requested():
        tell(answerers_of(organisation, membership.user), "membership_requested", membership)


@transaction.atomic
def remove_member(membership, *, by, reason):
    """End a colleague's membership, with a reason that the person gets. `by` administers."""
    membership = locked_membership(membership)
    if not reason.strip():
        raise NeedsReason(_("Say why, so that the person understands."))
    end(membership, by=by, reason=reason.strip())
    tell([membership.user], "membership_ended", membership)


@transaction.atomic
def change_role(membership, *, role, by):
    """Make a member an administrator, or the other way round. The person is told."""
    membership = locked_membership(membership)
    if membership.state != State.ACTIVE:
        raise NotAllowedNow(_("Only members have a role."))
    if role == membership.role:
        return
    if role != Role.ADMIN:
        require_other_admin(membership)
    write_role(membership, role)
    if membership.user_id != by.pk:
        changed = membership.updated_at.isoformat()
        tell([membership.user], f"role_{role}", membership, once=changed)


def write_role(membership, role):
    membership.role = role
    membership.save(update_fields=["role", "updated_at"])


def end(membership, *, by, reason=""):
    require_other_admin(membership)
    move(
        membership,
        State.ENDED,
        _("The membership has already ended."),
        ended_at=timezone.now(),
        ended_by=by,
        reason=reason,
    )


def needs_successor(membership):
    """Whether nobody who can log in would administer those who remain."""
    others = membership.organisation.memberships.active().of_people().exclude(pk=membership.pk)
    return membership.is_admin and others.exists() and not others.admins().exists()


def require_other_admin(membership):
    if needs_successor(membership):
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
