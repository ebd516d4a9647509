from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from challenges.models import Outcome
from funding.models import CutOff

from .. import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/en/"])
def test_front_page_of_an_empty_arena_still_leads_on(client, address):
    html = client.get(address).content.decode()
    with_links = [reverse("challenges:list"), reverse("networks:list"), reverse("knowledge:list")]
    if address == "/":
        assert all(f'href="{url}"' in html for url in with_links)
    assert "<h1" in html


def test_front_page_shows_open_challenges_by_days_left(client):
    now = timezone.now()
    make.ChallengeFactory(title_sv="Sist", closes_at=now + timedelta(days=30))
    make.ChallengeFactory(title_sv="Först", closes_at=now + timedelta(days=2))
    make.ChallengeFactory(
        title_sv="Stängd", opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1)
    )
    make.ChallengeFactory(title_sv="Utkast", state="draft")
    html = client.get("/").content.decode()
    assert html.index("Först") < html.index("Sist")
    assert "Stängd" not in html
    assert "Utkast" not in html


def test_front_page_never_shows_a_need_for_members(client, cast):
    secret = make.NeedFactory(title_sv="Hemligt behov", visibility="network", network=cast.network)
    make.CommitmentFactory(need=secret, volume_a_year=10_000)
    assert "Hemligt behov" not in client.get("/").content.decode()


def test_front_page_has_few_queries(client, django_assert_max_num_queries):
    for _ in range(4):
        need = make.NeedFactory(network=make.NetworkFactory())
        make.CommitmentFactory(need=need, volume_a_year=5)
        make.ChallengeFactory(level="initiate")
        make.ArticleFactory()
        CutOff.objects.create(call=make.FundingCallFactory(), at=timezone.now() + timedelta(days=3))
        today = timezone.localdate()
        make.ThemeWeekFactory(starts_on=today, ends_on=today)
    told = make.ChallengeFactory(network=make.NetworkFactory(), state="completed")
    told.needs.add(need)
    Outcome.objects.create(challenge=told, kind="chosen")
    client.force_login(make.MembershipFactory().user)
    client.get("/")
    with django_assert_max_num_queries(12):
        assert client.get("/").status_code == 200
