"""Several at the same moment: real threads, the database's clock."""

import threading
from datetime import timedelta

import pytest
from django.db import transaction

from challenges import actions
from challenges.actions.questions import MOST_WAITING
from challenges.locks import database_now
from challenges.models import AnswerRun, Asker, Challenge, Question
from tests import factories as make
from tests.cast import employee
from tests.telling import notified

from ..test_deadline import in_threads
from .support import WORDS, answer, ask, ask_by, publish

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_at_once_one_is_stored_the_other_told(team, question):
    people = [team.owner, team.second]

    def save(index):
        words = WORDS | {"answer_sv": f"Svar {index}"}
        return actions.answer_question(question, revision=0, by=people[index], **words)

    results = in_threads(2, save)
    stored = Question.objects.get()
    [kept] = [index for index, result in enumerate(results) if isinstance(result, Question)]
    assert isinstance(results[1 - kept], actions.Overtaken)
    assert (stored.answer_sv, stored.revision) == (f"Svar {kept}", 1)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_publish_each_answer_once(team, question):
    other = ask(team.challenge, team.rival, "Är det bråttom?")
    ready = [answer(question, team.owner), answer(other, team.owner)]
    results = in_threads(2, lambda _index: publish(team.challenge, team.owner, *ready))

    assert AnswerRun.objects.count() == 1
    assert sorted(isinstance(result, Exception) for result in results) == [False, True]
    assert notified(kind="challenges.answers_published").count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_question_waits_for_a_run_and_stays_out_of_it(team, question):
    """Publishing locks the challenge; a question meanwhile comes after it, and is not lost."""
    ready = answer(question, team.owner)
    results = []

    def meanwhile():
        results.extend(in_threads(1, lambda _index: ask(team.challenge, team.rival, "Ny fråga")))

    with transaction.atomic():
        publish(team.challenge, team.owner, ready)
        waiting = threading.Thread(target=meanwhile)
        waiting.start()
        waiting.join(timeout=0.3)
        assert waiting.is_alive()
    waiting.join()
    assert results[0].state == "asked"
    assert AnswerRun.objects.get().questions.get() == question


@pytest.mark.django_db(transaction=True)
def test_nothing_is_asked_after_the_time_also_by_many_at_once(team):
    """The time counts when the lock is held: whoever waited past it is too late."""
    people = [employee(make.OrganisationFactory()) for _each in range(4)]
    ask_by(team.challenge, database_now() + timedelta(seconds=0.4))
    results = []

    def wait():
        results.extend(in_threads(4, lambda index: ask(team.challenge, people[index])))

    with transaction.atomic():
        Challenge.objects.select_for_update().get(pk=team.challenge.pk)
        waiting = threading.Thread(target=wait)
        waiting.start()
        waiting.join(timeout=0.7)
    waiting.join()
    assert [type(result) for result in results] == [actions.TooLateToAsk] * 4
    assert not Question.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_person_at_once_gets_no_more_than_the_limit(team):
    for number in range(MOST_WAITING - 1):
        ask(team.challenge, team.supplier, f"Fråga {number}")
    in_threads(5, lambda index: ask(team.challenge, team.supplier, f"Samtidig {index}"))
    assert Question.objects.count() == MOST_WAITING
    assert Asker.objects.values("mark").distinct().count() == MOST_WAITING
