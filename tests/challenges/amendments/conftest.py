import pytest
from django.utils import timezone

from challenges.models import Challenge

from .support import DAY, closes_later


@pytest.fixture
def published(arena):
    """Published yesterday, with whole seconds and all its times; the member is on its team."""
    arena.challenge.team.create(user=arena.member)
    noon = timezone.now().replace(microsecond=0)
    with_times = {
        "closes_at": noon + 10 * DAY,
        "questions_until": noon + 5 * DAY,
        "answers_by": noon + 7 * DAY,
        "decision_expected_on": (noon + 40 * DAY).date(),
        "contact": "Karin Almgren",
        "background_sv": "Omsorgen är bra på trygghet. " * 10,
    }
    Challenge.objects.filter(pk=arena.challenge.pk).update(
        **{name: value for name, value in with_times.items() if name != "closes_at"}
    )
    closes_later(arena.challenge, with_times["closes_at"])
    arena.challenge.refresh_from_db()
    return arena.challenge
