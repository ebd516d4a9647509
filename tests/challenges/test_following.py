"""Following a challenge: a wish that survives the log-in, and that nobody else sees."""

import re

import pytest
from django.db import transaction
from django.urls import reverse

from afori.events.notifications import MEETING_PLANNED
from afori.notifications.actions import tell_all
from afori.notifications.following import follow
from afori.notifications.models import Follow, Notification, OutgoingMail
from afori.notifications.spreading import spread
from tests import factories as make
from tests.cast import ROLES

pytestmark = pytest.mark.django_db


def test_told_are_followers_and_those_who_write_an_answer(arena, two):
    """Two of the people: the same whether one follows, writes, or both."""
    other = make.ChallengeFactory()
    for person in (arena.user, arena.supplier):
        follow("challenge", arena.challenge, by=person)
    follow("challenge", other, by=arena.buyer)
    follow("network", arena.challenge, by=arena.member)
    gone = make.UserFactory(is_active=False)
    follow("challenge", arena.challenge, by=gone)
    event = make.EventFactory(challenge=arena.challenge)
    with transaction.atomic():
        tell_all(MEETING_PLANNED, event)
    spread()
    for rows in (Notification.objects.all(), OutgoingMail.objects.all()):
        told = rows.filter(kind=MEETING_PLANNED.name).values_list("user", flat=True)
        assert sorted(told) == sorted([arena.user.pk, arena.supplier.pk, arena.colleague.pk])


def address(arena, name="follow"):
    return reverse(f"challenges:{name}", args=[arena.challenge.slug])


def test_a_strangers_wish_survives_the_log_in(arena, client):
    page = client.get(arena.challenge.get_absolute_url())
    assert f'href="{address(arena)}"' in page.content.decode()
    assert "csrf" not in page.content.decode()
    assert client.get(address(arena)).url.endswith(f"?next={address(arena)}")
    assert client.post(address(arena)).url.endswith(f"?next={address(arena)}")
    assert not Follow.objects.exists()


def test_follow_and_stop(arena, sign_in):
    client = sign_in(arena.user)
    for _twice in range(2):
        assert client.post(address(arena)).url == arena.challenge.get_absolute_url()
    assert Follow.objects.of(arena.user).count() == 1
    assert address(arena, "unfollow") in client.get(arena.challenge.get_absolute_url()).text
    client.post(address(arena, "unfollow"))
    assert not Follow.objects.exists()
    assert address(arena, "unfollow") not in client.get(arena.challenge.get_absolute_url()).text


def test_drafts_cannot_be_followed(arena, sign_in):
    draft = make.ChallengeFactory(owner=arena.municipality, state="draft", published_at=None)
    for role in ("user", "owner", "superuser"):
        client = sign_in(getattr(arena, role))
        for name in ("follow", "unfollow"):
            url = reverse(f"challenges:{name}", args=[draft.slug])
            assert client.post(url).status_code == 404


@pytest.mark.parametrize("role", ROLES)
def test_nobody_sees_who_follows_or_how_many(arena, sign_in, role):
    """The page of each is the same whether others follow or not."""
    client = sign_in(getattr(arena, role))
    pages = [arena.challenge.get_absolute_url(), address(arena)]

    def seen():
        return [bytes_without_token(client.get(page)) for page in pages]

    before = seen()
    for _each in range(2):
        follow("challenge", arena.challenge, by=make.UserFactory())
    assert seen() == before


def bytes_without_token(response):
    return re.sub(r'(csrfmiddlewaretoken" value=|nonce=)"[^"]*"', "", response.text)
