"""The pages of an opening, from before the deadline to the protocol."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from afori.notifications import outbox
from challenges import actions
from challenges.actions.opening import note_refusal
from challenges.locks import database_now
from challenges.models import Approval, AuditEntry, Challenge, Opening, SealedPart
from tests import factories as make

from .support import (
    agreed,
    answered,
    approve,
    cleared,
    closes,
    name_openers,
    on_panel,
    on_team,
    opened,
    scored,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(arena):
    """Closed with an answer, waiting for its two openers, who have a second factor."""
    answered(arena.challenge, arena.company, by=arena.supplier)
    arena.openers = name_openers(arena.challenge, 3)
    for person in arena.openers:
        TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    on_team(arena.challenge, arena.owner)
    closes(arena.challenge, minutes=-2)
    arena.url = reverse("challenges:opening", args=[arena.challenge.slug])
    return arena


def confirm(client, method="mfa", ago=0):
    """As if the person had just shown who they are."""
    session = client.session
    record = {"method": method, "at": time.time() - ago, "reauthenticated": True}
    session["account_authentication_methods"] = [record]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()


def says(client, url, words):
    return words in client.get(url).content.decode()


def test_two_openers_approve_on_the_page(waiting, sign_in, mailoutbox):
    one, two, _third = waiting.openers
    client = sign_in(one)
    assert says(client, waiting.url, "Bekräfta att det är du")
    confirm(client)
    assert says(client, waiting.url, "Godkänn öppningen")
    client.post(waiting.url)
    assert says(client, waiting.url, "Du har godkänt. En till behövs")
    outbox.drain()
    assert sorted(mail.to[0] for mail in mailoutbox if "Godkänn" in mail.subject) == sorted(
        person.email for person in waiting.openers[1:]
    )

    client = sign_in(two)
    assert says(client, waiting.url, f"{one.name} har godkänt")
    confirm(client)
    client.post(waiting.url)
    assert says(client, waiting.url, "Svaren öppnas nu")
    actions.open_approved()
    assert says(client, waiting.url, "Svaren är öppnade")
    outbox.drain()
    told = {mail.to[0] for mail in mailoutbox if "öppnat" in mail.subject}
    assert told == {waiting.supplier.email}
    assert {mail.to[0] for mail in mailoutbox if mail.subject.startswith("Svaren är")} == {
        waiting.owner.email
    }


@pytest.mark.parametrize(
    ("method", "ago"), [("password", 0), ("mfa", 301), ("password", 301), (None, 0)]
)
def test_only_a_fresh_second_factor_counts(waiting, sign_in, settings, method, ago):
    settings.AFORI_REQUIRE_MFA = True
    client = sign_in(waiting.openers[0])
    if method:
        confirm(client, method, ago)
    response = client.post(waiting.url)
    assert response["Location"].startswith(reverse("mfa_reauthenticate"))
    assert not Approval.objects.exists()


def test_without_a_second_factor_one_is_led_to_set_it_up(waiting, sign_in, settings):
    settings.AFORI_REQUIRE_MFA = True
    waiting.openers[0].authenticator_set.all().delete()
    client = sign_in(waiting.openers[0])
    confirm(client)
    assert client.post(waiting.url)["Location"] == reverse("accounts:second_factor")
    assert not Approval.objects.exists()


def test_others_do_not_approve(waiting, sign_in):
    found = {}
    for role in ("owner", "member", "staff", "superuser", "supplier", "buyer", "stranger"):
        client = sign_in(getattr(waiting, role))
        if role != "stranger":
            confirm(client)
        found[role] = (client.get(waiting.url).status_code, client.post(waiting.url).status_code)
    others = dict.fromkeys(["member", "staff", "superuser", "supplier", "buyer"], (404, 404))
    assert found == {"owner": (200, 403), "stranger": (302, 302), **others}
    assert not Approval.objects.exists()


def test_early_cancelled_and_expired_are_told(waiting, sign_in):
    client = sign_in(waiting.openers[0])
    confirm(client)
    closes(waiting.challenge, minutes=-40)
    Approval.objects.create(
        challenge=waiting.challenge,
        opener=waiting.challenge.openers.get(user=waiting.openers[1]),
        at=database_now() - timedelta(minutes=31),
    )
    assert says(client, waiting.url, "gäller inte längre")
    closes(waiting.challenge, days=1)
    assert says(client, waiting.url, "Svarstiden är inte slut")
    client.post(waiting.url)
    Challenge.objects.filter(pk=waiting.challenge.pk).update(state="cancelled")
    assert says(client, waiting.url, "Svaren förblir förseglade")
    client.post(waiting.url)
    assert Approval.objects.count() == 1


def test_a_slow_or_refusing_opener_is_told_with_what_to_do(waiting, sign_in):
    client = sign_in(waiting.openers[0])
    closes(waiting.challenge, minutes=-20)
    for person in waiting.openers[:2]:
        approve(waiting.challenge, person)
    Approval.objects.update(at=database_now() - timedelta(minutes=3))
    assert says(client, waiting.url, "Inget är förlorat")
    note_refusal(waiting.challenge, "promise")
    assert says(client, waiting.url, "har stoppat öppningen")


def test_the_page_asks_again_with_and_without_scripts(waiting, sign_in):
    client = sign_in(waiting.openers[0])
    assert not says(client, waiting.url, "http-equiv")
    for person in waiting.openers[:2]:
        approve(waiting.challenge, person)
    page = client.get(waiting.url).content.decode()
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "data-hx-trigger" in page


def test_the_protocol_page_and_file(waiting, sign_in):
    opened(waiting.challenge)
    opening = Opening.objects.get()
    entry = AuditEntry.objects.get(event="opened")
    client = sign_in(waiting.openers[2])
    page = client.get(reverse("challenges:protocol", args=[waiting.challenge.slug]))
    text = page.content.decode()
    for words in (
        opening.protocol_sha256,
        entry.hash,
        waiting.company.name,
        waiting.openers[0].name,
        "skiss.txt",
    ):
        assert words in text
    file = client.get(reverse("challenges:protocol_file", args=[waiting.challenge.slug]))
    assert file.content.decode() == opening.protocol
    assert file["Content-Disposition"].startswith("attachment")


def test_damage_stands_in_the_protocol(waiting, sign_in):
    part = SealedPart.objects.get(position=1)
    with part.file.storage.open(part.file.name, "wb") as file:
        file.write(b"x" * 100)
    opened(waiting.challenge)
    client = sign_in(waiting.openers[0])
    assert says(
        client,
        reverse("challenges:protocol", args=[waiting.challenge.slug]),
        "stämde inte med kvittot",
    )


PAGES = ["opening", "protocol", "panel", "answers", "consensus", "ranking", "decisions"]
EACH = ["opened_answer", "consensus_answer", "decision"]


@pytest.mark.parametrize("anonymous", [False, True])
def test_pages_ask_the_database_as_often_with_one_answer_as_with_many(waiting, client, anonymous):
    waiting.challenge.anonymous_reading = anonymous
    waiting.challenge.save()
    one, many = counted(waiting, client, 0), counted(waiting, client, 2)
    assert {name: number for name, number in one.items() if many[name] != number} == {}
    assert {name: number for name, number in many.items() if number > 12} == {}


def counted(arena, client, more):
    """Queries by page, with that many answers more, in a challenge of its own."""
    challenge = make.ChallengeFactory(owner=arena.municipality)
    challenge.anonymous_reading = arena.challenge.anonymous_reading
    challenge.save()
    make.CriterionFactory(challenge=challenge, position=1)
    on_team(challenge, arena.owner)
    [judge] = on_panel(challenge, 1)
    for number in range(1 + more):
        company = make.OrganisationFactory(name=f"Bolag {number}")
        author = make.UserFactory()
        make.MembershipFactory(user=author, organisation=company)
        answered(challenge, company, by=author)
    opened(challenge)
    cleared(challenge, judge)
    answers = list(challenge.opening.answers.all())
    for answer in answers:
        scored(answer, judge)
        agreed(answer, arena.owner)
    pages = {name: reverse(f"challenges:{name}", args=[challenge.slug]) for name in PAGES}
    pages |= {
        name: reverse(f"challenges:{name}", args=[challenge.slug, answers[0].token])
        for name in EACH
    }
    found = {}
    for role, person in (("team", arena.owner), ("panel", judge)):
        client.force_login(person)
        for name, page in pages.items():
            if client.get(page).status_code == 200:
                found[role, name] = queries(client, page)
    assert len(found) == len(pages) + 7
    return found


def queries(client, page):
    with CaptureQueriesContext(connection) as captured:
        client.get(page)
    return len(captured)
