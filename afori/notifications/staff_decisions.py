"""Kinds about what staff decide on organisations. Accounts stands below and asks by name."""

from django.urls import reverse
from django.utils.translation import gettext as _

from afori.accounts.models import Membership, Organisation, Verification

from .registry import Kind, register


def about(verification):
    return {"name": verification.organisation.name}


def page_of(verification):
    return reverse("accounts:members", args=[verification.organisation.slug])


def administers(user, organisation):
    return user.has_perm("accounts.change_organisation", organisation)


def has_asked(user, verification):
    """The one who asked and is still a member."""
    own = verification.requested_by_id == user.pk
    return own and verification.organisation_id in user.roles


def decision(name, text):
    return register(
        Kind(
            name=f"accounts.{name}",
            model=Verification,
            related=("organisation",),
            text=text,
            url=page_of,
            visible_to=lambda user, v: administers(user, v.organisation) or has_asked(user, v),
            mail=f"accounts/{name}",
        )
    )


VERIFICATION_APPROVED = decision(
    "verification_approved", lambda v: _("%(name)s is now verified.") % about(v)
)
VERIFICATION_DECLINED = decision(
    "verification_declined", lambda v: _("%(name)s could not be verified.") % about(v)
)
VERIFICATION_WITHDRAWN = decision(
    "verification_withdrawn", lambda v: _("%(name)s is no longer verified.") % about(v)
)


def those_administered(user, ids):
    """Organisations in which the person is an administrator, closed ones included."""
    own = Membership.objects.filter(
        user_id=user.pk, role=Membership.Role.ADMIN, state=Membership.State.ACTIVE
    )
    return own.filter(organisation__in=ids).values_list("organisation", flat=True)


ORGANISATION_CLOSED = register(
    Kind(
        name="accounts.organisation_closed",
        model=Organisation,
        text=lambda o: _("%(name)s is closed and no longer takes part.") % {"name": o.name},
        url=lambda o: reverse("accounts:members", args=[o.slug]),
        visible_among=lambda user, ids: those_administered(user, ids).filter(
            organisation__closed_at__isnull=False
        ),
        mail="accounts/organisation_closed",
    )
)
ORGANISATION_REOPENED = register(
    Kind(
        name="accounts.organisation_reopened",
        model=Organisation,
        text=lambda o: _("%(name)s is open again.") % {"name": o.name},
        url=lambda o: reverse("accounts:members", args=[o.slug]),
        visible_to=administers,
    )
)


def merged_into_own(user, ids):
    """Those that have become part of an organisation in which the person is a member."""
    own = Membership.objects.active().filter(user_id=user.pk).values("organisation")
    found = Organisation.objects.filter(pk__in=ids, merged_into__in=own)
    return found.values_list("pk", flat=True)


ORGANISATION_MERGED = register(
    Kind(
        name="accounts.organisation_merged",
        model=Organisation,
        related=("merged_into",),
        text=lambda o: (
            _("%(name)s is now part of %(other)s.") % {"name": o.name, "other": o.merged_into}
        ),
        url=lambda o: reverse("accounts:members", args=[o.merged_into.slug]),
        visible_among=merged_into_own,
        mail="accounts/organisation_merged",
    )
)
