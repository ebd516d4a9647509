"""Checking that a buyer is what it says it is.

The only writer of `Verification.state` and of when and by whom an organisation was verified.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from afori.common.states import NotAllowedNow, check_move

from ..models import OrganisationDomain, User, Verification
from ..telling import tell
from .locks import admins_of, locked
from .refusals import AlreadyThere, ChecksMissing, NeedsReason, OwnRequest

State, Occasion = Verification.State, Verification.Occasion
RECHECKED_AFTER = timedelta(days=365)
OWN = gettext_lazy(
    "Somebody else has to answer: you belong to the organisation, or asked for the check."
)


@transaction.atomic
def request_verification(organisation, *, by, message=""):
    """Ask staff to check a buyer. One request waits at a time."""
    organisation = locked(organisation)
    if not organisation.is_buyer or organisation.is_closed:
        raise NotAllowedNow(_("Only buyers are checked."))
    if organisation.is_verified:
        raise NotAllowedNow(_("The organisation is already verified."))
    if organisation.verifications.waiting().exists():
        raise AlreadyThere(_("The organisation waits to be checked already."))
    return organisation.verifications.create(requested_by=by, message=message)


@transaction.atomic
def decide_verification(verification, *, approve, by, checks=(), reason="", domains=()):
    """Answer a waiting request. `checks` holds the names in `Verification.CHECKS` that were made.

    Approving needs all of them and verifies the given `domains` as well; declining needs a reason.
    The first who answers decides.
    """
    organisation = locked(verification.organisation)
    verification = organisation.verifications.get(pk=verification.pk)
    verification.organisation = organisation
    require_other(verification, by)
    require_grounds(approve, checks, reason)
    if approve and not organisation.is_buyer:
        raise NotAllowedNow(_("Only buyers are checked."))
    move(verification, approve, checks=checks, reason=reason, by=by)
    if approve:
        mark_verified(organisation, by)
        verify_domains(organisation, domains, by=by)
    told = "verification_approved" if approve else "verification_declined"
    tell(receivers(verification), told, verification)
    return verification


@transaction.atomic
def recheck(organisation, *, still_right, by, checks=(), reason="", domains=()):
    """The yearly check, or one in between: the organisation stays verified, or no longer is.

    That it stays needs all checks; that it does not needs a reason, which its administrators read.
    """
    organisation = locked(organisation)
    if not organisation.is_verified:
        raise NotAllowedNow(_("The organisation is not verified."))
    verification = Verification(organisation=organisation, occasion=Occasion.RECHECK)
    require_other(verification, by)
    require_grounds(still_right, checks, reason)
    move(verification, still_right, checks=checks, reason=reason, by=by)
    if still_right:
        prolong(organisation)
        verify_domains(organisation, domains, by=by)
    else:
        unmark_verified(organisation)
        tell(admins_of(organisation), "verification_withdrawn", verification)
    return verification


def move(verification, approve, *, checks, reason, by):
    """The only writer of `Verification.state`."""
    wanted = State.APPROVED if approve else State.DECLINED
    try:
        check_move(verification.state, wanted, Verification.NEXT)
    except NotAllowedNow as error:
        raise NotAllowedNow(decided_already(verification), code=error.code) from error
    verification.state, verification.reason = wanted, reason.strip()
    verification.decided_at, verification.decided_by = timezone.now(), by
    for name in Verification.CHECKS:
        setattr(verification, name, name in checks)
    verification.save()


def decided_already(verification):
    return _("%(name)s has already answered: %(answer)s.") % {
        "name": verification.decided_by or _("Somebody else"),
        "answer": verification.get_state_display(),
    }


def require_other(verification, by):
    """Staff do not check an organisation of their own, nor what they have asked for themselves."""
    if is_own(verification, by):
        raise OwnRequest(str(OWN))


def is_own(verification, user):
    members = verification.organisation.memberships.current()
    return verification.requested_by_id == user.pk or members.filter(user=user).exists()


def require_grounds(approve, checks, reason):
    if approve and not set(Verification.CHECKS) <= set(checks):
        raise ChecksMissing(_("Make all three checks before you approve."))
    if not approve and not reason.strip():
        raise NeedsReason(_("Say why. The organisation's administrators will read it."))


def receivers(verification):
    """The administrators, and the one who asked while still a member."""
    admins = admins_of(verification.organisation)
    asked = verification.organisation.memberships.active().filter(user=verification.requested_by_id)
    return (admins | User.objects.filter(is_active=True, memberships__in=asked)).distinct()


def mark_verified(organisation, by):
    organisation.verified_at, organisation.verified_by = timezone.now(), by
    prolong(organisation)


def prolong(organisation):
    organisation.recheck_on = timezone.localdate() + RECHECKED_AFTER
    save_standing(organisation)


def unmark_verified(organisation):
    organisation.verified_at = organisation.verified_by = organisation.recheck_on = None
    save_standing(organisation)


def save_standing(organisation):
    organisation.save(update_fields=["verified_at", "verified_by", "recheck_on", "updated_at"])


def verify_domains(organisation, domains, *, by):
    for domain in organisation.domains.filter(pk__in=[each.pk for each in domains]):
        if not domain.verified_at:
            verify_domain(domain, by=by)


@transaction.atomic
def verify_domain(domain, *, by):
    """Staff have made sure that the domain is the organisation's: its people join at once."""
    domain = OrganisationDomain.objects.select_for_update().get(pk=domain.pk)
    if domain.verified_at:
        raise NotAllowedNow(_("The domain is already verified."))
    domain.verified_at, domain.verified_by = timezone.now(), by
    domain.save(update_fields=["verified_at", "verified_by", "updated_at"])
