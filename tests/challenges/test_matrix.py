"""Every address of challenges × method × person has a declared answer. A new one without fails."""

import pytest
from django.urls import reverse

from afori.accounts.models import Membership
from challenges import actions
from challenges.models import Attempt
from challenges.urls import urlpatterns
from tests.cast import ROLES

from .support import submit, upload

pytestmark = pytest.mark.django_db

PUBLIC = dict.fromkeys(("stranger", "colleague", *ROLES), 200)
LOGIN = 302
NONE_OF_IT = dict.fromkeys((*ROLES, "colleague"), 404) | {"stranger": LOGIN}
REFUSED = {**NONE_OF_IT, "stranger": 403}
NO_POST = dict.fromkeys(PUBLIC, 405)


def authors(status, others=NONE_OF_IT):
    return {**others, "supplier": status}


# What each address answers, by method and role. 403 for a stranger's POST: the text comes back.
EXPECTED = {
    "list": (PUBLIC, NO_POST),
    "detail": (PUBLIC, NO_POST),
    "calendar": (PUBLIC, PUBLIC),
    "answer": (
        {**PUBLIC, "supplier": 302},
        {
            **dict.fromkeys(PUBLIC, 403),
            "supplier": 302,
            "rival": 302,
            "colleague": 302,
        },
    ),
    "submission": (authors(200), authors(200)),
    "partners": (authors(200), authors(200, REFUSED)),
    "authors": (authors(200), authors(200)),
    "author_remove": (
        authors(405, {**dict.fromkeys(PUBLIC, 405), "stranger": LOGIN}),
        authors(302),
    ),
    "answer_edit": (authors(200), authors(200, REFUSED)),
    "autosave": (authors(405, {**dict.fromkeys(PUBLIC, 405), "stranger": LOGIN}), authors(409)),
    "set_aside_discard": (
        authors(405, {**dict.fromkeys(PUBLIC, 405), "stranger": LOGIN}),
        authors(302),
    ),
    "files": (authors(200), authors(200)),
    "file": (authors(200), authors(200)),
    "file_remove": (authors(405, {**dict.fromkeys(PUBLIC, 405), "stranger": LOGIN}), authors(302)),
    "submit": (authors(200), authors(200)),
    "withdraw": (authors(200), authors(302)),
    "receipt": (authors(200), authors(200)),
}


def address(pattern, arena, draft):
    known = {
        "slug": arena.challenge.slug,
        "reference": draft.reference,
        "position": arena.criteria[0].position,
        "token": draft.files.get().token,
        "number": draft.versions.get().receipt_number,
    }
    names = pattern.pattern.converters
    return reverse(f"challenges:{pattern.name}", kwargs={name: known[name] for name in names})


def test_every_address_is_declared():
    assert {pattern.name for pattern in urlpatterns} == set(EXPECTED)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("pattern", urlpatterns, ids=lambda pattern: pattern.name)
def test_address(arena, draft, sign_in, pattern, method):
    actions.add_file(draft, upload(), by=arena.supplier)
    submit(draft, by=arena.supplier)
    url = address(pattern, arena, draft)
    expected = EXPECTED[pattern.name][method == "post"]
    assert set(expected) == set(PUBLIC)

    found = {
        role: getattr(sign_in(getattr(arena, role)), method)(url).status_code for role in expected
    }

    assert found == expected


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
    from .support import closes

    closes(arena.challenge, seconds=-1)
    with pytest.raises(actions.TooLate):
        submit(draft, by=arena.supplier)
    url = Attempt.objects.get().get_absolute_url()

    assert "togs inte emot" in sign_in(arena.supplier).get(url).content.decode()
    assert sign_in(arena.colleague).get(url).status_code == 404
    assert sign_in(arena.superuser).get(url).status_code == 404
