"""A supplier's own copy, and the decision: after the opening, for authors alone."""

import hashlib
import json

import pytest
from django.db import connection
from django.urls import reverse

from afori.common.crypto import encrypt
from challenges import actions, checking
from challenges.models import Challenge, OpenedAnswer, SealedPart
from tests.cast import ROLES

from .support import on_team, opened, submit, upload, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted(arena, draft):
    actions.save_partners(draft, language="sv", partners="Partner AB", by=arena.supplier)
    actions.add_file(draft, upload(), by=arena.supplier)
    submit(draft, by=arena.supplier)
    return draft


@pytest.fixture
def args(arena, submitted):
    return [arena.challenge.slug, submitted.reference]


@pytest.fixture
def parts(arena, submitted):
    """The sealed parts of the opened version: the text, then the file."""
    opened(arena.challenge)
    return list(SealedPart.objects.order_by("position"))


def copy_of(client, args):
    return client.get(reverse("challenges:copy", args=args)).content.decode()


def test_before_the_opening_nobody_reads_it(arena, submitted, args, sign_in):
    client = sign_in(arena.supplier)
    assert "samma kontrollsumma" in copy_of(client, args)
    assert "Ett kort svar" not in copy_of(client, args)
    write(submitted, arena.criteria[0], "Ändrat", by=arena.supplier)
    assert "ingen kopia" in copy_of(client, args)
    for name, more in (("copy_text", []), ("copy_file", [1])):
        assert client.get(reverse(f"challenges:{name}", args=[*args, *more])).status_code == 404


def test_the_opened_version_is_what_was_received(arena, submitted, args, sign_in):
    write(submitted, arena.criteria[0], "Utkastet efteråt", by=arena.supplier)
    version = submitted.versions.get()
    opened(arena.challenge)
    client = sign_in(arena.supplier)
    page = copy_of(client, args)
    assert "Ett kort svar" in page
    assert "Partner AB" in page
    assert "Utkastet efteråt" not in page

    text = client.get(reverse("challenges:copy_text", args=args))
    assert hashlib.sha256(text.content).hexdigest() == version.sha256
    assert json.loads(text.content)["partners"] == "Partner AB"
    assert "attachment" in text.headers["Content-Disposition"]
    file = client.get(reverse("challenges:copy_file", args=[*args, 1]))
    assert b"".join(file.streaming_content) == b"En skiss"
    assert "skiss.txt" in file.headers["Content-Disposition"]
    assert "sandbox" in file.headers["Content-Security-Policy"]


@pytest.mark.parametrize("role", [*ROLES, "colleague"])
def test_nobody_else_gets_a_copy(arena, submitted, args, sign_in, role):
    if role == "supplier":
        return
    opened(arena.challenge)
    client = sign_in(getattr(arena, role))
    for name, more in (("copy", []), ("copy_text", []), ("copy_file", [1])):
        response = client.get(reverse(f"challenges:{name}", args=[*args, *more]))
        assert response.status_code == (302 if role == "stranger" else 404)


@pytest.mark.parametrize("position", [0, 2, 99999])
def test_files_that_are_not_there(arena, submitted, args, sign_in, position):
    opened(arena.challenge)
    address = reverse("challenges:copy_file", args=[*args, position])
    assert sign_in(arena.supplier).get(address).status_code == 404


def test_a_damaged_text_is_told(arena, parts, args, sign_in):
    parts[0].text = bytes(parts[0].text)[:-1]
    parts[0].save()
    client = sign_in(arena.supplier)
    assert "Texten är skadad" in copy_of(client, args)
    page = client.get(reverse("challenges:copy_text", args=args), follow=True)
    assert "Den här delen är skadad" in page.content.decode()


UNREADABLE = [b"x", encrypt(b"{"), encrypt(b"7"), encrypt(b'[{"name": "skiss.txt"}]')]


@pytest.mark.parametrize("manifest", UNREADABLE, ids=range(4))
def test_a_lost_list_of_files_is_told_and_nothing_else_is_lost(
    arena, parts, submitted, args, sign_in, manifest
):
    on_team(arena.challenge, arena.owner)
    version = submitted.versions.get()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE challenges_submissionversion SET manifest = %s", [manifest])
    client = sign_in(arena.supplier)
    assert "Ett kort svar" in copy_of(client, args)
    pages = [
        client.get(reverse("challenges:copy", args=args)),
        client.get(version.get_absolute_url()),
        sign_in(arena.owner).get(OpenedAnswer.objects.get().get_absolute_url()),
    ]
    for page in pages:
        assert page.status_code == 200
        assert "kan inte läsas" in page.content.decode()
    client = sign_in(arena.supplier)
    assert client.get(submitted.get_absolute_url()).status_code == 200
    assert client.get(reverse("challenges:copy_text", args=args)).status_code == 200
    assert client.get(reverse("challenges:copy_file", args=[*args, 1])).status_code == 404
    assert checking.check(version.receipt_number, version.sha256).matches == "whole"


def test_a_damaged_key_damages_its_part_alone(arena, parts, args, sign_in):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE challenges_sealedpart SET data_key = 'x' WHERE id = %s", [parts[1].pk]
        )
    page = copy_of(sign_in(arena.supplier), args)
    assert "Ett kort svar" in page
    assert "kan inte läsas längre" in page


def test_a_damaged_file_is_never_sent_half(arena, parts, args, sign_in, media):
    path = media / parts[1].file.name
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    page = sign_in(arena.supplier).get(
        reverse("challenges:copy_file", args=[*args, 1]), follow=True
    )
    assert "Den här delen är skadad" in page.content.decode()
    path.unlink()
    page = sign_in(arena.supplier).get(
        reverse("challenges:copy_file", args=[*args, 1]), follow=True
    )
    assert "Den här delen är skadad" in page.content.decode()


def test_what_is_never_opened_says_so(arena, submitted, args, sign_in):
    actions.withdraw(submitted, by=arena.supplier)
    client = sign_in(arena.supplier)
    assert "drogs tillbaka" in copy_of(client, args)
    submit(submitted, by=arena.supplier)
    Challenge.objects.update(state="cancelled")
    assert "avbröts" in copy_of(client, args)
    assert "avbröts" in client.get(submitted.get_absolute_url()).content.decode()


def test_the_decision_shows_when_it_is_sent(arena, parts, submitted, sign_in):
    answer = OpenedAnswer.objects.get()
    answer_page = submitted.get_absolute_url()
    decision = answer._meta.get_field("decision").related_model.objects.create(
        answer=answer, result="chosen", feedback="Tydligt och modigt.", by=arena.owner
    )
    client = sign_in(arena.supplier)
    assert "Tydligt och modigt." not in client.get(answer_page).content.decode()
    decision.sent_at = answer.opening.opened_at
    decision.save()
    Challenge.objects.update(decisions_sent_at=answer.opening.opened_at)
    assert "Tydligt och modigt." in client.get(answer_page).content.decode()


def test_the_answers_page_asks_as_little_after_the_opening(
    arena, parts, submitted, sign_in, django_assert_max_num_queries
):
    client = sign_in(arena.supplier)
    client.get(submitted.get_absolute_url())
    with django_assert_max_num_queries(12):
        client.get(submitted.get_absolute_url())


@pytest.mark.parametrize("number", [1, 3])
def test_a_copy_has_constant_queries(arena, draft, sign_in, django_assert_max_num_queries, number):
    for each in range(number):
        actions.add_file(draft, upload(f"skiss-{each}.txt"), by=arena.supplier)
    submit(draft, by=arena.supplier)
    opened(arena.challenge)
    address = reverse("challenges:copy", args=[arena.challenge.slug, draft.reference])
    client = sign_in(arena.supplier)
    client.get(address)
    with django_assert_max_num_queries(12):
        client.get(address)
