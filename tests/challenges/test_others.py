"""What belongs to another challenge or to a rival is not found; colleagues find what is theirs."""

import pytest
from django.urls import reverse

from afori.accounts.models import Membership
from challenges import actions
from challenges.models import Attempt

from .support import closes, submit, upload

pytestmark = pytest.mark.django_db


def test_a_submission_of_one_is_not_found_under_another_challenge(arena, draft, sign_in):
    other = type(arena.challenge).objects.create(
        slug="annan", title_sv="Annan", owner=arena.municipality
    )
    client = sign_in(arena.supplier)
    assert (
        client.get(reverse("challenges:submission", args=[other.slug, draft.reference])).status_code
        == 404
    )


def test_rivals_find_nothing_of_each_other(arena, draft, sign_in):
    """With an answer of their own, another's reference, file and receipt stay unknown."""
    mine = actions.start_submission(
        arena.challenge, organisation=arena.rival_company, by=arena.rival
    )
    token = actions.add_file(draft, upload(), by=arena.supplier).token
    number = submit(draft, by=arena.supplier).receipt_number
    slug = arena.challenge.slug
    client = sign_in(arena.rival)

    for name, args in [
        ("submission", [draft.reference]),
        ("file", [draft.reference, token]),
        ("file", [mine.reference, token]),
        ("receipt", [draft.reference, number]),
        ("receipt", [mine.reference, number]),
    ]:
        assert client.get(reverse(f"challenges:{name}", args=[slug, *args])).status_code == 404


def test_acting_for_another_organisation_does_not_hide_ones_own_answer(arena, draft, sign_in):
    Membership.objects.create(
        user=arena.supplier,
        organisation=arena.rival_company,
        state=Membership.State.ACTIVE,
        decided_at=arena.challenge.opens_at,
    )
    assert sign_in(arena.supplier).get(draft.get_absolute_url()).status_code == 200


def test_refused_attempts_have_receipts_for_authors_alone(arena, draft, sign_in):
    closes(arena.challenge, seconds=-1)
    with pytest.raises(actions.TooLate):
        submit(draft, by=arena.supplier)
    url = Attempt.objects.get().get_absolute_url()

    assert "togs inte emot" in sign_in(arena.supplier).get(url).content.decode()
    assert sign_in(arena.colleague).get(url).status_code == 404
    assert sign_in(arena.superuser).get(url).status_code == 404
