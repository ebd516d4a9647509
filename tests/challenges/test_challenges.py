"""Where a challenge stands, by actions and in admin."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse

from afori.common.states import NotAllowedNow, Refused
from challenges import actions
from challenges.models import Challenge, ChallengeKey, Outcome
from tests import factories as make

from .support import closes, complete, opened

pytestmark = pytest.mark.django_db
State = Challenge.State


@pytest.fixture
def reviewed(cast):
    """Ready to publish: approved, and its keys are made."""
    challenge = make.ChallengeFactory(
        state="in_review", owner=cast.municipality, languages=["sv"], published_at=None
    )
    for position in (1, 2):
        make.CriterionFactory(challenge=challenge, position=position, weight=50)
    return with_keys(actions.approve(complete(challenge), by=cast.staff))


def with_keys(challenge):
    actions.ask_for_key(challenge)
    actions.make_keys()
    return challenge


def test_the_whole_way(cast, reviewed):
    actions.return_to_draft(reviewed, by=cast.staff)
    actions.send_to_review(reviewed, by=cast.owner)
    with_keys(actions.approve(reviewed, by=cast.staff))
    published = actions.publish(reviewed, by=cast.staff)
    assert published.published_at is not None
    opened(reviewed)
    Outcome.objects.create(challenge=reviewed, kind="none")
    actions.decide(reviewed, by=cast.staff)
    assert actions.complete(reviewed, by=cast.staff).state == State.COMPLETED


@pytest.mark.parametrize(
    "missing",
    [
        {"closes_at": None},
        {"adoption_receiver_sv": ""},
        {"adoption_budget_sv": ""},
        {"adoption_plan_sv": ""},
        {"languages": []},
    ],
)
def test_publishing_says_what_is_missing(cast, reviewed, missing):
    Challenge.objects.filter(pk=reviewed.pk).update(**missing)
    with pytest.raises(Refused) as refusal:
        actions.publish(reviewed, by=cast.staff)
    assert refusal.value.code == "incomplete"
    reviewed.refresh_from_db()
    assert reviewed.state == State.IN_REVIEW


def test_only_verified_owners_publish(cast, reviewed):
    type(cast.municipality).objects.update(verified_at=None)
    with pytest.raises(Refused):
        actions.publish(reviewed, by=cast.staff)


def test_weights_make_the_whole(cast, reviewed):
    reviewed.criteria.update(weight=40)
    with pytest.raises(Refused):
        actions.publish(reviewed, by=cast.staff)


def test_closing_in_the_past_cannot_be_published(cast, reviewed):
    closes(reviewed, seconds=-5)
    with pytest.raises(Refused):
        actions.publish(reviewed, by=cast.staff)


def test_nothing_is_decided_while_it_is_open(cast, arena):
    Outcome.objects.create(challenge=arena.challenge, kind="chosen")
    with pytest.raises(Refused) as refusal:
        actions.decide(arena.challenge, by=cast.staff)
    assert refusal.value.code == "open"


def test_cancelling_needs_a_reason(cast, arena):
    with pytest.raises(Refused):
        actions.cancel(arena.challenge, by=cast.staff)
    Outcome.objects.create(challenge=arena.challenge, kind="cancelled", text_sv="Behovet föll bort")
    assert actions.cancel(arena.challenge, by=cast.staff).state == State.CANCELLED


@pytest.mark.parametrize("act", ["publish", "decide", "complete", "send_to_review"])
@pytest.mark.parametrize("state", ["completed", "cancelled"])
def test_what_is_over_stays_over(cast, arena, act, state):
    Challenge.objects.filter(pk=arena.challenge.pk).update(state=state)
    with pytest.raises(NotAllowedNow):
        getattr(actions, act)(arena.challenge, by=cast.staff)


@pytest.mark.parametrize(
    "wrong",
    [
        {"opens_at": None},
        {"closes_at": None},
        {"published_at": None},
        {"adoption_plan_sv": ""},
    ],
)
def test_the_database_keeps_published_challenges_whole(arena, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Challenge.objects.filter(pk=arena.challenge.pk).update(**wrong)


@pytest.mark.parametrize("act", ["publish", "send_to_review", "return_to_draft"])
def test_the_admin_is_no_way_around_the_review(cast, reviewed, sign_in, act):
    sign_in(cast.superuser).post(
        reverse("admin:challenges_challenge_changelist"),
        {"action": act, "_selected_action": [reviewed.pk]},
    )
    reviewed.refresh_from_db()
    assert reviewed.state == State.IN_REVIEW


def test_publishing_needs_approval_and_keys(cast, reviewed):
    reviewed.key.delete()
    with pytest.raises(Refused) as refusal:
        actions.publish(reviewed, by=cast.owner)
    assert refusal.value.code == "key"
    Challenge.objects.filter(pk=reviewed.pk).update(approved_at=None, approved_by=None)
    with pytest.raises(Refused) as refusal:
        actions.publish(reviewed, by=cast.owner)
    assert refusal.value.code == "approval"


def test_keys_for_another_time_do_not_count(cast, reviewed):
    Challenge.objects.filter(pk=reviewed.pk).update(closes_at=F("closes_at") - timedelta(days=1))
    with pytest.raises(Refused) as refusal:
        actions.publish(reviewed, by=cast.owner)
    assert refusal.value.code == "key"


def test_what_is_taken_back_loses_approval_time_and_keys(cast, reviewed):
    actions.plan_publishing(reviewed, at=reviewed.closes_at - timedelta(days=1), by=cast.owner)
    draft = actions.return_to_draft(reviewed, by=cast.owner)
    assert (draft.approved_at, draft.approved_by, draft.publish_at) == (None, None, None)
    assert not ChallengeKey.objects.filter(challenge=draft).exists()


def test_admin_cannot_change_a_published_challenge(cast, arena, sign_in):
    client = sign_in(cast.superuser)
    address = reverse("admin:challenges_challenge_change", args=[arena.challenge.pk])
    before = Challenge.objects.values().get(pk=arena.challenge.pk)
    page = client.get(address).content.decode()
    later = arena.challenge.closes_at + timedelta(days=9)
    client.post(
        address,
        {
            "title_sv": "Kapad",
            "closes_at_0": later.date().isoformat(),
            "closes_at_1": "12:00",
            "state": "draft",
            "criteria-TOTAL_FORMS": "0",
            "criteria-INITIAL_FORMS": "0",
            "outcome-TOTAL_FORMS": "0",
            "outcome-INITIAL_FORMS": "0",
        },
    )
    after = Challenge.objects.values().get(pk=arena.challenge.pk)

    assert 'name="title_sv"' not in page
    assert 'name="closes_at_0"' not in page
    assert {**after, "updated_at": None} == {**before, "updated_at": None}


@pytest.mark.parametrize("state", ["published", "decided", "completed", "cancelled"])
def test_admin_deletes_drafts_alone(cast, arena, sign_in, state):
    Challenge.objects.filter(pk=arena.challenge.pk).update(state=state)
    address = reverse("admin:challenges_challenge_delete", args=[arena.challenge.pk])
    client = sign_in(cast.superuser)
    assert client.post(address, {"post": "yes"}).status_code == 403
    client.post(
        reverse("admin:challenges_challenge_changelist"),
        {"action": "delete_selected", "_selected_action": [arena.challenge.pk], "post": "yes"},
    )
    assert Challenge.objects.filter(pk=arena.challenge.pk).exists()


def test_admin_pages_work(cast, reviewed, sign_in):
    client = sign_in(cast.superuser)
    for name, args in [("changelist", []), ("add", []), ("change", [reviewed.pk])]:
        page = client.get(reverse(f"admin:challenges_challenge_{name}", args=args))
        assert page.status_code == 200
