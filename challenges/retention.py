"""How long it is known, even to the portal, who asked a question."""

from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from afori.common.retention import Rule, register

from .models import Asker, Challenge

AFTER_THE_OUTCOME = 180


def askers_of_finished(before):
    finished = Challenge.objects.filter(state__in=Challenge.OVER).annotate(
        over_at=Coalesce("outcome__created_at", "closes_at")
    )
    return Asker.objects.filter(question__challenge__in=finished.filter(over_at__lt=before))


register(
    Rule(
        name="question_askers",
        what=_("Who asked a question about a challenge, after its outcome"),
        days=AFTER_THE_OUTCOME,
        due=askers_of_finished,
    )
)
