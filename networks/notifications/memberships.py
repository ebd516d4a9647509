"""What people are told about their memberships, and coordinators about requests."""

from django.urls import reverse
from django.utils.translation import gettext as _

from afori.notifications.registry import Kind, register

from ..models import NetworkMembership

RELATED = ("network", "organisation", "user")


def names(membership):
    return {
        "person": membership.user,
        "organisation": membership.organisation,
        "network": membership.network.name,
    }


def is_own(user, membership):
    return membership.user_id == user.pk


def to_decide(user, ids):
    waiting = NetworkMembership.objects.to_decide_by(user).filter(pk__in=ids)
    return waiting.values_list("pk", flat=True)


def active(user, ids):
    own = NetworkMembership.objects.active_of(user).filter(pk__in=ids)
    return own.values_list("pk", flat=True)


def network_url(membership):
    return membership.network.get_absolute_url()


def room_url(membership):
    return reverse("networks:room", args=[membership.network.slug])


def decide_url(membership):
    return reverse("networks:decide", args=[membership.network.slug, membership.pk])


MEMBERSHIP_REQUESTED = register(
    Kind(
        name="networks.membership_requested",
        model=NetworkMembership,
        text=lambda m: _("%(person)s, %(organisation)s, wants to join %(network)s.") % names(m),
        url=decide_url,
        visible_among=to_decide,
        mail="networks/membership_requested",
        related=RELATED,
    )
)
MEMBERSHIP_ACCEPTED = register(
    Kind(
        name="networks.membership_accepted",
        model=NetworkMembership,
        text=lambda m: _("You are now a member of %(network)s.") % names(m),
        url=room_url,
        visible_among=active,
        mail="networks/membership_accepted",
        related=RELATED,
    )
)
MEMBERSHIP_DECLINED = register(
    Kind(
        name="networks.membership_declined",
        model=NetworkMembership,
        text=lambda m: _("Your request to join %(network)s was declined.") % names(m),
        url=network_url,
        visible_to=is_own,
        mail="networks/membership_declined",
        related=RELATED,
    )
)
MEMBERSHIP_REMOVED = register(
    Kind(
        name="networks.membership_removed",
        model=NetworkMembership,
        text=lambda m: _("Your membership of %(network)s has ended.") % names(m),
        url=network_url,
        visible_to=is_own,
        mail="networks/membership_removed",
        related=RELATED,
    )
)
