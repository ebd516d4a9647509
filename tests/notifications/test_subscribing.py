"""News by e-mail alone. Only the owner of an address begins, changes or ends what comes to it."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from afori.common.retention import apply_all
from afori.notifications import outbox
from afori.notifications.following import follow, new_reader
from afori.notifications.models import Follow, OutgoingMail, Reader
from afori.notifications.subscribing import link_to_confirm, own_link, take_over
from tests import factories as make

pytestmark = pytest.mark.django_db
FORM = "/notiser/med-mejl/"
ADDRESS = "lina@example.org"


@pytest.fixture
def topics():
    return [make.TopicFactory(slug=slug, name_sv=slug.capitalize()) for slug in ("ljus", "vatten")]


@pytest.fixture
def scanner():
    """Opens links without cookies, as programs do that look for harm in mails."""
    return Client(enforce_csrf_checks=True)


def ask(client, topics, email=ADDRESS):
    return client.post(FORM, {"topics": [one.pk for one in topics], "email": email})


def link(mailoutbox):
    """The path of the link in the latest mail that went out."""
    outbox.drain()
    found = re.search(r"http://\S+?(/notiser/\S+|/konto/\S+)", mailoutbox[-1].body)
    return found.group(1)


def followed(address=ADDRESS):
    return set(Follow.objects.filter(reader__address=address).values_list("subject_id", flat=True))


def keys(topics):
    return {one.pk for one in topics}


def test_nothing_comes_until_the_owner_presses_the_button(client, scanner, topics, mailoutbox):
    assert ask(client, topics).url == reverse("notifications:by_mail_asked")
    url = link(mailoutbox)
    for _twice in range(2):
        assert scanner.get(url).status_code == 200
        assert scanner.head(url).status_code == 200
    reader = Reader.objects.get(address=ADDRESS)
    assert (reader.confirmed_at, reader.next_at, followed()) == (None, None, set())
    answer = scanner.post(url)
    assert answer.status_code == 200
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]
    reader.refresh_from_db()
    assert reader.next_at > timezone.now()
    assert followed() == keys(topics)


def test_a_link_that_was_used_says_so_and_leads_on(client, topics, mailoutbox):
    ask(client, topics)
    url = link(mailoutbox)
    client.post(url)
    before = Reader.objects.values().get()
    own = re.search(r'href="(/notiser/med-mejl/val/[^"]+)"', client.get(url).text).group(1)
    assert client.get(own).status_code == 200
    client.post(url)
    assert Reader.objects.values().get() == before


def test_others_cannot_change_what_an_address_follows(client, topics, mailoutbox):
    one, other = topics
    ask(client, [one])
    client.post(link(mailoutbox))
    ask(client, [other])
    outbox.drain()
    assert followed() == {one.pk}


@pytest.mark.parametrize("verified", [True, False])
def test_the_answer_never_tells_whether_an_address_is_known(client, topics, mailoutbox, verified):
    person = make.UserFactory(email="maja@example.org")
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=person, email=person.email, verified=verified, primary=True)
    new_reader(address="kand@example.org", confirmed_at=timezone.now())
    answers = [
        ask(client, topics, email) for email in ("maja@example.org", "kand@example.org", ADDRESS)
    ]
    assert len({(one.status_code, one.url, one.content) for one in answers}) == 1
    outbox.drain()
    told = {mail.to[0]: mail.body for mail in mailoutbox}
    assert ("/konto/logga-in/" in told["maja@example.org"]) == verified
    assert Reader.objects.filter(address="maja@example.org").exists() != verified


def test_letters_are_small_whoever_types_them(client, topics):
    for email in ("Lina@Example.org", " lina@example.ORG "):
        ask(client, topics, email)
    assert Reader.objects.get().address == ADDRESS


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"email": "nej", "topics": ["1"]},
        {"email": ADDRESS},
        {"email": ADDRESS, "topics": ["x"]},
        {"email": ADDRESS, "topics": [str(10**30)]},
        {"email": "a" * 300 + "@example.org"},
    ],
)
def test_slips_are_told_and_nothing_is_sent(client, data):
    page = client.post(FORM, data)
    assert page.status_code == 200
    assert "ds-error-summary" in page.text
    assert not Reader.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_one_address_is_asked_a_few_times_an_hour(client, topics):
    statuses = [ask(client, topics).status_code for _each in range(7)]
    assert statuses[:3] == [302, 302, 302]
    assert statuses[-1] == 429


def test_a_link_lives_for_a_week(client, topics):
    url = link_to_confirm(new_reader(address=ADDRESS), [topics[0].pk])
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        for answer in (client.get(url), client.post(url)):
            assert answer.status_code == 410
            assert FORM in answer.text
    assert not followed()


def spoiled(token):
    return [
        "x",
        token[:-1],
        token[1:],
        token + "a",
        token.replace("~", "~9-"),
        "å" * 40,
        "~",
        "...",
    ]


def test_links_of_one_never_touch_another(client, topics):
    mine = new_reader(address=ADDRESS, confirmed_at=timezone.now())
    other = new_reader(address="olle@example.org", confirmed_at=timezone.now())
    for reader in (mine, other):
        follow("topic", topics[0], by=reader)
    asked = link_to_confirm(mine, [topics[1].pk])
    own = own_link(mine)
    tokens = [url.rstrip("/").rpartition("/")[2] for url in (asked, own)]
    for name in ("confirm", "own"):
        bad = [one for token in tokens for one in spoiled(token) if one != token]
        bad.append(tokens[0] if name == "own" else tokens[1])
        for token in bad:
            answer = client.post(reverse(f"notifications:{name}", args=[token]), {"stop": "1"})
            assert answer.status_code in (400, 404)
    assert (followed(), followed("olle@example.org")) == ({topics[0].pk}, {topics[0].pk})
    client.post(own, {"stop": "1"})
    assert not Reader.objects.filter(address=ADDRESS).exists()
    assert followed("olle@example.org") == {topics[0].pk}
    assert client.get(own).status_code == 404


def test_the_owner_changes_topics(client, scanner, topics):
    reader = new_reader(address=ADDRESS, confirmed_at=timezone.now())
    follow("topic", topics[0], by=reader)
    assert scanner.get(own_link(reader)).status_code == 200
    scanner.post(own_link(reader), {"topics": [topics[1].pk]})
    assert followed() == {topics[1].pk}
    page = scanner.post(own_link(reader), {})
    assert "ds-error-summary" in page.text
    assert followed() == {topics[1].pk}


def test_what_nobody_confirms_is_forgotten_after_a_week(topics):
    new_reader(address=ADDRESS)
    kept = new_reader(address="olle@example.org", confirmed_at=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        apply_all()
    assert list(Reader.objects.all()) == [kept]


def test_with_an_account_the_addresss_reader_becomes_the_persons(topics):
    reader = new_reader(address=ADDRESS, confirmed_at=timezone.now())
    follow("topic", topics[0], by=reader)
    person = make.UserFactory(email=ADDRESS)
    address = EmailAddress(user=person, email=ADDRESS, verified=True)
    request = RequestFactory().get("/")
    request.user = person
    email_confirmed.send(None, request=request, email_address=address)
    reader.refresh_from_db()
    assert (reader.user, reader.address) == (person, None)
    assert Follow.objects.of(person).get().subject_id == topics[0].pk


def test_with_settings_of_their_own_the_person_gets_what_it_followed(topics):
    person = make.UserFactory(email=ADDRESS)
    follow("topic", topics[0], by=person)
    reader = new_reader(address=ADDRESS, confirmed_at=timezone.now())
    for topic in topics:
        follow("topic", topic, by=reader)
    take_over(person, ADDRESS)
    assert set(Follow.objects.of(person).values_list("subject_id", flat=True)) == keys(topics)
    assert Reader.objects.get().user == person


def test_what_was_never_confirmed_becomes_nobodys():
    new_reader(address=ADDRESS)
    take_over(make.UserFactory(email=ADDRESS), ADDRESS)
    assert not Reader.objects.exists()


def test_a_stranger_follows_nothing_of_those_without_an_account(client, cast, topics):
    reader = new_reader(address=ADDRESS, confirmed_at=timezone.now())
    follow("network", cast.network, by=reader)
    follow("topic", topics[0], by=reader)
    for page in (cast.network.get_absolute_url(), reverse("challenges:list") + "?topic=ljus"):
        assert "sluta-folja" not in client.get(page).text
