"""Publishing: by the team, now or at a time, when the opener's process has made the keys."""

from datetime import timedelta

import pgtrigger
import pytest
from django.urls import reverse
from django.utils import timezone

from afori.common.states import Refused
from afori.notifications.models import Notification
from challenges import actions
from challenges.locks import database_now
from challenges.models import AuditEntry, Challenge
from tests import factories as make
from tests.cast import ROLES

from .support import complete

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def approved(arena):
    """Whole and approved, to open in an hour; the member is on its team."""
    challenge = make.ChallengeFactory(
        owner=arena.municipality,
        state="in_review",
        published_at=None,
        opens_at=timezone.now() + 60 * MINUTE,
        languages=["sv"],
    )
    challenge.team.create(user=arena.member)
    return actions.approve(complete(challenge), by=arena.staff)


def address(challenge, name="publishing"):
    return reverse(f"challenges:{name}", args=[challenge.slug])


def state_of(challenge):
    return Challenge.objects.values_list("state", flat=True).get(pk=challenge.pk)


def typed(moment):
    here = timezone.localtime(moment)
    return {"when": "later", "at_0": here.date().isoformat(), "at_1": here.strftime("%H:%M")}


def test_now_waits_for_the_keys_and_no_longer(arena, approved, sign_in):
    client = sign_in(arena.member)
    assert client.post(address(approved), {"when": "now"}).status_code == 302
    actions.publish_due()
    assert state_of(approved) == "in_review"
    assert client.get(address(approved)).context["stage"] == "keys"
    actions.make_keys()
    actions.publish_due()
    assert state_of(approved) == "published"
    assert client.get(address(approved)).url == approved.get_absolute_url()
    assert Notification.objects.get(kind="challenges.published").user == arena.member
    assert AuditEntry.objects.filter(event="published").count() == 1
    actions.publish_due()
    assert AuditEntry.objects.filter(event="published").count() == 1


def test_at_a_time(arena, approved, sign_in):
    client = sign_in(arena.member)
    client.post(address(approved), typed(database_now() + 30 * MINUTE))
    actions.make_keys()
    actions.publish_due()
    assert state_of(approved) == "in_review"
    assert client.get(address(approved)).context["stage"] == "planned"
    client.post(address(approved), typed(database_now() + 40 * MINUTE))
    Challenge.objects.filter(pk=approved.pk).update(publish_at=database_now())
    actions.publish_due()
    assert state_of(approved) == "published"
    found = Challenge.objects.get(pk=approved.pk)
    assert found.is_upcoming()


def test_a_planned_publishing_may_be_stopped(arena, approved, sign_in):
    client = sign_in(arena.member)
    client.post(address(approved), {"when": "now"})
    client.post(address(approved, "publishing_cancel"))
    actions.make_keys()
    actions.publish_due()
    assert state_of(approved) == "in_review"
    assert client.get(address(approved)).context["stage"] == "approved"


@pytest.mark.parametrize("minutes", [-5, 60 * 24 * 11])
def test_times_that_cannot_be(arena, approved, sign_in, minutes):
    data = typed(database_now() + minutes * MINUTE)
    page = sign_in(arena.member).post(address(approved), data)
    assert "at" in page.context["form"].errors
    page = sign_in(arena.member).post(address(approved), {"when": "later"})
    assert "at" in page.context["form"].errors
    assert Challenge.objects.get(pk=approved.pk).publish_at is None


LACKS = {
    "route": {"adoption_plan_sv": ""},
    "times": {"closes_at": None},
    "basics": {"contact": ""},
}


@pytest.mark.parametrize("section", LACKS)
def test_what_is_missing_is_said_with_the_way_there(arena, approved, sign_in, section):
    Challenge.objects.filter(pk=approved.pk).update(**LACKS[section])
    assert_refused(arena, approved, sign_in(arena.member), section)


def test_openers_and_weights_are_asked_for(arena, approved, sign_in):
    approved.openers.first().delete()
    assert_refused(arena, approved, sign_in(arena.member), "openers")
    approved.criteria.update(weight=40)
    assert_refused(arena, approved, sign_in(arena.member), "criteria")


def assert_refused(arena, challenge, client, section):
    page = client.get(address(challenge))
    assert reverse("challenges:section", args=[challenge.slug, section]) in page.text
    client.post(address(challenge), {"when": "now"})
    assert Challenge.objects.get(pk=challenge.pk).publish_at is None


def test_only_verified_owners_publish(arena, approved, sign_in):
    type(arena.municipality).objects.update(verified_at=None)
    page = sign_in(arena.member).get(address(approved))
    assert "har inte kontrollerats" in page.text or page.context["obstacles"]
    with pytest.raises(Refused):
        actions.plan_publishing(approved, by=arena.member)


def test_what_can_no_longer_be_published_is_told_the_team(arena, approved):
    actions.plan_publishing(approved, by=arena.member)
    actions.make_keys()
    type(arena.municipality).objects.update(verified_at=None)
    actions.publish_due()
    found = Challenge.objects.get(pk=approved.pk)
    assert (found.state, found.publish_at) == ("in_review", None)
    assert Notification.objects.get(kind="challenges.not_published").user == arena.member
    actions.publish_due()
    assert Notification.objects.filter(kind="challenges.not_published").count() == 1


def test_one_that_fails_does_not_hold_up_the_next(arena, approved):
    other = complete(make.ChallengeFactory(state="in_review", published_at=None, languages=["sv"]))
    for one in (approved, actions.approve(other, by=arena.staff)):
        actions.plan_publishing(one, by=arena.member)
    actions.make_keys()
    type(arena.municipality).objects.filter(pk=approved.owner_id).update(verified_at=None)
    actions.publish_due()
    assert (state_of(approved), state_of(other)) == ("in_review", "published")


def test_a_long_wait_says_what_to_do(arena, approved, sign_in):
    actions.plan_publishing(approved, by=arena.member)
    client = sign_in(arena.member)
    assert not client.get(address(approved)).context["is_long"]
    Challenge.objects.filter(pk=approved.pk).update(publish_at=database_now() - 3 * MINUTE)
    page = client.get(address(approved))
    assert page.context["is_long"]
    assert "Inget är förlorat" in page.text


def test_a_key_for_an_earlier_plan_is_made_anew(arena, approved):
    """Moved earlier while the team wrote again, it must not open later than it says."""
    actions.plan_publishing(approved, by=arena.member)
    actions.make_keys()
    with pgtrigger.ignore("challenges.Challenge:deadline_later_only"):
        Challenge.objects.filter(pk=approved.pk).update(
            closes_at=approved.closes_at - timedelta(days=1)
        )
    actions.publish_due()
    assert state_of(approved) == "in_review"
    actions.plan_publishing(approved, by=arena.member)
    actions.make_keys()
    actions.publish_due()
    assert state_of(approved) == "published"
    found = Challenge.objects.get(pk=approved.pk)
    assert found.key.not_before == found.closes_at


@pytest.mark.parametrize("stage", ["draft", "review"])
def test_it_is_not_published_before_it_is_approved(arena, approved, sign_in, stage):
    draft = actions.return_to_draft(approved, by=arena.member)
    if stage == "review":
        actions.send_to_review(draft, by=arena.member)
    client = sign_in(arena.member)
    assert client.get(address(approved)).context["stage"] == stage
    client.post(address(approved), {"when": "now"})
    assert Challenge.objects.get(pk=approved.pk).publish_at is None


def test_the_team_takes_it_back(arena, approved, sign_in):
    client = sign_in(arena.member)
    client.post(address(approved, "take_back"))
    assert state_of(approved) == "draft"
    assert client.post(address(approved, "take_back")).status_code == 302


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ["publishing", "publishing_cancel", "take_back"])
def test_only_the_team_publishes(arena, approved, sign_in, role, name):
    team = ("member", "owner")
    client = sign_in(getattr(arena, role))
    post = client.post(address(approved, name), {"when": "now"})
    assert post.status_code == (302 if role in (*team, "stranger") else 404)
    found = Challenge.objects.get(pk=approved.pk)
    if role not in team:
        assert (found.state, found.publish_at) == ("in_review", None)
