"""The team answers, and nobody overwrites a colleague."""

import pytest

from afori.notifications.models import Notification
from challenges import actions
from challenges.models import Asker, Question
from tests.cast import ROLES

from .support import TEXT, WORDS, page_of

pytestmark = pytest.mark.django_db


def test_the_team_answers_and_publishes(team, question, sign_in, client):
    team_client = sign_in(team.owner)
    listed = team_client.get(page_of(team.challenge, "work_questions"))
    assert TEXT in listed.content.decode()
    one = page_of(team.challenge, "work_question", question.token)
    assert TEXT in team_client.get(one).content.decode()

    team_client.post(one, WORDS | {"revision": 0})
    question.refresh_from_db()
    assert (question.state, question.revision) == ("answered", 1)
    assert "Ja, gärna." not in client.get(page_of(team.challenge)).content.decode()

    preview = team_client.get(
        page_of(team.challenge, "work_publish_answers"), {"question": question.token}
    )
    assert "Ja, gärna." in preview.content.decode()
    team_client.post(
        page_of(team.challenge, "work_publish_answers"), {"chosen": preview.context["chosen"]}
    )

    html = sign_in(None).get(page_of(team.challenge)).content.decode()
    assert "Ja, gärna." in html
    assert TEXT not in html
    assert "Ja, gärna." in client.get(team.challenge.get_absolute_url()).content.decode()


WORK = ["work_questions", "work_publish_answers"]
WORK_ONE = [
    *["work_question", "work_question_decline", "work_question_correct", "work_question_drop"]
]


@pytest.mark.parametrize("role", [*[one for one in ROLES if one != "owner"], "colleague"])
def test_only_the_team_reaches_the_workspace(team, question, sign_in, role):
    client = sign_in(getattr(team, role))
    addresses = [page_of(team.challenge, name) for name in WORK]
    addresses += [page_of(team.challenge, name, question.token) for name in WORK_ONE]
    for address in addresses:
        for response in (client.get(address), client.post(address, WORDS | {"revision": 0})):
            assert response.status_code in ({302, 403, 405} if role == "stranger" else {404, 405})
            assert TEXT not in response.content.decode()
    question.refresh_from_db()
    assert question.state == "asked"


def test_a_colleague_who_leaves_the_owner_is_off_the_team(team, question, sign_in):
    client = sign_in(team.second)
    assert client.get(page_of(team.challenge, "work_questions")).status_code == 200
    team.second.memberships.all().delete()
    assert client.get(page_of(team.challenge, "work_questions")).status_code == 404


@pytest.mark.parametrize(
    ("left_out", "told"),
    [
        (["answer_sv"], ["answer_sv"]),
        (["question_en"], ["question_en"]),
        (["question_sv", "answer_sv"], []),
        (list(WORDS), ["question_sv", "answer_sv"]),
    ],
)
def test_question_and_answer_go_together(team, question, sign_in, left_out, told):
    typed = {name: "" if name in left_out else text for name, text in WORDS.items()}
    page = sign_in(team.owner).post(
        page_of(team.challenge, "work_question", question.token), typed | {"revision": 0}
    )
    assert list(page.context["form"].errors if page.context else []) == told


def test_the_second_of_two_colleagues_is_told_and_nothing_is_overwritten(team, question, sign_in):
    one = page_of(team.challenge, "work_question", question.token)
    sign_in(team.owner).post(one, WORDS | {"revision": 0})
    client = sign_in(team.second)
    page = client.post(one, WORDS | {"answer_sv": "Nej, aldrig.", "revision": 0})

    html = page.content.decode()
    assert page.status_code == 409
    assert "Ja, gärna." in html
    assert "Nej, aldrig." in html
    question.refresh_from_db()
    assert question.answer_sv == "Ja, gärna."

    typed = {name: page.context["form"][name].value() for name in (*WORDS, "revision")}
    client.post(one, typed)
    question.refresh_from_db()
    assert question.answer_sv == "Nej, aldrig."


def test_answering_what_was_taken_back_gives_the_text_back(team, question):
    actions.take_back(team.challenge, question.token, by=team.supplier)
    with pytest.raises(actions.Gone):
        actions.answer_question(question, revision=0, by=team.owner, **WORDS)


def test_text_typed_for_a_question_that_is_gone_comes_back(team, question, sign_in):
    client = sign_in(team.owner)
    one = page_of(team.challenge, "work_question", question.token)
    actions.decline_question(question, revision=0, reason="Redan besvarad.", by=team.second)
    page = client.post(one, WORDS | {"revision": 0})
    assert page.status_code == 409
    assert page.context["typed"] == list(WORDS.values())

    Asker.objects.all().delete()
    Question.objects.all().delete()
    page = client.post(one, WORDS | {"revision": 0})
    assert page.status_code == 404
    assert "Ja, gärna." in page.content.decode()


def test_declining_needs_a_reason_that_the_asker_alone_reads(team, question, sign_in):
    client = sign_in(team.owner)
    address = page_of(team.challenge, "work_question_decline", question.token)
    assert client.post(address, {"reason": "", "revision": 0}).context["decline"].errors
    client.post(address, {"reason": "Det kan vi inte svara på.", "revision": 0})

    assert "inte svara på" in sign_in(team.supplier).get(page_of(team.challenge)).content.decode()
    for role in ("rival", "colleague", "stranger", "superuser", "buyer"):
        html = sign_in(getattr(team, role)).get(page_of(team.challenge)).content.decode()
        assert "inte svara på" not in html
    [told] = Notification.objects.filter(kind="challenges.question_declined")
    assert told.user == team.supplier
