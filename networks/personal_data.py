"""What networks hold about a person."""

from functools import partial

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from afori.accounts.actions.texts import empty_texts
from afori.common import files
from afori.common.personal_data import SHOWN, Attachment, Fate, Holding, Obstacle, facts, register

from .actions.memberships import move
from .models import Commitment, NetworkDocument, NetworkMembership

State = NetworkMembership.State
TITLE = pgettext_lazy("own data", "networks")


def collected(user):
    return {
        _("Memberships"): (
            facts(
                *(one, "network", "organisation", "role", "state", "competence", "message"),
                *("reason", "requested_at", "decided_at", "ended_at"),
            )
            for one in user.network_memberships.select_related("network", "organisation")
        ),
        _("Commitments that you made"): (
            facts(
                *(one, "need", "organisation", "degree", "volume_a_year", "cost_a_year"),
                *("contract_ends_on", "budget_year", "conditions", "signatory", "created_at"),
            )
            for one in commitments(user)
        ),
        _("Documents that you uploaded"): (
            facts(one, "network", "title", "name", "size", "created_at") for one in documents(user)
        ),
    }


def commitments(user):
    """Of organisations in which the person still is."""
    own = [one.organisation_id for one in user.active_memberships]
    made = Commitment.objects.filter(made_by=user, organisation__in=own)
    return made.select_related("need", "organisation").order_by("pk")


def documents(user):
    """In rooms that are still open to the person."""
    uploaded = NetworkDocument.objects.visible_to(user).filter(uploaded_by=user)
    return uploaded.select_related("network")


def attachments(user):
    for one in documents(user).iterator(100):
        path = f"{slugify(TITLE)}/{one.token}/{one.name}"
        yield Attachment(path, partial(files.read, one))


def erase(user):
    for one in user.network_memberships.current():
        move(one, State.WITHDRAWN if one.is_requested else State.LEFT)
    empty_texts(user.network_memberships.all())
    empty_texts(NetworkMembership.objects.filter(decided_by=user), "reason")


def last_coordinator(user):
    """Networks with members that only this person coordinates, the first of them."""
    others = NetworkMembership.objects.filter(network=OuterRef("network")).exclude(user=user)
    own = NetworkMembership.objects.coordinators().filter(user=user)
    alone = own.filter(Exists(others.active()), ~Exists(others.coordinators()))
    for one in alone.select_related("network")[:SHOWN]:
        yield Obstacle(
            _("You are the only coordinator of %(network)s, which has other members.")
            % {"network": one.network},
            reverse("networks:room", args=[one.network.slug]),
            _("Ask the agency to appoint another coordinator"),
        )


register(
    Holding(
        name="networks",
        title=TITLE,
        what=gettext_lazy("Your networks, the demand you have added and documents you uploaded."),
        stays=gettext_lazy(
            "Demand, signatures under pledges and documents: they are your organisation's and the "
            "network's."
        ),
        collect=collected,
        attachments=attachments,
        erase=erase,
        obstacles=last_coordinator,
        fields={
            "networks.NetworkMembership.user": Fate.EMPTIED,
            "networks.NetworkMembership.decided_by": Fate.EMPTIED,
            "networks.Commitment.made_by": Fate.NAMELESS,
            "networks.NetworkDocument.uploaded_by": Fate.NAMELESS,
        },
    )
)
