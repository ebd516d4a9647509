"""One part, one writer at a time: who has it open is told, and nothing typed is lost."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from challenges import actions
from challenges.locks import database_now
from challenges.models import Answer, SetAside

from .support import closes, write
from .test_deadline import in_threads

pytestmark = pytest.mark.django_db


@pytest.fixture
def criterion(arena):
    return arena.criteria[0]


@pytest.fixture
def part(arena, draft):
    return reverse("challenges:answer_edit", args=[arena.challenge.slug, draft.reference, 1])


def answer_of(criterion):
    return Answer.objects.get(criterion=criterion)


def expire(criterion):
    Answer.objects.filter(criterion=criterion).update(
        writing_until=timezone.now() - timedelta(seconds=1)
    )


def test_opening_tells_colleagues_who_writes(arena, two, criterion, part, sign_in):
    write(two.draft, criterion, "Så långt", by=two.one)
    sign_in(two.one).get(part)
    page = sign_in(two.other).get(part).content.decode()

    assert f"{two.one.name} skriver här" in page
    assert "Så långt" in page
    assert 'name="text"' not in page
    assert "answer.js" not in page
    assert answer_of(criterion).writer == two.one


def test_the_overview_says_so_too(arena, two, part, sign_in):
    sign_in(two.one).get(part)
    told = f"{two.one.name} skriver"
    assert told in sign_in(two.other).get(two.draft.get_absolute_url()).content.decode()
    assert told not in sign_in(two.one).get(two.draft.get_absolute_url()).content.decode()


def test_another_part_is_free(arena, two, part, sign_in):
    sign_in(two.one).get(part)
    page = sign_in(two.other).get(part.replace("/del/1/", "/del/2/"))
    assert 'name="text"' in page.content.decode()


def test_it_is_free_when_the_time_has_run_out(arena, two, criterion, part, sign_in):
    sign_in(two.one).get(part)
    expire(criterion)
    assert 'name="text"' in sign_in(two.other).get(part).content.decode()
    assert answer_of(criterion).writer == two.other


def test_the_web_servers_clock_does_not_matter(arena, two, criterion, part, sign_in):
    sign_in(two.one).get(part)
    client = sign_in(two.other)
    with time_machine.travel(timezone.now() + timedelta(minutes=30)):
        page = client.get(part).content.decode()
    assert 'name="text"' not in page


@pytest.mark.parametrize("then", ["next", "close"])
def test_saving_leaves_the_part(arena, two, criterion, part, sign_in, then):
    client = sign_in(two.one)
    client.get(part)
    client.post(part, {"text": "Klart", "revision": 1, "then": then})
    assert answer_of(criterion).text == "Klart"
    assert answer_of(criterion).writer is None


def test_autosave_goes_on_holding_it(arena, two, criterion, part, sign_in):
    client = sign_in(two.one)
    client.get(part)
    before = answer_of(criterion)
    for text in ("Mer", "Mer"):
        saved = client.post(f"{part}spara/", {"text": text, "revision": before.revision})
        assert saved.json()["state"] == "saved"
        before.revision = saved.json()["revision"]
    after = answer_of(criterion)
    assert after.writing_until > before.writing_until
    assert after.writing_since == before.writing_since


def test_taking_over_keeps_what_the_other_had_not_saved(arena, two, criterion, part, sign_in):
    sign_in(two.one).get(part)
    sign_in(two.other).post(f"{part}ta-over/")
    assert answer_of(criterion).writer == two.other

    client = sign_in(two.one)
    told = client.post(f"{part}spara/", {"text": "Inte sparat än", "revision": 1})
    assert (told.status_code, told.json()["state"]) == (409, "taken")
    page = client.get(part).content.decode()
    assert "Inte sparat än" in page
    assert f"{two.other.name} skriver här" in page
    assert answer_of(criterion).text == "Ett kort svar"

    client = sign_in(two.other)
    client.post(part, {"text": "Den nya", "revision": 1})
    assert answer_of(criterion).text == "Den nya"
    assert SetAside.objects.get().text == "Inte sparat än"


def test_saving_by_the_button_after_a_take_over_says_what_became_of_it(
    arena, two, criterion, part, sign_in
):
    sign_in(two.one).get(part)
    sign_in(two.other).post(f"{part}ta-over/")
    page = sign_in(two.one).post(part, {"text": "Min", "revision": 1}, follow=True)
    assert "sparad vid sidan om" in page.content.decode()
    assert answer_of(criterion).text == "Ett kort svar"


def test_closing_the_window_leaves_only_what_it_had(arena, two, criterion, part, sign_in):
    client = sign_in(two.one)
    since = client.get(part).context["answer"].writing_since.isoformat()
    client.get(part)
    client.post(f"{part}lamna/", {"since": since})
    assert answer_of(criterion).writer == two.one

    since = answer_of(criterion).writing_since.isoformat()
    assert sign_in(two.other).post(f"{part}lamna/", {"since": since}).status_code == 204
    assert answer_of(criterion).writer == two.one
    sign_in(two.one).post(f"{part}lamna/", {"since": since})
    assert answer_of(criterion).writer is None


@pytest.mark.parametrize("since", ["", "i går", "2026", "9" * 40])
def test_nonsense_leaves_nothing(arena, two, criterion, part, sign_in, since):
    client = sign_in(two.one)
    client.get(part)
    assert client.post(f"{part}lamna/", {"since": since}).status_code == 204
    assert answer_of(criterion).writer == two.one


def test_nothing_is_held_or_taken_after_the_deadline(arena, two, criterion, part, sign_in):
    closes(arena.challenge, seconds=-1)
    client = sign_in(two.one)
    client.get(part)
    client.post(f"{part}ta-over/")
    assert answer_of(criterion).writer is None


def test_others_find_nothing_to_take(arena, draft, part, sign_in):
    for person in (arena.colleague, arena.rival, arena.superuser):
        client = sign_in(person)
        for step in ("ta-over", "lamna"):
            assert client.post(f"{part}{step}/").status_code == 404


@pytest.mark.parametrize("held", [False, True])
def test_a_part_has_constant_queries(
    arena, two, part, sign_in, django_assert_max_num_queries, held
):
    if held:
        sign_in(two.other).get(part)
    client = sign_in(two.one)
    client.get(part)
    with django_assert_max_num_queries(12):
        client.get(part)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", ["new", "free", "expired"])
def test_of_two_who_open_at_once_one_gets_it(arena, two, criterion, state):
    if state == "new":
        Answer.objects.filter(criterion=criterion).delete()
    if state == "expired":
        Answer.objects.filter(criterion=criterion).update(writer=arena.rival)
        expire(criterion)
    people = [two.one, two.other]
    for _round in range(5):
        found = in_threads(
            2,
            lambda index: actions.open_part(
                two.draft, criterion, by=people[index], at=database_now()
            ),
        )
        assert len({answer.writer_id for answer in found}) == 1
        actions.leave_part(two.draft, criterion, by=found[0].writer)
