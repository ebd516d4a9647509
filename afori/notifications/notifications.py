"""Kinds about people and organisations. Accounts stands below and asks for them by name."""

from django.urls import reverse
from django.utils.translation import gettext as _

from afori.accounts.models import Membership, Organisation

from .registry import Kind, register


def names(membership):
    return {"name": membership.user.name, "organisation": membership.organisation.name}


MEMBERSHIP_REQUESTED = register(
    Kind(
        name="accounts.membership_requested",
        model=Membership,
        related=("user", "organisation"),
        text=lambda m: _("%(name)s asks to join %(organisation)s.") % names(m),
        url=lambda m: m.get_absolute_url(),
        visible_to=lambda user, m: (
            m.is_requested and user.has_perm("accounts.decide_membership", m)
        ),
        mail="accounts/membership_requested",
    )
)
MEMBERSHIP_ACCEPTED = register(
    Kind(
        name="accounts.membership_accepted",
        model=Membership,
        related=("user", "organisation"),
        text=lambda m: _("You are now a member of %(organisation)s.") % names(m),
        url=lambda m: reverse("accounts:members", args=[m.organisation.slug]),
        visible_to=lambda user, m: m.user_id == user.pk,
        mail="accounts/membership_accepted",
    )
)
MEMBERSHIP_DECLINED = register(
    Kind(
        name="accounts.membership_declined",
        model=Membership,
        related=("user", "organisation"),
        text=lambda m: _("%(organisation)s has declined your request to join.") % names(m),
        url=lambda m: reverse("accounts:organisation_start"),
        visible_to=lambda user, m: m.user_id == user.pk,
        mail="accounts/membership_declined",
    )
)
ORGANISATION_VERIFIED = register(
    Kind(
        name="accounts.organisation_verified",
        model=Organisation,
        text=lambda o: _("%(name)s is now verified.") % {"name": o.name},
        url=lambda o: reverse("accounts:members", args=[o.slug]),
        visible_to=lambda user, o: user.has_perm("accounts.change_organisation", o),
        mail="accounts/organisation_verified",
    )
)
