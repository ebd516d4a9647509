"""Nobody learns who asked a question: not the owner, not staff, not who reads the database."""

import base64
import logging
from datetime import timedelta

import pytest
import time_machine
from cryptography.fernet import Fernet
from django.contrib import admin
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from afori.accounts.models import User
from afori.common import crypto
from afori.common.personal_data import holdings
from afori.notifications import outbox
from afori.notifications.models import Notification, OutgoingMail
from afori.notifications.registry import get
from challenges import actions, personal_data
from challenges.models import Asker, Question, TeamMember
from tests import factories as make
from tests.cast import ROLES, employee

from .dumps import dump, mail_texts
from .questions.support import TEXT, WORDS, answer, ask, page_of, publish
from .test_secrecy import seen
from .worlds import admin_addresses

pytestmark = pytest.mark.django_db
TOKEN = "abcdefghijkmnpqr"
PERSON, COMPANY, QUESTION = 918273645, 827364519, 736451928
OTHERS = [*[role for role in ROLES if role not in ("supplier", "rival")], "colleague", "second"]


@pytest.fixture
def secret(arena):
    """The arena with a team, and a supplier who would be recognised anywhere."""
    arena.membership = arena.supplier.memberships.get()
    arena.second = employee(arena.municipality, name="Tage Team")
    for person in (arena.owner, arena.second):
        TeamMember.objects.create(challenge=arena.challenge, user=person)
    return arena


@pytest.fixture
def known(secret):
    """An asker whose keys, name and address occur nowhere else."""
    company = make.OrganisationFactory(pk=COMPANY, name="Kanariebolaget AB", slug="kanarie")
    asker = make.UserFactory(pk=PERSON, name="Kajsa Kanarie", email="kajsa@kanarie.example")
    make.MembershipFactory(user=asker, organisation=company)
    secret.asker = asker
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER SEQUENCE challenges_question_id_seq RESTART WITH {QUESTION}")
    return secret


def pages(arena, user):
    """Those around the challenge; for a superuser what the admin has of it as well."""
    found = {page_of(arena.challenge, name) for name in ("questions", "ask", "work_questions")}
    found |= {reverse(name) for name in ("my_pages", "notifications:list", "challenges:list")}
    found |= {arena.challenge.get_absolute_url(), reverse("search") + "?q=Utmaning"}
    if getattr(user, "is_superuser", False):
        desk = ("/admin/challenges/", "/admin/notifications/")
        found |= {one for one in admin_addresses(arena) if one.startswith(desk)}
    return sorted(found)


def snapshot(client, arena, user):
    own = [page_of(arena.challenge, "work_question", TOKEN)]
    return {address: seen(client, address) for address in [*pages(arena, user), *own]}


def asked_by(arena, person):
    question = ask(arena.challenge, person)
    Question.objects.filter(pk=question.pk).update(token=TOKEN)


@pytest.mark.parametrize("role", OTHERS)
def test_every_page_is_the_same_whoever_asked(secret, sign_in, role):
    """For the team too. Without a question it is the same for all but the team."""
    user = getattr(secret, role)
    with time_machine.travel(timezone.now(), tick=False):
        client = sign_in(user)
        states = [snapshot(client, secret, user)]
        for person in (secret.supplier, secret.rival):
            with transaction.atomic():
                asked_by(secret, person)
                states.append(snapshot(client, secret, user))
                transaction.set_rollback(True)
    nothing, one, other = states
    assert one == other
    assert (one == nothing) == (role not in ("owner", "second"))
    assert sum(page[0] == 200 for page in one.values()) >= 4


def test_the_team_reads_the_words_and_nothing_of_the_asker(known, sign_in):
    question = ask(known.challenge, known.asker)
    client = sign_in(known.owner)
    html = "".join(
        client.get(address).content.decode()
        for address in (
            page_of(known.challenge, "work_questions"),
            page_of(known.challenge, "work_question", question.token),
        )
    )
    assert TEXT in html
    for word in ("Kajsa", "Kanarie", "kanarie", str(PERSON), str(COMPANY)):
        assert word not in html


def test_no_page_tells_in_what_order_questions_came(secret, sign_in):
    client = sign_in(secret.owner)
    shown = []
    for order in ([0, 1], [1, 0]):
        with transaction.atomic():
            for index in order:
                one = ask(secret.challenge, secret.supplier, f"Fråga {index}")
                Question.objects.filter(pk=one.pk).update(token=TOKEN[:-1] + "xz"[index])
            shown.append(seen(client, page_of(secret.challenge, "work_questions")))
            transaction.set_rollback(True)
    assert shown[0] == shown[1]


def test_no_trace_in_database_logs_or_mails(
    known, sign_in, caplog, mailoutbox, django_capture_on_commit_callbacks
):
    """Asked, answered, published and declined, as it is done in the browser."""
    caplog.set_level(logging.DEBUG)
    client = sign_in(known.asker)
    for number in range(3):
        client.post(page_of(known.challenge, "ask"), {"text": f"Kanariefråga {number}"})
    taken = Question.objects.first()
    client.post(page_of(known.challenge, "question_take_back"), {"question": taken.token})
    first, second = Question.objects.all()
    client = sign_in(known.owner)
    one = page_of(known.challenge, "work_question", first.token)
    client.post(one, WORDS | {"revision": 0})
    client.post(page_of(known.challenge, "work_publish_answers"), {"chosen": f"{first.token}:1"})
    client.post(
        page_of(known.challenge, "work_question_decline", second.token),
        {"reason": "Nej.", "revision": 0},
    )
    actions.tell_of_questions(timezone.localdate())
    outbox.drain()
    assert {one.state for one in Question.objects.all()} == {"published", "declined"}

    assert "Kanariefråga" not in dump() + caplog.text
    sealed = rows("challenges_question") + rows("challenges_asker")
    assert len(sealed) == 4
    tokens = [first.token, second.token]
    links = [str(one.pk) for one in (first, second)] + tokens
    about = ["kajsa", "Kajsa", "kanarie", "Kanarie", str(PERSON), str(COMPANY)]
    assert [row for row in sealed if any(word in row for word in about)] == []
    everywhere = dump().splitlines()
    assert [row for row in everywhere if has(row, about) and has(row, links)] == []
    assert not has(caplog.text, ["kajsa", "Kajsa", *(one.mark for one in Asker.objects.all())])
    others = [mail for mail in mailoutbox if mail.to != [known.asker.email]]
    assert not has("".join(mail_texts(others)), ["Kajsa", "Kanarie", "kanarie"])


def has(text, words):
    return any(word in text for word in words)


def rows(table):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT t::text FROM "{table}" t')
        return [row for (row,) in cursor.fetchall()]


def test_such_a_row_would_be_found(known):
    """The search of the test above finds a notification that led to the question."""
    question = ask(known.challenge, known.asker)
    Notification.objects.create(key="k", user=known.asker, kind="x", subject_id=question.pk)
    found = [row for row in dump().splitlines() if has(row, [str(PERSON)])]
    assert [row for row in found if has(row, [str(question.pk)])]


def test_asking_leaves_no_trace_in_the_history(secret, sign_in):
    client = sign_in(secret.supplier)

    def contexts():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pghistory_context")
            return cursor.fetchone()[0]

    before = contexts()
    client.post(page_of(secret.challenge, "ask"), {"text": TEXT})
    question = Question.objects.get()
    assert contexts() == before
    client.post(page_of(secret.challenge, "question_take_back"), {"question": question.token})
    assert not Question.objects.exists()
    assert contexts() == before
    for model in (Question, Asker):
        assert not hasattr(model, "pgh_event_model")
        assert model not in admin.site._registry
        assert model._meta.default_permissions == ()


def test_no_relation_leads_from_a_question_or_a_person_to_an_asker():
    assert {field.name for field in Asker._meta.get_fields() if field.is_relation} == {"question"}
    related = {field.related_model for field in Question._meta.get_fields() if field.is_relation}
    assert not {Asker, User} & related
    assert Asker not in {field.related_model for field in User._meta.get_fields()}


def test_what_is_encrypted_does_not_tell_when(secret):
    """Fernet puts the time beside the text, for all to read: ours is always zero."""
    ask(secret.challenge, secret.supplier)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT q.text, a.person FROM challenges_question q JOIN challenges_asker a"
            " ON a.question_id = q.id"
        )
        for token in cursor.fetchone():
            moment = base64.urlsafe_b64decode(bytes(token))[1:9]
            assert int.from_bytes(moment) == 0


def test_two_questions_of_one_person_have_nothing_in_common(secret):
    for number in range(2):
        ask(secret.challenge, secret.supplier, f"Fråga {number}")
    one, other = Asker.objects.values_list("mark", flat=True)
    assert one != other
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT person) FROM challenges_asker")
        assert cursor.fetchone()[0] == 2


def test_the_asker_finds_it_also_after_the_key_was_changed(secret, settings):
    old, new = settings.AFORI_DATA_KEYS[0], Fernet.generate_key().decode()
    question = ask(secret.challenge, secret.supplier)
    try:
        settings.AFORI_DATA_KEYS = [new, old]
        crypto._keys.cache_clear()
        assert list(Question.objects.asked_by(secret.supplier, secret.challenge)) == [question]
        ask(secret.challenge, secret.supplier, "En till")
        assert Question.objects.asked_by(secret.supplier, secret.challenge).count() == 2
        assert not Question.objects.asked_by(secret.rival, secret.challenge).exists()
    finally:
        crypto._keys.cache_clear()


def test_addresses_that_the_asker_calls_do_not_hold_the_token(secret, sign_in):
    """Web servers log addresses with who called them."""
    question = ask(secret.challenge, secret.supplier)
    html = sign_in(secret.supplier).get(page_of(secret.challenge)).content.decode()
    assert html.count(question.token) == 1
    assert f'name="question" value="{question.token}"' in html


def test_kinds_about_questions_are_sealed():
    names = ("answers_published", "question_declined", "questions_wait")
    assert all(get(f"challenges.{name}").sealed for name in names)


def test_a_decline_leads_from_the_person_to_the_challenge_alone(known):
    question = ask(known.challenge, known.asker)
    actions.decline_question(question, revision=0, reason="Nej.", by=known.owner)
    told, mail = Notification.objects.get(), OutgoingMail.objects.get()
    assert told.subject_id == mail.subject_id == known.challenge.pk
    for text in (told.key, mail.key):
        assert question.token not in text
    kind = get("challenges.question_declined")
    assert kind.seen_by(known.asker, [known.challenge.pk])
    assert not kind.seen_by(known.supplier, [known.challenge.pk])


def test_the_team_is_told_the_next_morning_once(secret):
    ask(secret.challenge, secret.supplier)
    today = timezone.localdate()
    actions.tell_of_questions(today)
    assert not Notification.objects.exists()
    tomorrow = today + timedelta(days=1)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        for _each in range(2):
            actions.tell_of_questions(tomorrow)
    told = Notification.objects.filter(kind="challenges.questions_wait")
    assert {one.user for one in told} == {secret.owner, secret.second}
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        actions.tell_of_questions(tomorrow + timedelta(days=1))
    assert told.count() == 2


# What the person has a right to


def test_own_data_holds_ones_own_questions_and_nobody_elses(secret):
    question = ask(secret.challenge, secret.supplier)
    ask(secret.challenge, secret.rival, "Rivalens fråga")
    answer(question, secret.owner)
    [own] = personal_data.questions(secret.supplier)
    assert own.text == TEXT
    assert str(own.answer) == ""
    publish(secret.challenge, secret.owner, Question.objects.get(pk=question.pk))
    [own] = personal_data.questions(secret.supplier)
    assert str(own.answer) == "Ja, gärna."
    [holding] = [one for one in holdings() if one.name == "answers"]
    told = [row for rows in holding.collect(secret.supplier).values() for row in rows]
    assert TEXT in str(told)
    assert "Rivalens" not in str(told)


def test_ones_own_questions_are_found_at_all_challenges_in_as_few_queries(
    secret, django_assert_num_queries, monkeypatch
):
    ask(secret.challenge, secret.supplier)
    with django_assert_num_queries(2):
        assert len(list(personal_data.questions(secret.supplier))) == 1
    for text in ("Två", "Tre"):
        ask(make.ChallengeFactory(), secret.supplier, text)
    ask(make.ChallengeFactory(), secret.rival, "Rivalens fråga")
    with django_assert_num_queries(2):
        texts = [one.text for one in personal_data.questions(secret.supplier)]
    assert texts == [TEXT, "Två", "Tre"]
    monkeypatch.setattr(personal_data, "AT_A_TIME", 1)
    assert [one.text for one in personal_data.questions(secret.supplier)] == texts
    personal_data.erase(secret.supplier)
    assert Asker.objects.count() == 1


def test_erasing_an_account_keeps_the_question_and_forgets_the_asker(secret):
    question = answer(ask(secret.challenge, secret.supplier), secret.owner)
    ask(secret.challenge, secret.rival)
    personal_data.erase(secret.supplier)
    assert Asker.objects.count() == 1
    publish(secret.challenge, secret.owner, question)
    assert not Notification.objects.filter(user=secret.supplier).exists()


def test_reaching_a_question_of_one_challenge_under_another_is_not_found(secret, sign_in):
    other = make.ChallengeFactory(owner=secret.municipality)
    TeamMember.objects.create(challenge=other, user=secret.owner)
    question = ask(secret.challenge, secret.supplier)
    client = sign_in(secret.owner)
    assert client.get(page_of(other, "work_question", question.token)).status_code == 404
    assert reverse("challenges:work_question", args=[other.slug, "x"])
