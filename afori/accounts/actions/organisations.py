"""Everything that happens to organisations."""

from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify

from afori.common.models import new_token

from ..domains import domain_of
from ..models import Membership, Organisation, OrganisationDomain
from .refusals import OrganisationExists
from .verifications import request_verification

TAKEN = {"new", "ny", "alike", "liknande"}  # addresses of other pages
CREATION = 0x61666F7269  # the advisory lock under which numbers and addresses are given out


@transaction.atomic
def create_organisation(*, name, kind, by, number=None, **facts):
    """Register an organisation with its creator as administrator. Raises OrganisationExists.

    The domain of the creator's address is noted, to be verified by staff, who are also asked to
    check buyers.
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
        role=Membership.Role.ADMIN,
        state=Membership.State.ACTIVE,
        decided_at=timezone.now(),
        decided_by=by,
    )
    note_domain(organisation, by)
    if organisation.is_buyer:
        request_verification(organisation, by=by)
    return organisation


def one_at_a_time():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CREATION])


def free_slug(name):
    slug = slugify(name)[:60].strip("-") or "organisation"
    taken = slug in TAKEN or Organisation.objects.filter(slug=slug).exists()
    return f"{slug}-{new_token()[:4]}" if taken else slug


def note_domain(organisation, user):
    domain = domain_of(user.email)
    if domain:
        OrganisationDomain.objects.get_or_create(
            domain=domain, defaults={"organisation": organisation}
        )
