"""Two people at the same moment, with real threads and real locks."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from afori.accounts import actions
from afori.accounts.choices import Kind
from afori.accounts.models import Invitation, Membership, Organisation, Verification
from afori.common.states import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Run the calls together; returns what each gave, or the name of its refusal."""
    barrier = Barrier(len(calls))

    def run(call):
        barrier.wait()
        try:
            return call()
        except Refused as refusal:
            return type(refusal).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_one_number_becomes_one_organisation():
    people = make.UserFactory.create_batch(4)
    facts = {"name": "Ljusglimt AB", "kind": Kind.COMPANY, "number": "5560360793"}
    results = at_once(*(lambda by=by: actions.create_organisation(**facts, by=by) for by in people))
    assert results.count("OrganisationExists") == 3
    assert Organisation.objects.count() == 1


def test_one_name_without_number_becomes_separate_organisations():
    people = make.UserFactory.create_batch(3)
    at_once(
        *(
            lambda by=by: actions.create_organisation(name="AB", kind=Kind.COMPANY, by=by)
            for by in people
        )
    )
    assert Organisation.objects.count() == 3


def test_of_two_answers_one_counts():
    first, second = (
        make.MembershipFactory(role=Membership.Role.ADMIN),
        make.MembershipFactory(role=Membership.Role.ADMIN),
    )
    Membership.objects.filter(pk=second.pk).update(organisation=first.organisation)
    request = actions.request_membership(first.organisation, by=make.UserFactory())
    results = at_once(
        lambda: actions.decide_membership(request, accept=True, by=first.user).state,
        lambda: (
            actions.decide_membership(request, accept=False, reason="Nej", by=second.user).state
        ),
    )
    request.refresh_from_db()
    assert sorted(results) == sorted(["NotAllowedNow", request.state])


def test_two_requests_of_one_person_become_one():
    organisation, user = make.OrganisationFactory(), make.UserFactory()
    results = at_once(*[lambda: actions.request_membership(organisation, by=user).state] * 2)
    assert sorted(results) == ["AlreadyThere", "requested"]


def test_two_last_administrators_do_not_both_leave():
    first = make.MembershipFactory(role=Membership.Role.ADMIN)
    second = make.MembershipFactory(role=Membership.Role.ADMIN, organisation=first.organisation)
    make.MembershipFactory(organisation=first.organisation)
    results = at_once(
        *(
            lambda by=one.user: actions.leave_organisation(first.organisation, by=by)
            for one in (first, second)
        )
    )
    assert sorted(map(str, results)) == ["LastAdmin", "None"]


@pytest.fixture
def invitation():
    admin = make.MembershipFactory(role=Membership.Role.ADMIN)
    facts = {"addresses": ["ny@ekhamra.se"], "role": "member", "by": admin.user}
    actions.invite(admin.organisation, **facts)
    return Invitation.objects.get()


def test_two_yeses_at_once_are_one_membership(invitation):
    guest = make.UserFactory(email="ny@ekhamra.se")
    results = at_once(*[lambda: actions.accept_invitation(invitation, by=guest)] * 3)
    assert results == [None] * 3
    assert guest.memberships.get().state == "active"


def test_yes_against_taking_back_has_one_winner(invitation):
    guest = make.UserFactory(email="ny@ekhamra.se")
    results = at_once(
        lambda: actions.accept_invitation(invitation, by=guest),
        lambda: actions.take_back(invitation, by=invitation.invited_by),
    )
    invitation.refresh_from_db()
    joined = guest.memberships.filter(state="active").exists()
    assert sorted(map(str, results)) == ["InvitationOver", "None"]
    assert joined is (invitation.state == "accepted")


def test_yes_against_asking_ends_in_one_membership(invitation):
    guest = make.UserFactory(email="ny@ekhamra.se")
    at_once(
        lambda: actions.accept_invitation(invitation, by=guest),
        lambda: actions.request_membership(invitation.organisation, by=guest).state,
    )
    assert guest.memberships.get().state == "active"


def test_inviting_one_address_twice_at_once_is_one_invitation(invitation):
    organisation, by = invitation.organisation, invitation.invited_by
    facts = {"addresses": ["bo@ekhamra.se"], "role": "member", "by": by}
    results = at_once(*[lambda: actions.invite(organisation, **facts)] * 3)
    assert sorted(results) == [[], [], ["bo@ekhamra.se"]]
    assert organisation.invitations.count() == 2


def test_handing_over_to_each_other_leaves_an_administrator():
    first = make.MembershipFactory(role=Membership.Role.ADMIN)
    second, third = (make.MembershipFactory(organisation=first.organisation) for _ in "ab")
    at_once(
        lambda: actions.leave_organisation(first.organisation, by=first.user, successor=second),
        lambda: actions.leave_organisation(first.organisation, by=second.user),
    )
    members = first.organisation.memberships.active()
    assert third in members
    assert members.admins().exists()


def staff_and_buyer():
    applicant = make.UserFactory(email="chef@ekhamra.se")
    facts = {"name": "Ekhamra kommun", "kind": Kind.MUNICIPALITY, "by": applicant}
    organisation = actions.create_organisation(**facts)
    return organisation, make.UserFactory.create_batch(2, is_staff=True)


def test_of_two_checks_of_a_buyer_the_first_counts():
    organisation, (first, second) = staff_and_buyer()
    waiting = organisation.verifications.get()
    yes = {"approve": True, "checks": Verification.CHECKS}
    results = at_once(
        lambda: actions.decide_verification(waiting, by=first, **yes).state,
        lambda: actions.decide_verification(waiting, by=second, approve=False, reason="Nej").state,
    )
    waiting.refresh_from_db()
    organisation.refresh_from_db()
    assert sorted(results) == sorted(["NotAllowedNow", waiting.state])
    assert organisation.is_verified is (waiting.state == Verification.State.APPROVED)


def test_two_requests_for_a_check_become_one():
    organisation, (staff, _other) = staff_and_buyer()
    waiting = organisation.verifications.get()
    actions.decide_verification(waiting, approve=False, reason="Nej", by=staff)
    by = make.UserFactory()
    results = at_once(*[lambda: actions.request_verification(organisation, by=by).state] * 2)
    assert sorted(results) == ["AlreadyThere", "requested"]


def test_two_merges_in_opposite_directions_do_not_lose_both():
    pair, staff = make.BuyerFactory.create_batch(2), make.UserFactory(is_staff=True)
    for one in pair:
        make.MembershipFactory(organisation=one)
    results = at_once(
        *(
            lambda one=one, other=other: str(
                actions.merge_organisations(one, into=other, by=staff, reason="Samma")
            )
            for one, other in (pair, pair[::-1])
        )
    )
    assert results.count("CannotMerge") == 1
    [kept] = Organisation.objects.active()
    assert kept.memberships.active().count() == 2


def test_closing_and_merging_at_once_ends_in_one_of_them():
    pair, staff = make.BuyerFactory.create_batch(2), make.UserFactory(is_staff=True)
    told = {"by": staff, "reason": "Borta"}
    results = at_once(
        lambda: str(actions.close_organisation(pair[0], **told)),
        lambda: str(actions.merge_organisations(pair[0], into=pair[1], **told)),
    )
    assert len({"NotAllowedNow", "CannotMerge"} & set(results)) == 1
