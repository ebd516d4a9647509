"""One click out of each kind of mails: by whoever holds the link, and nobody else."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from afori.notifications.following import follow, reader_of
from afori.notifications.models import Preference, Reader
from afori.notifications.unsubscribing import signer, token_for
from challenges.notifications.announcing import CHALLENGES

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def mail_program():
    """Keeps no cookies and knows no token against forgery."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def readers(cast):
    return [reader_of(cast.user), reader_of(cast.member)]


def address(reader, what="digest"):
    return reverse("notifications:unsubscribe", args=[token_for(reader, what)])


def state():
    wishes = Preference.objects.values_list("reader", "group", "mail", "in_app")
    readers = Reader.objects.order_by("pk").values_list("pk", "frequency", "next_at", "updated_at")
    return list(readers), sorted(wishes)


def test_looking_changes_nothing(mail_program, readers):
    before = state()
    for reader in readers:
        for what in ("digest", CHALLENGES.name):
            page = mail_program.get(address(reader, what))
            assert page.status_code == 200
            assert not page.cookies
            assert "no-store" in page["Cache-Control"]
    assert mail_program.head(address(readers[0])).status_code == 200
    assert state() == before


def test_one_click_ends_the_digest_of_its_reader_alone(mail_program, readers):
    one, other = readers
    for _twice in range(2):
        answer = mail_program.post(address(one), ONE_CLICK)
        assert (answer.status_code, dict(answer.cookies)) == (200, {})
    one.refresh_from_db()
    assert (one.frequency, one.next_at) == ("off", None)
    assert Reader.objects.get(pk=other.pk).frequency == "weekly"
    assert Reader.objects.get(pk=other.pk).next_at == other.next_at


def test_one_click_ends_the_mails_of_a_group(mail_program, readers):
    one, _other = readers
    for _twice in range(2):
        assert mail_program.post(address(one, CHALLENGES.name), ONE_CLICK).status_code == 200
    wishes = Preference.objects.values_list("reader", "group", "mail", "in_app")
    assert list(wishes) == [(one.pk, "challenges", "off", True)]
    one.refresh_from_db()
    assert one.frequency == "weekly"


def test_bad_tokens_are_nobodys(mail_program, readers):
    one, other = readers
    before = state()
    good = token_for(one)
    forged = [
        good[:-1] + ("a" if good[-1] != "a" else "b"),
        good.replace(one.token, other.token),
        token_for(one, "no_such_group"),
        signer.sign("~digest"),
        signer.sign("digest"),
        signer.sign(f"{one.token}~"),
        one.token,
        "x",
        "." * 40,
    ]
    for token in forged:
        url = reverse("notifications:unsubscribe", args=[token])
        assert mail_program.get(url).status_code == 404
        assert mail_program.post(url, ONE_CLICK).status_code == 404
    assert state() == before


def test_a_token_for_one_thing_does_not_end_another(mail_program, readers):
    """The signature is over both: a group's link never becomes the digest's."""
    one, _other = readers
    value = token_for(one, CHALLENGES.name)
    url = reverse("notifications:unsubscribe", args=[value.replace("~challenges", "~digest")])
    assert mail_program.post(url, ONE_CLICK).status_code == 404


def test_a_person_who_is_gone_has_no_link(mail_program, readers):
    one, _other = readers
    url = address(one)
    one.user.delete()
    assert mail_program.post(url, ONE_CLICK).status_code == 404


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_page_asks_by_a_button_and_says_what_happened(mail_program, readers, language):
    with override(language):
        url = address(readers[0])
    page = mail_program.get(url)
    assert f'lang="{language}"' in page.text
    assert '<form method="post">' in page.text
    done = mail_program.post(url, ONE_CLICK).text
    assert '<form method="post">' not in done
    assert {"sv": "Du får inte fler sådana mejl", "en": "You have unsubscribed"}[language] in done


def test_what_is_followed_stays(mail_program, cast, readers):
    follow("network", cast.network, by=cast.user)
    mail_program.post(address(readers[0]), ONE_CLICK)
    assert readers[0].follows.count() == 1
