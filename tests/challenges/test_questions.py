"""Questions and answers: asked by suppliers, answered by the team, published to all at once."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse

from afori.common.states import Refused
from afori.notifications.following import follow
from afori.notifications.models import Notification
from challenges import actions
from challenges.actions.questions import MOST_WAITING
from challenges.locks import database_now
from challenges.models import Amendment, AnswerRun, Asker, Challenge, Question, TeamMember
from tests import factories as make
from tests.cast import ROLES, employee
from tests.telling import notified, send_all

from .support import closes
from .test_deadline import in_threads

pytestmark = pytest.mark.django_db
TEXT = "Får vi använda öppen källkod?"
WORDS = {
    "question_sv": "Får öppen källkod användas?",
    "question_en": "May open source be used?",
    "answer_sv": "Ja, gärna.",
    "answer_en": "Yes, please.",
}


def ask(challenge, by, text=TEXT, **more):
    return actions.ask(challenge, text, language="sv", by=by, **more)


def answer(question, by, **words):
    question.refresh_from_db()
    return actions.answer_question(question, revision=question.revision, by=by, **(WORDS | words))


def publish(challenge, by, *questions):
    return actions.publish_answers(challenge, {one.token: one.revision for one in questions}, by=by)


def page_of(challenge, name="questions", *args):
    return reverse(f"challenges:{name}", args=[challenge.slug, *args])


@pytest.fixture
def team(cast):
    """The cast, with the owner and a colleague on the challenge's team."""
    cast.second = employee(cast.municipality, name="Tage Team")
    cast.colleague = employee(cast.company, name="Kim Kollega")
    for person in (cast.owner, cast.second):
        TeamMember.objects.create(challenge=cast.challenge, user=person)
    return cast


@pytest.fixture
def question(team):
    return ask(team.challenge, team.supplier)


# Asking


def test_a_supplier_asks_and_sees_it_wait(team, sign_in):
    client = sign_in(team.supplier)
    page = client.get(page_of(team.challenge))
    assert page.context["standing"] == "supplier"

    client.post(page_of(team.challenge, "ask"), {"text": TEXT, "for": team.company.slug})

    [own] = client.get(page_of(team.challenge)).context["own"]
    assert (own.text, own.state) == (TEXT, "asked")


@pytest.mark.parametrize(
    ("role", "standing"),
    [
        ("stranger", "stranger"),
        ("user", "alone"),
        ("buyer", "buyer"),
        ("owner", "owner"),
        ("second", "owner"),
        ("rival", "supplier"),
        ("colleague", "supplier"),
        ("superuser", "alone"),
    ],
)
def test_everybody_gets_the_form_or_the_reason(team, sign_in, role, standing):
    client = sign_in(getattr(team, role))
    page = client.get(page_of(team.challenge))
    assert (page.status_code, page.context["standing"]) == (200, standing)
    assert ("<textarea" in page.content.decode()) == (standing == "supplier")

    sent = client.post(page_of(team.challenge, "ask"), {"text": TEXT})
    assert sent.status_code == (302 if standing == "supplier" else 403)
    assert Question.objects.exists() == (standing == "supplier")
    if standing != "supplier":
        assert TEXT in sent.content.decode()


def test_the_owners_people_cannot_ask_as_a_supplier(team, sign_in):
    make.MembershipFactory(user=team.second, organisation=team.company)
    client = sign_in(team.second)
    client.post(reverse("accounts:act_for"), {"organisation": team.company.slug})
    page = client.get(page_of(team.challenge))
    assert page.wsgi_request.acting_for == team.company
    assert page.context["standing"] == "employed"
    assert client.post(page_of(team.challenge, "ask"), {"text": TEXT}).status_code == 403


def test_an_empty_question_is_told(team, sign_in):
    page = sign_in(team.supplier).post(page_of(team.challenge, "ask"), {"text": " "})
    assert page.status_code == 200
    assert page.context["form"].errors["text"]


def test_the_same_question_twice_is_one(team):
    assert ask(team.challenge, team.supplier) == ask(team.challenge, team.supplier)
    assert Question.objects.count() == 1


def test_limits_are_told_and_the_text_comes_back(team, sign_in):
    for number in range(MOST_WAITING):
        ask(team.challenge, team.supplier, f"Fråga {number}")
    page = sign_in(team.supplier).post(page_of(team.challenge, "ask"), {"text": TEXT})
    assert page.status_code == 409
    assert page.context["typed"] == TEXT
    assert str(MOST_WAITING) in page.context["refusal"]
    ask(team.challenge, team.rival)


def test_no_more_than_the_most_are_asked_by_one(team, monkeypatch):
    monkeypatch.setattr(Asker, "MOST", 2)
    for number in range(2):
        answer(ask(team.challenge, team.supplier, f"Fråga {number}"), team.owner)
    with pytest.raises(Refused, match="2"):
        ask(team.challenge, team.supplier)


@pytest.mark.parametrize("hours", [-1, 1])
def test_the_database_decides_until_when_one_may_ask(team, sign_in, hours):
    now = database_now()
    ask_by(team.challenge, now + timedelta(minutes=30))
    client = sign_in(team.supplier)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours)):
        assert client.post(page_of(team.challenge, "ask"), {"text": TEXT}).status_code == 302

    ask_by(team.challenge, now - timedelta(minutes=30))
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours)):
        late = client.post(page_of(team.challenge, "ask"), {"text": "För sent"})
    assert late.status_code == 409
    assert late.context["standing"] == "over"
    assert "För sent" in late.content.decode()
    assert Question.objects.count() == 1


def ask_by(challenge, at):
    Challenge.objects.filter(pk=challenge.pk).update(questions_until=at)


@pytest.mark.parametrize("state", ["draft", "in_review", "decided", "cancelled", "completed"])
def test_one_asks_about_published_challenges_alone(team, sign_in, state):
    Challenge.objects.filter(pk=team.challenge.pk).update(state=state)
    with pytest.raises(actions.TooLateToAsk):
        ask(team.challenge, team.supplier)
    page = sign_in(team.supplier).get(page_of(team.challenge))
    assert page.status_code == (404 if state in Challenge.WRITTEN else 200)


def test_a_log_in_that_ran_out_gives_the_text_back(team, client):
    page = client.post(page_of(team.challenge, "ask"), {"text": TEXT, "wants_meeting": "on"})
    assert page.status_code == 403
    assert TEXT in page.content.decode()
    assert 'name="wants_meeting" value="on"' in page.content.decode()


def test_after_logging_in_one_is_at_the_form(team, sign_in):
    page = sign_in(team.supplier).get(page_of(team.challenge, "ask"))
    assert page.headers["Location"] == page_of(team.challenge) + "#ask"


def test_a_form_shown_for_another_organisation_does_not_count(team, sign_in):
    page = sign_in(team.supplier).post(
        page_of(team.challenge, "ask"), {"text": TEXT, "for": team.rival_company.slug}
    )
    assert page.status_code == 409
    assert TEXT in page.content.decode()
    assert not Question.objects.exists()


# Taking back


def test_a_waiting_question_is_taken_back_and_nothing_stays(team, question, sign_in):
    client = sign_in(team.supplier)
    client.post(page_of(team.challenge, "question_take_back"), {"question": question.token})
    assert not Question.objects.exists()
    assert not Asker.objects.exists()


@pytest.mark.parametrize("role", ["rival", "colleague", "owner", "superuser"])
def test_nobody_takes_back_the_question_of_another(team, question, sign_in, role):
    client = sign_in(getattr(team, role))
    client.post(page_of(team.challenge, "question_take_back"), {"question": question.token})
    client.post(page_of(team.challenge, "question_take_back"), {"question": "x" * 500})
    client.post(page_of(team.challenge, "question_take_back"))
    assert Question.objects.get() == question


def test_what_is_published_is_not_taken_back(team, question):
    publish(team.challenge, team.owner, answer(question, team.owner))
    with pytest.raises(actions.Gone):
        actions.take_back(team.challenge, question.token, by=team.supplier)


# Answering


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


# Publishing


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
    assert len({(mail.subject, mail.body) for mail in mailoutbox}) == 1


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


# At the same moment


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


# Lists


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
        ("detail", "stranger", 9),
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
