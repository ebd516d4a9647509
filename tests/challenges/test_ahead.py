"""What receipts and the answer's own page say of what has happened and what comes next."""

import re

import pytest
from django.db.models import F

from challenges import actions
from challenges.models import Challenge, OpenedAnswer

from .support import closes, decided, on_team, opened, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(arena, draft):
    on_team(arena.challenge, arena.owner)
    return submit(draft, by=arena.supplier)


def told(client, address):
    """The heading, and the steps with their states."""
    page = client.get(address).content.decode()
    found = re.search(r'<h2 id="ahead"[^>]*>(.+?)</h2>.*?<ol class="times">(.+?)</ol>', page, re.S)
    steps = re.findall(r'<li(?: class="(\w+)")?>(.+?)</li>', found[2], re.S)
    return found[1], [
        (re.sub(r"<br>.*", "", text).removeprefix("<strong>").removesuffix("</strong>"), state)
        for state, text in steps
    ]


OPEN = [
    ("Ni kan ändra, lämna in igen eller dra tillbaka", "next"),
    ("Två personer öppnar svaren tillsammans", "todo"),
    ("Beslut och återkoppling", "todo"),
]
CLOSED = [
    ("Svarstiden är slut", ""),
    ("Två personer öppnar svaren tillsammans", "next"),
    ("Beslut och återkoppling", "todo"),
]
OPENED = [
    ("Svarstiden är slut", ""),
    ("Två personer öppnade svaren tillsammans", ""),
    ("Beslut och återkoppling", "next"),
]
DECIDED = [*OPENED[:2], ("Beslut och återkoppling", "")]


def test_the_steps_of_what_was_submitted(arena, draft, version, sign_in):
    client = sign_in(arena.supplier)
    pages = [draft.get_absolute_url(), version.get_absolute_url()]

    def both():
        one, other = (told(client, page) for page in pages)
        assert one == other
        return one

    assert both() == ("Vad som händer nu", OPEN)
    closes(arena.challenge, seconds=-1)
    assert both() == ("Vad som händer nu", CLOSED)
    opened(arena.challenge)
    assert both() == ("Vad som händer nu", OPENED)
    decided(OpenedAnswer.objects.get(), arena.owner)
    actions.send_decisions(arena.challenge, by=arena.owner)
    assert both() == ("Det här har hänt", DECIDED)
    Challenge.objects.update(state="decided", published_at=F("opens_at"))
    assert both() == ("Det här har hänt", DECIDED)
    assert "dra tillbaka" not in "".join(client.get(page).content.decode() for page in pages)


def test_a_withdrawal_has_words_of_its_own(arena, draft, version, sign_in):
    receipt = actions.withdraw(draft, by=arena.supplier)
    client = sign_in(arena.supplier)
    assert told(client, receipt.get_absolute_url()) == (
        "Vad som händer nu",
        [
            ("Ni kan ändra utkastet och lämna in igen", "next"),
            ("Det som drogs tillbaka öppnas aldrig", "todo"),
        ],
    )
    submit(draft, by=arena.supplier)
    page = client.get(receipt.get_absolute_url()).content.decode()
    assert "version 2 gäller" in page


def test_what_was_cancelled_says_only_that(arena, draft, version, sign_in):
    Challenge.objects.update(state="cancelled")
    heading, [[words, state]] = told(sign_in(arena.supplier), version.get_absolute_url())
    assert (heading, state) == ("Det här har hänt", "")
    assert "avbröts" in words
