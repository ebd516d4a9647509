"""Many answers: as many queries, paged and searched."""

import pytest

from challenges.locks import database_now
from challenges.models import Amendment, AnswerRun, Question
from tests import factories as make

from .support import page_of

pytestmark = pytest.mark.django_db


def published(team, number, run):
    Question.objects.bulk_create(
        Question(
            challenge=team.challenge,
            asked_on="2026-11-01",
            text="x",
            state="published",
            run=run,
            question_sv=f"Fråga nummer {each}",
            answer_sv=f"Svar nummer {each}",
        )
        for each in range(number)
    )


@pytest.mark.parametrize("number", [1, 3, 200])
@pytest.mark.parametrize(
    ("name", "role", "queries"),
    [
        ("questions", "stranger", 7),
        ("detail", "stranger", 8),
        ("detail", "supplier", 12),
        ("questions", "supplier", 12),
        ("work_questions", "owner", 12),
    ],
)
def test_queries_are_as_many_for_any_number(
    team, sign_in, django_assert_max_num_queries, number, name, role, queries
):
    run = AnswerRun.objects.create(
        challenge=team.challenge, number=1, published_at=database_now(), by=team.owner
    )
    published(team, number, run)
    make.EventFactory(challenge=team.challenge, kind="dialogue_meeting")
    for each in range(number):
        Amendment.objects.create(
            challenge=team.challenge,
            number=each + 1,
            published_at=database_now(),
            by=team.owner,
            reason_sv="Mer tid behövs.",
        ).fields.create(name="contact", before='"Karin"', after='"Kim"')
    client = sign_in(getattr(team, role))
    with django_assert_max_num_queries(queries):
        page = client.get(page_of(team.challenge, name))
    assert page.content.decode().count("Svar nummer") <= 50


def test_many_answers_are_paged_and_searched(team, client):
    run = AnswerRun.objects.create(
        challenge=team.challenge, number=1, published_at=database_now(), by=team.owner
    )
    published(team, 45, run)
    first = client.get(page_of(team.challenge))
    assert len(first.context["page_obj"]) == 20
    assert client.get(page_of(team.challenge), {"page": 3}).content.decode().count("<dt") >= 5
    found = client.get(page_of(team.challenge), {"q": "nummer 44"})
    assert [one.question_sv for one in found.context["page_obj"]] == ["Fråga nummer 44"]
    nothing = client.get(page_of(team.challenge), {"q": "xyzzy", "page": "9" * 30})
    assert nothing.status_code == 200
