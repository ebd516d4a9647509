"""Buyer networks, their money, and the demand of one's organisation."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from networks.models import Commitment, Financing, NetworkMembership
from networks.models.programmes import FINANCING_WARNING_DAYS

from .parts import asked, decision, named, on_day, until


def requests_to_networks(user):
    return NetworkMembership.objects.to_decide_by(user), {
        "at": "requested_at",
        "who": "user__name",
        "what": "organisation__name",
        "place": named("network__name"),
        "slug": "network__slug",
        "key": "pk",
    }


def request_to_network(raw, now):
    return decision(raw, now) | {
        "url": reverse("networks:decide", args=[raw.slug, raw.key]),
        "title": _("%(name)s, %(organisation)s, asks to join")
        % {"name": raw.who, "organisation": raw.what},
        "meta": [raw.place],
    }


def financings(user):
    own = NetworkMembership.objects.coordinators().filter(user=user)
    ending = Financing.objects.filter(network__in=own.values("network"), ends_on__range=soon())
    return ending, {"at": "ends_on", "what": named("network__name"), "slug": "network__slug"}


def soon():
    """From today to half a year ahead: the time it takes to find new money or a new contract."""
    today = timezone.localdate()
    return today, today + timedelta(days=FINANCING_WARNING_DAYS)


def financing(raw, now):
    return until(raw, now) | {
        "url": reverse("networks:detail", args=[raw.slug]),
        "title": _("The financing of %(network)s ends") % {"network": raw.what},
        "meta": [on_day(raw)],
    }


def contracts(user):
    own = [one.organisation_id for one in user.active_memberships]
    ending = Commitment.objects.filter(organisation__in=own, contract_ends_on__range=soon())
    return ending, {
        "at": "contract_ends_on",
        "what": named("need__title"),
        "place": "organisation__name",
        "slug": "need__slug",
    }


def contract(raw, now):
    return until(raw, now) | {
        "url": reverse("networks:need", args=[raw.slug]),
        "title": _("Your contract ends: %(need)s") % {"need": raw.what},
        "meta": [raw.place, on_day(raw)],
    }


def networks(user):
    own = NetworkMembership.objects
    return own.active_of(user) | own.requested().filter(user=user), {
        "at": "requested_at",
        "what": named("network__name"),
        "place": "organisation__name",
        "slug": "network__slug",
        "key": "role",
        "state": "state",
    }


def network(raw, now):
    if raw.state == NetworkMembership.State.REQUESTED:
        early = _("The coordinator has not answered yet.")
        late = _("The coordinator has not answered in a while. Write to the organiser.")
        return asked(raw, now, early, late) | {
            "url": reverse("networks:detail", args=[raw.slug]),
            "title": raw.what,
        }
    return {
        "figure": NetworkMembership.Role(raw.key).label,
        "word": True,
        "url": reverse("networks:room", args=[raw.slug]),
        "title": raw.what,
        "meta": [raw.place],
    }
