"""Rows under lock, and who is told.

Each action locks the organisation's row first, so that two of them never pass each other.
"""

from django.utils.translation import gettext as _

from afori.common.states import NotAllowedNow

from ..models import Organisation, User


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
