"""How long things about people in networks are kept."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from afori.accounts.actions.texts import empty_texts, with_texts
from afori.common.retention import YEAR, Rule, register

from .models import NetworkMembership


def old_texts(before):
    declined = Q(state=NetworkMembership.State.DECLINED, decided_at__lt=before)
    return with_texts(NetworkMembership.objects.filter(declined | Q(ended_at__lt=before)))


register(
    Rule(
        name="network_texts",
        what=_("Messages and reasons in requests to join a network, after they ended"),
        days=YEAR,
        due=old_texts,
        carry_out=empty_texts,
    )
)
