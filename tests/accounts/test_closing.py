"""Organisations that no longer take part."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from afori.accounts import actions
from afori.accounts.models import Membership, Organisation, Verification
from afori.common.states import NotAllowedNow, Refused
from afori.notifications.models import Notification
from challenges.actions import publish
from challenges.models import Challenge
from tests import factories as make

pytestmark = pytest.mark.django_db
State = Challenge.State


@pytest.fixture
def staff():
    return make.UserFactory(is_staff=True)


@pytest.fixture
def admin():
    return make.MembershipFactory(role=Membership.Role.ADMIN, organisation=make.BuyerFactory())


def close(organisation, staff, reason="Sammanlagd med grannen"):
    return actions.close_organisation(organisation, by=staff, reason=reason)


def test_members_have_no_rights_until_it_is_open_again(admin, staff):
    organisation, user = admin.organisation, admin.user
    close(organisation, staff)
    assert type(user).objects.get(pk=user.pk).acting_for is None
    assert not Organisation.objects.active().filter(pk=organisation.pk).exists()
    actions.reopen_organisation(organisation, by=staff)
    assert type(user).objects.get(pk=user.pk).acting_for == organisation
    organisation.refresh_from_db()
    assert (organisation.closed_at, organisation.closed_by, organisation.closing_reason) == (
        *(None, None, ""),
    )


def test_administrators_are_told_each_time(admin, staff):
    for _again in "ab":
        close(admin.organisation, staff)
        actions.reopen_organisation(admin.organisation, by=staff)
    kinds = Notification.objects.filter(user=admin.user).values_list("kind", flat=True)
    assert sorted(kinds) == [
        *["accounts.organisation_closed"] * 2,
        *["accounts.organisation_reopened"] * 2,
    ]


def test_what_it_takes(admin, staff):
    with pytest.raises(actions.NeedsReason):
        close(admin.organisation, staff, " ")
    with pytest.raises(NotAllowedNow):
        actions.reopen_organisation(admin.organisation, by=staff)
    close(admin.organisation, staff)
    with pytest.raises(NotAllowedNow):
        close(admin.organisation, staff)


def test_a_merged_one_is_not_opened_again(staff):
    merged, kept = make.BuyerFactory.create_batch(2)
    actions.merge_organisations(merged, into=kept, by=staff, reason="Samma")
    with pytest.raises(NotAllowedNow):
        actions.reopen_organisation(merged, by=staff)


@pytest.mark.parametrize("state", State.values)
def test_suppliers_can_rely_on_a_published_challenge(staff, state):
    challenge = make.ChallengeFactory(title_sv="Larm som går fram", state=state)
    if state == State.PUBLISHED:
        with pytest.raises(actions.StillNeeded, match="Larm som går fram"):
            close(challenge.owner, staff)
    else:
        assert close(challenge.owner, staff).is_closed


def test_a_closed_owner_publishes_nothing(staff):
    challenge = make.ChallengeFactory(
        state=State.IN_REVIEW, approved_at=timezone.now(), approved_by=staff
    )
    close(challenge.owner, staff)
    with pytest.raises(Refused, match=r"stängd|closed"):
        publish(Challenge.objects.get(pk=challenge.pk), by=staff)


def test_a_closed_one_rests_in_the_queue(staff):
    facts = {"name": "Ekhamra kommun", "kind": "municipality", "by": make.UserFactory()}
    organisation = actions.create_organisation(**facts)
    close(organisation, staff)
    assert not Verification.objects.waiting().exists()
    actions.reopen_organisation(organisation, by=staff)
    assert Verification.objects.waiting().count() == 1


def test_staff_close_and_open_on_pages(client, admin, settings):
    settings.AFORI_REQUIRE_MFA = False
    client.force_login(make.UserFactory(is_staff=True, is_superuser=True))
    challenge = make.ChallengeFactory(title_sv="Larm som går fram")
    pages = {
        name: [f"admin:accounts_organisation_{name}", admin.organisation_id]
        for name in ("close", "reopen", "change")
    }
    address = {name: reverse(url, args=[pk]) for name, (url, pk) in pages.items()}
    refused = reverse("admin:accounts_organisation_close", args=[challenge.owner_id])
    text = client.post(refused, {"reason": "Skälet står kvar"}).content.decode()
    assert ("Larm som går fram" in text, "Skälet står kvar" in text) == (True, True)
    assert address["close"] in client.get(address["change"]).content.decode()
    client.post(address["close"], {"reason": "Sammanlagd"})
    text = client.get(address["change"]).content.decode()
    assert ("Sammanlagd" in text, address["reopen"] in text) == (True, True)
    client.post(address["reopen"])
    assert not Organisation.objects.get(pk=admin.organisation_id).is_closed


@pytest.mark.django_db(transaction=True)
def test_closing_and_publishing_at_once_ends_in_one_of_them(staff):
    challenge = make.ChallengeFactory(state=State.IN_REVIEW, languages=["sv"])
    make.CriterionFactory(challenge=challenge, weight=100)
    barrier = Barrier(2)

    def run(call):
        barrier.wait()
        try:
            call()
        except Refused:
            return "refused"
        finally:
            connection.close()

    calls = [
        lambda: close(challenge.owner, staff),
        lambda: publish(Challenge.objects.get(pk=challenge.pk), by=staff),
    ]
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(run, calls))
    assert results.count("refused") == 1
