"""Who was chosen, when the supplier is merged into another organisation."""

import pytest

from afori.accounts.actions import merge_organisations, preview_merge
from challenges.models import Challenge, Outcome

pytestmark = pytest.mark.django_db


def won(challenge, *companies):
    outcome = Outcome.objects.create(challenge=challenge, kind="chosen", text_sv="Vi valde.")
    outcome.chosen.set(companies)
    return outcome


def test_what_was_won_follows_and_is_named_once(cast):
    outcome = won(cast.challenge, cast.company, cast.rival_company)
    reason = {"by": cast.superuser, "reason": "Samma bolag"}
    merge_organisations(cast.company, into=cast.rival_company, **reason)
    assert list(outcome.chosen.all()) == [cast.rival_company]


@pytest.mark.parametrize(("state", "shown"), [("published", False), ("decided", True)])
def test_staff_count_only_what_is_public(cast, state, shown):
    before = preview_merge(cast.company, into=cast.rival_company)
    won(cast.challenge, cast.company)
    Challenge.objects.update(state=state)
    after = preview_merge(cast.company, into=cast.rival_company)
    assert (before != after) == shown
