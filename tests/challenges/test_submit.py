"""Handing in and taking back, on the actions and on the pages."""

import hashlib
import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from afori.common.states import NotAllowedNow, Refused
from afori.notifications import outbox
from afori.notifications.models import Notification, OutgoingMail
from challenges import actions
from challenges.locks import database_now
from challenges.models import Attempt, AuditEntry, Challenge, ChallengeKey, Submission

from .support import closes, fill, submit, submit_anew, text_of, unsealed, upload, write

pytestmark = pytest.mark.django_db
State = Submission.State
CONFIRMED = {"confirmed": "on"}


def test_each_submit_is_a_version_of_its_own(arena, draft):
    first = submit(draft, by=arena.supplier)
    write(draft, arena.criteria[0], "Ett bättre svar", by=arena.supplier)
    second = submit(draft, by=arena.supplier)

    draft.refresh_from_db()
    assert (first.number, second.number, draft.latest_version) == (1, 2, 2)
    assert draft.state == State.SUBMITTED
    first.refresh_from_db()
    assert json.loads(text_of(first))["answers"][0]["text"] == "Ett kort svar"
    assert json.loads(text_of(second))["answers"][0]["text"] == "Ett bättre svar"


def test_what_stands_already_is_not_received_once_more(arena, draft, client):
    first = submit(draft, by=arena.supplier)
    client.force_login(arena.supplier)
    address = reverse("challenges:submit", args=[arena.challenge.slug, draft.reference])
    page = client.get(address).context["form"].initial | {"confirmed": "on"}
    answer = client.post(address, page, follow=True)
    assert answer.redirect_chain[-1][0] == first.get_absolute_url()
    assert "redan inlämnat" in answer.content.decode()
    assert draft.versions.get() == first

    actions.withdraw(draft, by=arena.supplier)
    assert submit(draft, by=arena.supplier).number == 2


def test_no_answer_fills_the_disk(arena, draft, settings, monkeypatch):
    monkeypatch.setattr("challenges.actions.submitting.MOST_AN_HOUR", 2)
    actions.add_file(draft, upload(), by=arena.supplier)
    for text in ("Ett", "Två"):
        fill(draft, by=arena.supplier, text=text)
        submit(draft, by=arena.supplier)
    fill(draft, by=arena.supplier, text="Tre")
    with pytest.raises(Refused) as refusal:
        submit(draft, by=arena.supplier)
    assert refusal.value.code == "often"
    draft.versions.update(received_at=database_now() - timedelta(hours=2))
    settings.AFORI_ANSWER_BYTES = 100
    with pytest.raises(Refused) as refusal:
        submit(draft, by=arena.supplier)
    assert refusal.value.code == "room"
    settings.AFORI_ANSWER_BYTES = 1000
    assert submit(draft, by=arena.supplier).number == 3


def test_a_version_holds_everything_and_its_sum(arena, draft):
    actions.save_partners(draft, language="en", partners="Partner AB", by=arena.supplier)
    stored = actions.add_file(draft, upload(), by=arena.supplier)
    version = submit(draft, by=arena.supplier)
    version.refresh_from_db()
    text, file = unsealed(version)
    content = json.loads(text)

    assert version.sha256 == hashlib.sha256(text).hexdigest()
    assert file == b"En skiss"
    assert content["partners"] == "Partner AB"
    assert content["language"] == "en"
    assert (
        content["files"]
        == version.files
        == [
            {
                "token": stored.token,
                "name": "skiss.txt",
                "size": 8,
                "sha256": hashlib.sha256(b"En skiss").hexdigest(),
            }
        ]
    )
    again = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert text.decode() == again


def test_the_same_key_with_other_content_is_refused(arena, draft):
    key = uuid4()
    submit(draft, by=arena.supplier, key=key)
    write(draft, arena.criteria[0], "Något annat", by=arena.supplier)
    with pytest.raises(actions.KeyUsed):
        submit(draft, by=arena.supplier, key=key)
    assert draft.versions.count() == 1


def test_a_key_brings_no_withdrawn_answer_back(arena, draft):
    key = uuid4()
    submit(draft, by=arena.supplier, key=key)
    actions.withdraw(draft, by=arena.supplier)
    with pytest.raises(actions.KeyUsed):
        submit(draft, by=arena.supplier, key=key)
    draft.refresh_from_db()
    assert draft.state == State.WITHDRAWN
    assert submit(draft, by=arena.supplier).number == 2


def test_a_key_gives_no_version_that_another_has_replaced(arena, draft):
    key = uuid4()
    submit(draft, by=arena.supplier, key=key)
    write(draft, arena.criteria[0], "Något annat", by=arena.supplier)
    submit(draft, by=arena.supplier)
    write(draft, arena.criteria[0], "Ett kort svar", by=arena.supplier)
    with pytest.raises(actions.KeyUsed):
        submit(draft, by=arena.supplier, key=key)
    assert submit(draft, by=arena.supplier).number == 3


def test_what_was_not_looked_through_is_not_submitted(arena, two):
    with pytest.raises(actions.Overtaken):
        actions.submit(two.draft, submit_key=uuid4(), by=two.one, reviewed="0" * 64)
    assert not two.draft.versions.exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Skriv ett svar."),
        ("   \n", "Skriv ett svar."),
        ("ord " * 11, "Korta svaret med 1 ord"),
    ],
)
def test_what_is_not_complete_is_refused_with_reasons(arena, draft, text, message):
    write(draft, arena.criteria[0], text, by=arena.supplier)
    with pytest.raises(actions.NotComplete) as refusal:
        submit(draft, by=arena.supplier)

    [problem] = refusal.value.problems
    assert problem.message.startswith(message)
    assert not draft.versions.exists()
    assert not Attempt.objects.exists()


def test_withdraw_and_submit_again(arena, draft):
    submit(draft, by=arena.supplier)
    attempt = actions.withdraw(draft, by=arena.supplier)
    draft.refresh_from_db()
    assert (draft.state, attempt.kind) == (State.WITHDRAWN, "withdrawn")

    assert submit(draft, by=arena.supplier).number == 2
    draft.refresh_from_db()
    assert draft.state == State.SUBMITTED


def test_a_draft_cannot_be_withdrawn(arena, draft):
    with pytest.raises(NotAllowedNow):
        actions.withdraw(draft, by=arena.supplier)


def test_withdrawing_too_late_is_refused_and_logged(arena, draft):
    submit(draft, by=arena.supplier)
    closes_at = closes(arena.challenge, seconds=-1)
    with pytest.raises(actions.TooLate):
        actions.withdraw(draft, by=arena.supplier)

    draft.refresh_from_db()
    assert draft.state == State.SUBMITTED
    assert Attempt.objects.get().at > closes_at


def test_too_early_is_refused_and_logged(arena, draft):
    closes(arena.challenge, days=5)
    with pytest.raises(actions.TooLate) as refusal:
        submit(draft, by=arena.supplier)
    assert refusal.value.attempt.kind == Attempt.Kind.TOO_EARLY


def test_the_same_refused_attempt_within_a_minute_is_one(arena, two):
    submit(two.draft, by=two.one)
    closes(arena.challenge, seconds=-1)
    entries = AuditEntry.objects.count()
    attempts = [refused_attempt(two.draft, two.one) for _each in range(3)]
    with pytest.raises(actions.TooLate) as refusal:
        actions.withdraw(two.draft, by=two.one)

    assert {*attempts, refusal.value.attempt} == {Attempt.objects.get()}
    assert AuditEntry.objects.count() == entries + 1
    assert OutgoingMail.objects.filter(kind="challenges.refused").count() == 2

    another = refused_attempt(two.draft, two.other)
    Attempt.objects.filter(by=two.one).update(at=database_now() - timedelta(seconds=61))
    later = refused_attempt(two.draft, two.one)
    assert set(Attempt.objects.all()) == {attempts[0], another, later}
    assert later != attempts[0]


def refused_attempt(draft, author):
    with pytest.raises(actions.TooLate) as refusal:
        submit(draft, by=author)
    return refusal.value.attempt


def test_receipt_numbers_are_random(arena, draft):
    numbers = [submit_anew(draft, by=arena.supplier).receipt_number for _each in range(5)]
    assert len(set(numbers)) == 5
    assert all(re.fullmatch("[a-z2-9]{16}", number) for number in numbers)
    assert len({number[:4] for number in numbers}) > 1


def test_every_author_gets_the_receipt(arena, two, mailoutbox):
    version = submit(two.draft, by=two.one)
    outbox.drain()

    receipts = [mail for mail in mailoutbox if "Kvitto" in mail.subject]
    assert {address for mail in receipts for address in mail.to} == {two.one.email, two.other.email}
    assert version.printed_number in receipts[0].subject
    assert version.printed_number in receipts[0].alternatives[0].content or receipts[0].body
    for fact in ("svensk tid (UTC", version.sha256[:4], str(arena.challenge.title)):
        assert fact in receipts[0].body
        assert fact in receipts[0].alternatives[0].content


def test_one_who_has_left_gets_no_receipt(arena, two, mailoutbox):
    submit(two.draft, by=two.one)
    two.other.memberships.update(state="ended", ended_at=two.draft.created_at)
    outbox.drain()

    assert {mail.to[0] for mail in mailoutbox if "Kvitto" in mail.subject} == {two.one.email}
    assert OutgoingMail.objects.filter(
        kind="challenges.receipt", state=OutgoingMail.State.WITHHELD
    ).exists()


def test_the_whole_way_on_the_pages(arena, sign_in):
    client = sign_in(arena.supplier)
    client.post(reverse("challenges:answer", args=[arena.challenge.slug]))
    draft = Submission.objects.get()
    args = [arena.challenge.slug, draft.reference]
    for position in (1, 2):
        client.post(
            reverse("challenges:answer_edit", args=[*args, position]),
            {"text": "Vårt svar", "revision": 0, "then": "next"},
        )
    check = client.get(reverse("challenges:submit", args=args))
    form = check.context["form"].initial | CONFIRMED
    receipt = client.post(reverse("challenges:submit", args=args), form, follow=True)
    again = client.post(reverse("challenges:submit", args=args), form, follow=True)
    withdrawn = client.post(reverse("challenges:withdraw", args=args), follow=True)

    assert "Ert svar är inlämnat" in receipt.content.decode()
    assert again.request["PATH_INFO"] == receipt.request["PATH_INFO"]
    assert draft.versions.count() == 1
    assert "Ert svar är tillbakadraget" in withdrawn.content.decode()
    assert Notification.objects.filter(user=arena.supplier).count() == 2


def test_nothing_is_submitted_without_the_tick(arena, draft, sign_in):
    client = sign_in(arena.supplier)
    address = reverse("challenges:submit", args=[arena.challenge.slug, draft.reference])
    form = client.get(address).context["form"].initial
    page = client.post(address, form)

    assert "Kryssa i rutan" in page.content.decode()
    assert not draft.versions.exists()
    again = page.context["form"]
    assert str(again["submit_key"].value()) == str(form["submit_key"])
    client.post(address, form | CONFIRMED)
    assert draft.versions.count() == 1


def test_the_list_before_submitting_says_all_that_goes(arena, two, sign_in):
    actions.add_file(two.draft, upload(), by=two.one)
    submit(two.draft, by=two.one)
    write(two.draft, arena.criteria[0], "Nytt", by=two.one)
    address = reverse("challenges:submit", args=[arena.challenge.slug, two.draft.reference])
    page = sign_in(two.one).get(address).content.decode()

    sum_ = hashlib.sha256(b"En skiss").hexdigest()
    told = ["skiss.txt", sum_, "Nytt", "ersätter version 1", two.one.name, two.other.name]
    assert [word for word in told if word not in page] == []


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_has_constant_queries(
    arena, draft, sign_in, django_assert_max_num_queries, number
):
    for each in range(number):
        actions.add_file(draft, upload(f"skiss-{each}.txt"), by=arena.supplier)
    address = reverse("challenges:submit", args=[arena.challenge.slug, draft.reference])
    client = sign_in(arena.supplier)
    client.get(address)
    with django_assert_max_num_queries(12):
        client.get(address)


def test_a_lost_session_says_that_nothing_was_submitted(arena, draft, sign_in):
    client = sign_in(arena.supplier)
    address = reverse("challenges:submit", args=[arena.challenge.slug, draft.reference])
    form = client.get(address).context["form"].initial | CONFIRMED
    client.logout()
    held = client.post(address, form)

    assert held.status_code == 403
    assert "Inget är inlämnat än" in held.content.decode()
    assert f"{reverse('account_login')}?next={address}" in held.content.decode()
    assert not draft.versions.exists()


@pytest.mark.parametrize("state", ["unready", "cancelled"])
def test_what_cannot_be_received_says_so_and_keeps_the_draft(arena, draft, sign_in, state):
    client = sign_in(arena.supplier)
    address = reverse("challenges:submit", args=[arena.challenge.slug, draft.reference])
    form = client.get(address).context["form"].initial | CONFIRMED
    if state == "unready":
        ChallengeKey.objects.all().delete()
    else:
        Challenge.objects.update(state="cancelled")
    page = client.post(address, form, follow=True).content.decode()

    told = {
        "unready": "Förseglingen för den här utmaningen är inte klar",
        "cancelled": "togs inte emot",
    }
    assert told[state] in page
    assert not draft.versions.exists()
    assert "Ett kort svar" in client.get(address).content.decode()


def test_one_who_writes_no_more_is_told_on_submitting(arena, two, sign_in):
    client = sign_in(two.one)
    address = reverse("challenges:submit", args=[arena.challenge.slug, two.draft.reference])
    form = client.get(address).context["form"].initial | CONFIRMED
    actions.remove_author(two.draft, two.one, by=two.other)
    page = client.post(address, form)

    assert page.status_code == 404
    assert "Inget har sparats" in page.content.decode()


def test_submitting_too_late_on_the_page_shows_a_receipt(arena, draft, sign_in):
    client = sign_in(arena.supplier)
    address = reverse("challenges:submit", args=[arena.challenge.slug, draft.reference])
    form = client.get(address).context["form"].initial | CONFIRMED
    closes(arena.challenge, seconds=-1)
    page = client.post(address, form, follow=True)

    assert "Ert svar togs inte emot" in page.content.decode()
    assert Attempt.objects.get().printed_number in page.content.decode()


def test_a_page_that_was_overtaken_asks_to_look_again(arena, draft, sign_in):
    client = sign_in(arena.supplier)
    address = reverse("challenges:submit", args=[arena.challenge.slug, draft.reference])
    form = client.get(address).context["form"].initial | CONFIRMED
    write(draft, arena.criteria[0], "Ändrat under tiden", by=arena.supplier)
    page = client.post(address, form, follow=True)

    assert "Granska det igen" in page.content.decode()
    assert not draft.versions.exists()
