"""What a digest says, to whom, and what keeps it from going out."""

import pytest
from django.utils import timezone, translation

from afori.notifications import outbox, planning
from afori.notifications.digest import preview
from afori.notifications.following import follow, new_reader, unfollow
from afori.notifications.models import Digest, Reader
from afori.notifications.unsubscribing import unsubscribe
from challenges.models import Challenge
from challenges.notifications.announcing import CHALLENGES
from networks.models import Need, NetworkMembership
from networks.notifications import NEED_OPENED
from tests import factories as make
from tests.cast import ROLES

from .support import (
    DAY,
    announced,
    due,
    following,
    mails,
    new_challenge,
    outcome,
    prefer,
    sent,
    tell,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(cast):
    return following(cast.user, "network", cast.network)


def test_a_digest_has_deadlines_first_then_news_each_with_its_reason(cast, reader, mailoutbox):
    soon = new_challenge(cast, title_sv="Snart stängd", closes_at=timezone.now() + 3 * DAY)
    topic = make.TopicFactory(name_sv="Cirkulär ekonomi")
    follow("topic", topic, by=cast.user)
    other = make.ChallengeFactory(title_sv="Om kretslopp", closes_at=timezone.now() + 60 * DAY)
    other.topics.add(topic)
    announced(other)
    new_challenge(cast, title_sv="Ny i nätverket")
    due(reader)
    mail = sent(mailoutbox)[cast.user.email]
    assert mail.subject == "1 tid att passa, 2 nyheter"
    places = [
        "Snart stänger",
        soon.title_sv,
        "Du följer nätverket Välfärdsteknik.",
        "Välfärdsteknik",
        "Ny i nätverket",
        "Cirkulär ekonomi",
        "Om kretslopp",
        "Du följer området Cirkulär ekonomi.",
    ]
    html = mail.alternatives[0][0]
    for text in (mail.body, html):
        found, at = [], 0
        for place in places:
            at = text.find(place, at)
            found.append(at)
        assert -1 not in found, (found, text)
    assert mail.body.count(soon.title_sv) == 1
    assert "\ue000" not in mail.body + html + mail.subject


def test_headers_let_a_mail_program_unsubscribe(cast, reader, mailoutbox, settings):
    new_challenge(cast)
    due(reader)
    mail = sent(mailoutbox)[cast.user.email]
    listed = mail.extra_headers["List-Unsubscribe"]
    https, mailto = (one.strip("<>") for one in listed.split(", "))
    assert https.startswith(f"{settings.AFORI_BASE_URL}/")
    assert mailto.startswith(f"mailto:{settings.AFORI_CONTACT_EMAIL}?subject=")
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_same_thing_by_three_follows_comes_once_for_the_most_exact(cast, reader, mailoutbox):
    challenge = new_challenge(cast)
    for kind, subject in [("organisation", cast.municipality), ("challenge", challenge)]:
        follow(kind, subject, by=cast.user)
    follow("every_challenge", by=cast.user)
    due(reader)
    mail = sent(mailoutbox)[cast.user.email]
    assert mail.subject == "1 nyhet"
    assert mail.body.count(challenge.title_sv) == 1
    assert "Du följer utmaningen." in mail.body


def test_nothing_new_is_not_sent(cast, reader, mailoutbox):
    due(reader)
    assert sent(mailoutbox) == {}
    assert not Digest.objects.exists()
    assert Reader.objects.get().next_at > timezone.now()


def withdraw_access(cast, need):
    NetworkMembership.objects.filter(user=cast.member).update(
        state="removed", ended_at=timezone.now(), decided_at=timezone.now()
    )


def suspend(cast, need):
    cast.member.is_active = False
    cast.member.save()


def stop(cast, need):
    Need.objects.filter(pk=need.pk).update(state="stopped", stopped_reason_sv="Slut.")


def delete(cast, need):
    need.delete()


def end_digest(cast, need):
    unsubscribe(cast.member.reader, None)


def end_follow(cast, need):
    unfollow("network", cast.network, by=cast.member)


BETWEEN = {
    withdraw_access: "empty",
    suspend: "inactive",
    stop: "empty",
    delete: "empty",
    end_digest: "unsubscribed",
    end_follow: "empty",
}


@pytest.mark.parametrize("change", BETWEEN)
def test_what_changes_between_planning_and_sending_holds(cast, mailoutbox, change):
    reader = following(cast.member, "network", cast.network)
    need = make.NeedFactory(network=cast.network, visibility="network", state="open")
    tell(NEED_OPENED, need)
    due(reader)
    planning.plan()
    assert mails().count() == 1
    change(cast, need)
    outbox.drain()
    assert mailoutbox == []
    assert outcome(reader) == ("withheld", BETWEEN[change])


def test_unpublished_in_time_is_not_in_it(cast, reader, mailoutbox):
    challenge, other = new_challenge(cast), new_challenge(cast)
    due(reader)
    planning.plan()
    Challenge.objects.filter(pk=challenge.pk).update(state="draft")
    outbox.drain()
    [mail] = mailoutbox
    assert mail.subject == "1 nyhet"
    assert challenge.title_sv not in mail.body
    assert other.title_sv in mail.body


SEES = {"member", "coordinator"}


@pytest.mark.parametrize("role", [role for role in ROLES if role != "stranger"])
def test_nobody_gets_needs_of_a_network_that_are_not_theirs(cast, mailoutbox, role):
    """The cast's every digest: needs for members are for members, staff and superusers are not."""
    person = getattr(cast, role)
    reader = following(person, "network", cast.network)
    follow("every_need", by=person)
    secret = make.NeedFactory(
        network=cast.network, visibility="network", state="open", title_sv="Hemligt behov"
    )
    draft = make.ChallengeFactory(
        owner=cast.municipality, network=cast.network, state="draft", title_sv="Bara ett utkast"
    )
    tell(NEED_OPENED, secret)
    announced(draft)
    new_challenge(cast, title_sv="För alla")
    due(reader)
    mail = sent(mailoutbox)[person.email]
    whole = mail.subject + mail.body + mail.alternatives[0][0]
    assert "För alla" in whole
    assert ("Hemligt behov" in whole) == (role in SEES)
    assert "Bara ett utkast" not in whole


def test_an_address_without_an_account_gets_what_is_public(cast, mailoutbox):
    reader = new_reader(address="nagon@example.org", language="en", confirmed_at=timezone.now())
    follow("network", cast.network, by=reader)
    need = make.NeedFactory(network=cast.network, visibility="network", state="open")
    tell(NEED_OPENED, need)
    new_challenge(cast, title_en="For all")
    due(reader)
    mail = sent(mailoutbox)["nagon@example.org"]
    assert mail.subject == "1 news item"
    assert "For all" in mail.body
    assert need.title_sv not in mail.body + mail.alternatives[0][0]


def test_an_address_that_is_not_confirmed_gets_nothing(cast, mailoutbox):
    reader = new_reader(address="nagon@example.org", language="sv")
    follow("network", cast.network, by=reader)
    new_challenge(cast)
    assert reader.next_at is None
    assert sent(mailoutbox) == {}


def test_what_was_mailed_at_once_is_not_in_the_digest(cast, reader, mailoutbox):
    prefer(reader, CHALLENGES, "at_once")
    new_challenge(cast)
    due(reader)
    sent(mailoutbox)
    [mail] = mailoutbox
    assert mail.subject.startswith("Ny utmaning: ")
    assert "List-Unsubscribe" in mail.extra_headers


def test_off_is_off(cast, reader, mailoutbox):
    prefer(reader, CHALLENGES, "off", in_app=False)
    new_challenge(cast, closes_at=timezone.now() + 3 * DAY)
    due(reader)
    assert sent(mailoutbox) == {}
    assert not cast.user.notifications.exists()


def test_the_preview_is_what_would_be_sent(cast, reader, mailoutbox):
    due(reader)
    reader.refresh_from_db()
    with translation.override("sv"):
        assert str(preview(reader)) == "empty"
    new_challenge(cast, closes_at=timezone.now() + 3 * DAY)
    new_challenge(cast)
    with translation.override("sv"):
        shown = preview(reader)
    assert not Digest.objects.exists()
    mail = sent(mailoutbox)[cast.user.email]
    assert (shown.subject, shown.text) == (mail.subject, mail.body)


@pytest.mark.parametrize("number", [1, 3])
def test_a_chunk_takes_the_same_queries_for_any_number(
    cast, django_assert_num_queries, number, mailoutbox
):
    readers = [following(make.UserFactory(), "network", cast.network) for _each in range(number)]
    for _each in range(number):
        new_challenge(cast, closes_at=timezone.now() + 3 * DAY)
    due(*readers)
    with django_assert_num_queries(PLANNING):
        planning.plan()
    claimed = outbox.claim()
    assert len(claimed) == number
    with django_assert_num_queries(COMPOSING):
        assert len(outbox.composed_together(claimed)) == number


@pytest.mark.parametrize("number", [1, 3])
def test_mails_at_once_take_the_same_queries_for_any_number(
    cast, django_assert_num_queries, number
):
    for _each in range(number):
        person = following(make.UserFactory(), "network", cast.network)
        prefer(person, CHALLENGES, "at_once")
    new_challenge(cast)
    claimed = outbox.claim()
    assert len(claimed) == number
    with django_assert_num_queries(4):
        assert len(outbox.composed_together(claimed)) == number


PLANNING = 18
COMPOSING = 13
