"""Who is told what happens to a challenge, and that nobody else sees who they are."""

import re

import pytest
from django.db import transaction
from django.urls import reverse

from afori.events.notifications import MEETING_PLANNED
from afori.notifications.actions import tell_all
from afori.notifications.following import follow
from afori.notifications.models import Notification, OutgoingMail
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


@pytest.mark.parametrize("role", ROLES)
def test_nobody_sees_who_follows_or_how_many(arena, sign_in, role):
    """The page of each is the same whether others follow or not."""
    client = sign_in(getattr(arena, role))
    follow_page = reverse("notifications:follow", args=["challenge", arena.challenge.slug])
    pages = [arena.challenge.get_absolute_url(), follow_page]

    def seen():
        return [bytes_without_token(client.get(page)) for page in pages]

    before = seen()
    for _each in range(2):
        follow("challenge", arena.challenge, by=make.UserFactory())
    assert seen() == before


def bytes_without_token(response):
    return re.sub(r'(csrfmiddlewaretoken" value=|nonce=)"[^"]*"', "", response.text)
