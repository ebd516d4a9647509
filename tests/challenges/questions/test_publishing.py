"""Answers go out to everybody in runs, and are corrected beside."""

from datetime import timedelta

import pytest

from afori.common.states import Refused
from afori.notifications.following import follow
from challenges import actions
from challenges.locks import database_now
from challenges.models import AnswerRun, Asker, Challenge, Question
from tests.telling import notified, send_all

from ..support import closes
from .support import WORDS, answer, ask, page_of, publish

pytestmark = pytest.mark.django_db


def shared(body):
    """What is the same for every reader: all but the way to stop."""
    return "\n".join(line for line in body.splitlines() if line and "Sluta få" not in line)


def test_a_run_goes_to_watchers_and_askers_at_once(
    team, question, mailoutbox, django_capture_on_commit_callbacks
):
    follow("challenge", team.challenge, by=team.user)
    follow("challenge", team.challenge, by=team.supplier)
    other = ask(team.challenge, team.rival, "Är det bråttom?")
    run = publish(
        team.challenge, team.owner, answer(question, team.owner), answer(other, team.owner)
    )
    send_all()

    assert (run.number, run.questions.count()) == (1, 2)
    told = notified(kind="challenges.answers_published")
    assert {one.user for one in told} == {team.user, team.supplier, team.rival}
    assert {one.subject_id for one in told} == {run.pk}
    assert sorted(mail.to for mail in mailoutbox) == sorted(
        [[one.email] for one in (team.user, team.supplier, team.rival)]
    )
    assert len({(mail.subject, shared(mail.body)) for mail in mailoutbox}) == 1


def test_runs_are_numbered_and_the_newest_is_first(team, client):
    for number in (1, 2):
        one = answer(ask(team.challenge, team.supplier, f"Fråga {number}"), team.owner)
        assert publish(team.challenge, team.owner, one).number == number
    runs = client.get(page_of(team.challenge)).context["runs"]
    assert [run.number for run, _questions in runs] == [2, 1]


def test_what_a_colleague_changed_after_the_preview_is_not_published(team, question, sign_in):
    seen = answer(question, team.owner)
    client = sign_in(team.owner)
    preview = client.get(
        page_of(team.challenge, "work_publish_answers"), {"question": question.token}
    )
    answer(question, team.second, answer_sv="Något annat")
    client.post(
        page_of(team.challenge, "work_publish_answers"), {"chosen": preview.context["chosen"]}
    )
    assert not AnswerRun.objects.exists()
    with pytest.raises(actions.Overtaken):
        publish(team.challenge, team.owner, seen)


@pytest.mark.parametrize(
    "chosen", ["", "x", "a:1", "\u0000", "abcdefghijkmnpqr:999999999", "a" * 9999]
)
def test_bad_choices_publish_nothing(team, question, sign_in, chosen):
    answer(question, team.owner)
    page = sign_in(team.owner).post(
        page_of(team.challenge, "work_publish_answers"), {"chosen": chosen}
    )
    assert page.status_code in {302, 400}
    assert not AnswerRun.objects.exists()


def test_after_the_answer_by_day_it_is_warned_and_after_closing_refused(team, question, sign_in):
    waiting = answer(question, team.owner)
    Challenge.objects.filter(pk=team.challenge.pk).update(
        answers_by=database_now() - timedelta(hours=1)
    )
    client = sign_in(team.owner)
    page = client.get(page_of(team.challenge, "work_questions"))
    assert page.context["is_late"]

    closes(team.challenge, seconds=-1)
    page = client.get(page_of(team.challenge, "work_questions"))
    assert not page.context["takes_answers"]
    with pytest.raises(Refused):
        publish(team.challenge, team.owner, waiting)
    with pytest.raises(Refused):
        answer(question, team.owner)
    late = client.post(
        page_of(team.challenge, "work_question", question.token), WORDS | {"revision": 1}
    )
    assert late.status_code == 409
    assert "Ja, gärna." in late.content.decode()
    question.refresh_from_db()
    actions.decline_question(
        question, revision=question.revision, reason="För sent.", by=team.owner
    )


def test_published_words_never_change_a_correction_stands_beside(team, question, client, sign_in):
    publish(team.challenge, team.owner, answer(question, team.owner))
    with pytest.raises(actions.Gone):
        answer(question, team.owner, answer_sv="Nej")
    team_client = sign_in(team.owner)
    begun = team_client.post(page_of(team.challenge, "work_question_correct", question.token))
    again = team_client.post(page_of(team.challenge, "work_question_correct", question.token))
    assert begun.headers["Location"] == again.headers["Location"]

    correction = Question.objects.get(corrects=question)
    assert not Asker.objects.filter(question=correction).exists()
    publish(team.challenge, team.owner, answer(correction, team.owner, answer_sv="Nej, tyvärr."))
    told = notified(kind="challenges.answers_published", user=team.supplier)
    assert told.count() == 2
    html = client.get(page_of(team.challenge)).content.decode()
    assert "Ja, gärna." in html
    assert html.count("Nej, tyvärr.") == 2


def test_a_correction_can_be_thrown_away_and_never_declined(team, question, sign_in):
    publish(team.challenge, team.owner, answer(question, team.owner))
    correction = actions.start_correction(question, by=team.owner)
    with pytest.raises(actions.Gone):
        actions.decline_question(correction, revision=0, reason="x", by=team.owner)
    client = sign_in(team.owner)
    client.post(page_of(team.challenge, "work_question_drop", question.token))
    client.post(page_of(team.challenge, "work_question_drop", correction.token))
    assert list(Question.objects.all()) == [question]
