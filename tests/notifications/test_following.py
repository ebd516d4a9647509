"""Following from where one stands, and the list of it. What one may not see stays unseen."""

import pytest
from django.urls import reverse

from afori.notifications.following import follow
from afori.notifications.groups import followables
from afori.notifications.models import Follow, Reader
from tests import factories as make

pytestmark = pytest.mark.django_db


def address(kind, slug=None):
    if slug:
        return reverse("notifications:follow", args=[kind, slug])
    return reverse("notifications:follow_kind", args=[kind])


def stop(kind, subject=None):
    return reverse("notifications:unfollow", args=[kind, subject.pk if subject else 0])


def wall(cast):
    """Things that a person without a role may not see, and of what kind they are."""
    room = make.NeedFactory(network=cast.network, visibility="network", title_sv="Hemligt behov")
    closed = make.OrganisationFactory(name="Stängda AB")
    type(closed).objects.filter(pk=closed.pk).update(
        closed_at=closed.created_at, closing_reason="Upphört"
    )
    draft = make.ChallengeFactory(state="draft", published_at=None, title_sv="Hemligt utkast")
    call = make.FundingCallFactory(is_published=False, title_sv="Hemlig utlysning")
    return [("need", room), ("organisation", closed), ("challenge", draft), ("call", call)]


def test_what_one_may_not_see_cannot_be_followed_and_answers_as_if_it_were_not_there(cast, sign_in):
    client = sign_in(cast.user)
    for kind, subject in wall(cast):
        for method in (client.get, client.post):
            answers = [method(address(kind, slug)) for slug in (subject.slug, "finns-inte")]
            assert [one.status_code for one in answers] == [404, 404]
            assert "Hemlig" not in answers[0].text
    assert not Follow.objects.exists()
    assert not Reader.objects.exists()


def test_drafts_cannot_be_followed_by_those_who_write_them_either(cast, sign_in):
    draft = make.ChallengeFactory(owner=cast.municipality, state="draft", published_at=None)
    for role in ("owner", "superuser"):
        assert (
            sign_in(getattr(cast, role)).post(address("challenge", draft.slug)).status_code == 404
        )


def test_members_follow_the_needs_of_their_room(cast, sign_in):
    need = make.NeedFactory(network=cast.network, visibility="network")
    assert sign_in(cast.member).post(address("need", need.slug)).status_code == 302
    assert Follow.objects.of(cast.member).get().subject_id == need.pk


def test_what_is_closed_to_one_now_shows_without_name_and_can_be_stopped(cast, sign_in):
    hidden = wall(cast)
    for kind, subject in hidden:
        follow(kind, subject, by=cast.user)
    client = sign_in(cast.user)
    page = client.get(reverse("notifications:followed")).text
    for kind, subject in hidden:
        name = str(getattr(subject, "title", "") or subject.name)
        assert name not in page
        assert subject.slug not in page
        assert stop(kind, subject) in page
        answer = client.post(stop(kind, subject))
        assert answer.url == reverse("notifications:followed")
        assert subject.slug not in client.get(answer.url).text
    assert not Follow.objects.exists()


def test_stopping_touches_nobody_elses(cast, sign_in):
    for person in (cast.user, cast.rival):
        follow("network", cast.network, by=person)
    client = sign_in(cast.user)
    for _twice in range(2):
        assert client.post(stop("network", cast.network)).url == cast.network.get_absolute_url()
    assert list(Follow.objects.values_list("reader__user", flat=True)) == [cast.rival.pk]


def test_a_strangers_wish_survives_the_log_in(cast, client):
    url = address("challenge", cast.challenge.slug)
    page = client.get(cast.challenge.get_absolute_url()).text
    assert f'href="{url}"' in page
    assert "csrf" not in page
    for method in (client.get, client.post):
        assert method(url).url.endswith(f"?next={url}")
    assert not Follow.objects.exists()


def places(cast):
    """Each page with a button: what it follows, and where."""
    need = make.NeedFactory(network=cast.network)
    call = make.FundingCallFactory()
    topic = make.TopicFactory(slug="ljus", name_sv="Ljus")
    return [
        *(
            (kind, one, one.get_absolute_url())
            for kind, one in (
                ("network", cast.network),
                ("need", need),
                ("challenge", cast.challenge),
                ("organisation", cast.company),
                ("call", call),
            )
        ),
        ("topic", topic, reverse("challenges:list") + "?topic=ljus"),
        ("topic", topic, reverse("networks:needs") + "?topic=ljus"),
        *((kind, None, one.url(None)) for kind, one in followables().items() if not one.model),
    ]


def test_each_place_has_a_button_that_says_how_it_stands_by_one_query(
    cast, sign_in, django_assert_max_num_queries
):
    client = sign_in(cast.user)
    for kind, subject, page in places(cast):
        Follow.objects.all().delete()
        url = address(kind, subject and subject.slug)
        with django_assert_max_num_queries(12, info=page) as before:
            assert f'action="{url}"' in client.get(page).text
        answer = client.post(url)
        assert answer.url == url
        assert str(followables()[kind].what) in client.get(url).text
        with django_assert_max_num_queries(12) as after:
            assert f'action="{stop(kind, subject)}"' in client.get(page).text
        assert len(after) == len(before)
        client.post(stop(kind, subject))
        assert f'action="{url}"' in client.get(page).text


def test_looking_begins_nothing(cast, sign_in):
    client = sign_in(cast.user)
    for name in ("followed", "choices"):
        assert client.get(reverse(f"notifications:{name}")).status_code == 200
    client.get(address("network", cast.network.slug))
    client.head(address("network", cast.network.slug))
    assert client.get(stop("network", cast.network)).status_code == 405
    assert not Reader.objects.exists()


@pytest.mark.parametrize(
    "path",
    ["folj/okant/", "folj/network/", "folj/every_need/nagot/", f"folj/network/{'a' * 300}/"],
)
def test_odd_addresses_are_not_found(cast, sign_in, path):
    client = sign_in(cast.user)
    for method in (client.get, client.post):
        assert method(f"/notiser/{path}").status_code == 404


@pytest.mark.parametrize("path", ["okant/1/", f"network/{10**30}/", f"every_need/{10**18}/"])
def test_stopping_what_is_not_there_changes_nothing(cast, sign_in, path):
    assert sign_in(cast.user).post(f"/notiser/sluta-folja/{path}").status_code == 302


def test_list_costs_the_same_whatever_its_length(cast, sign_in, django_assert_max_num_queries):
    client = sign_in(cast.user)
    seen = set()
    for number in (1, 3, 100):
        Follow.objects.all().delete()
        for network in make.NetworkFactory.create_batch(number):
            follow("network", network, by=cast.user)
        with django_assert_max_num_queries(12) as queries:
            client.get(reverse("notifications:followed"))
        seen.add(len(queries))
    assert len(seen) == 1


def test_list_of_all_kinds_costs_twelve_queries_at_most(
    cast, sign_in, django_assert_max_num_queries
):
    for kind, subject, _page in places(cast):
        follow(kind, subject, by=cast.user)
    client = sign_in(cast.user)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("notifications:followed")).text
    assert cast.challenge.title in page
