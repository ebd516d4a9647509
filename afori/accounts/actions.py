"""Everything that happens to organisations and to people's places in them.

Each action locks the organisation's row first, so that two of them never pass each other.
"""

from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from afori.common.models import new_token
from afori.common.states import NotAllowedNow, Refused, check_move

from .domains import domain_of
from .models import Membership, Organisation, OrganisationDomain, User
from .telling import tell

Role, State = Membership.Role, Membership.State
CREATION = 0x61666F7269  # the advisory lock under which numbers and addresses are given out


class OrganisationExists(Refused):
    """Another organisation has the number; it is in `organisation`."""

    def __init__(self, organisation):
        super().__init__(
            _("%(name)s has this organisation number. Ask to join it instead.")
            % {"name": organisation.name},
            code="exists",
        )
        self.organisation = organisation


class AlreadyThere(Refused):
    """The person is a member already, or has asked."""


class OwnRequest(Refused):
    """Nobody answers their own request."""


class LastAdmin(Refused):
    """An organisation with members needs an administrator."""


class NeedsReason(Refused):
    """A request is not declined without saying why."""


# Organisations


@transaction.atomic
def create_organisation(*, name, kind, by, number=None, **facts):
    """Register an organisation with its creator as administrator. Raises OrganisationExists.

    The domain of the creator's address is noted, to be verified by staff.
    """
    one_at_a_time()
    if number and (existing := Organisation.objects.filter(number=number).first()):
        raise OrganisationExists(existing)
    organisation = Organisation.objects.create(
        name=name, kind=kind, number=number or None, slug=free_slug(name), **facts
    )
    Membership.objects.create(
        user=by,
        organisation=organisation,
        role=Role.ADMIN,
        state=State.ACTIVE,
        decided_at=timezone.now(),
        decided_by=by,
    )
    note_domain(organisation, by)
    return organisation


def one_at_a_time():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CREATION])


def free_slug(name):
    slug = slugify(name)[:60].strip("-") or "organisation"
    taken = Organisation.objects.filter(slug=slug).exists()
    return f"{slug}-{new_token()[:4]}" if taken else slug


def note_domain(organisation, user):
    domain = domain_of(user.email)
    if domain:
        OrganisationDomain.objects.get_or_create(
            domain=domain, defaults={"organisation": organisation}
        )


@transaction.atomic
def verify_organisation(organisation, *, by):
    """Staff have made sure that the organisation is what it says. Its administrators are told."""
    organisation = locked(organisation)
    if organisation.is_verified:
        raise NotAllowedNow(_("The organisation is already verified."))
    organisation.verified_at, organisation.verified_by = timezone.now(), by
    organisation.save(update_fields=["verified_at", "verified_by", "updated_at"])
    tell(admins_of(organisation), "organisation_verified", organisation)
    return organisation


@transaction.atomic
def verify_domain(domain, *, by):
    """Staff have made sure that the domain is the organisation's: its people join at once."""
    domain = OrganisationDomain.objects.select_for_update().get(pk=domain.pk)
    if domain.verified_at:
        raise NotAllowedNow(_("The domain is already verified."))
    domain.verified_at, domain.verified_by = timezone.now(), by
    domain.save(update_fields=["verified_at", "verified_by", "updated_at"])


# Memberships


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


# Rows under lock, and who is told


def locked(organisation):
    return Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def locked_membership(membership, **conditions):
    organisation = locked(membership.organisation)
    found = organisation.memberships.select_related("user", "organisation")
    return found.get(pk=membership.pk, **conditions)


def active_membership(organisation, user):
    found = organisation.memberships.active().filter(user=user).first()
    if found is None:
        raise NotAllowedNow(_("You are not a member of this organisation."))
    return found


def admins_of(organisation):
    return User.objects.filter(is_active=True, memberships__in=organisation.memberships.admins())


def answerers_of(organisation, asker):
    """The administrators, or staff where there are none."""
    admins = admins_of(organisation)
    receivers = admins if admins.exists() else User.objects.filter(is_staff=True, is_active=True)
    return receivers.exclude(pk=asker.pk)
