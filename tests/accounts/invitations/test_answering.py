"""Accepting and declining."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from afori.accounts import actions
from afori.accounts.models import Invitation, Membership
from afori.common.states import Refused
from afori.notifications.models import Notification
from tests import factories as make

from .support import fresh

Role, State = Membership.Role, Invitation.State
pytestmark = pytest.mark.django_db


def answer(client, invitation, user, **data):
    client.force_login(user)
    return client.post(invitation.get_absolute_url(), {"answer": "accept", **data})


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ADMIN])
def test_accepting_joins_and_tells_the_inviter(client, invite, organisation, admin, role):
    guest = make.UserFactory(email="ny@ekhamra.se")
    answer(client, invite(role=role), guest)
    answer(client, Invitation.objects.get(), guest)
    membership = organisation.memberships.get(user=guest)
    assert (membership.role, membership.state, membership.decided_by) == (role, "active", admin)
    assert fresh(guest).acting_for == organisation
    told = Notification.objects.filter(user=admin).values_list("kind", flat=True)
    assert list(told) == ["accounts.invitation_accepted"]


def test_a_request_that_waits_becomes_a_membership(client, invite, organisation, admin):
    guest = make.UserFactory(email="ny@ekhamra.se")
    request = actions.request_membership(organisation, by=guest)
    answer(client, invite(role=Role.ADMIN), guest)
    request.refresh_from_db()
    assert (request.state, request.role, request.decided_by) == ("active", Role.ADMIN, admin)


@pytest.mark.parametrize(
    ("present", "invited", "then"),
    [("member", "admin", "admin"), ("admin", "member", "admin"), ("member", "member", "member")],
)
def test_a_member_is_given_more_never_less(client, invite, organisation, present, invited, then):
    guest = make.UserFactory(email="ny@ekhamra.se")
    make.MembershipFactory(user=guest, organisation=organisation, role=present)
    answer(client, invite(role=invited), guest)
    assert organisation.memberships.get(user=guest).role == then


def test_declining_is_an_answer_too(client, invite, organisation):
    guest = make.UserFactory(email="ny@ekhamra.se")
    invitation = invite()
    for _ in range(2):
        answer(client, invitation, guest, answer="decline")
    invitation.refresh_from_db()
    assert (invitation.state, invitation.answered_by) == (State.DECLINED, guest)
    answer(client, invitation, guest)
    assert not organisation.memberships.filter(user=guest).exists()


@pytest.mark.parametrize("answer_", ["accept", "decline"])
@pytest.mark.parametrize(
    ("address", "confirmed"),
    [("ny@ekhamra.se", False), ("annan@ekhamra.se", True), ("ny@x.ekhamra.se", True)],
)
def test_only_a_confirmed_address_answers(client, invite, address, confirmed, answer_):
    guest = make.UserFactory(email=address)
    guest.emailaddress_set.update(verified=confirmed)
    invitation = invite()
    answer(client, invitation, guest, answer=answer_)
    invitation.refresh_from_db()
    assert invitation.state == State.PENDING
    assert not guest.memberships.exists()


def test_a_second_confirmed_address_answers_as_well(client, invite):
    guest = make.UserFactory()
    guest.emailaddress_set.create(email="ny@ekhamra.se", verified=True, primary=False)
    answer(client, invite(), guest)
    assert guest.memberships.get().state == "active"


def test_addresses_are_compared_as_in_the_dns(client, send):
    guest = make.UserFactory(email="anna@räksmörgås.se")
    send("Anna@RÄKSMÖRGÅS.se")
    answer(Client(), Invitation.objects.get(), guest)
    assert guest.memberships.get().state == "active"


def test_forged_answers_are_refused(invite):
    guest = make.UserFactory(email="ny@ekhamra.se")
    client = Client(enforce_csrf_checks=True)
    assert answer(client, invite(), guest).status_code == 403
    assert not guest.memberships.exists()


def test_what_waits_for_a_person_is_found_by_address(invite, admin, time_machine):
    guest = make.UserFactory(email="ny@ekhamra.se")
    invitation = invite()
    invite("annan@ekhamra.se")
    assert list(Invitation.objects.to_answer_by(guest)) == [invitation]
    guest.emailaddress_set.update(verified=False)
    assert not Invitation.objects.to_answer_by(guest).exists()
    guest.emailaddress_set.update(verified=True)
    time_machine.move_to(timezone.now() + timedelta(days=15))
    assert not Invitation.objects.to_answer_by(guest).exists()


def test_the_set_and_the_one_agree_on_validity(invite, admin, time_machine):
    first = invite()
    second = invite("bo@ekhamra.se")
    actions.take_back(second, by=admin)
    for _ in range(2):
        shown = Invitation.objects.with_validity()
        assert {one.pk: one.may_be_accepted for one in shown} == {
            one.pk: one.is_valid for one in (first, Invitation.objects.get(pk=second.pk))
        }
        time_machine.move_to(timezone.now() + timedelta(days=15))


def test_an_invitation_shows_in_the_portal_of_those_who_have_an_account(client, invite, text_of):
    guest = make.UserFactory(email="ny@ekhamra.se")
    invitation = invite()
    client.force_login(guest)
    page = reverse("notifications:list")
    assert "bjuder in dig till Ekhamra kommun" in text_of(client.get(page))
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now())
    assert "bjuder in dig" not in text_of(client.get(page))


def test_sending_again_is_done_in_the_name_of_the_one_who_does_it(invite, organisation):
    invitation = invite()
    other = make.MembershipFactory(organisation=organisation, role=Role.ADMIN).user
    actions.send_again(invitation, by=other)
    invitation.refresh_from_db()
    assert invitation.invited_by == other
    actions.take_back(invitation, by=other)
    with pytest.raises(Refused):
        actions.send_again(invitation, by=other)
