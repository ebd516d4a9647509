import pytest

from afori.accounts import actions
from afori.accounts.choices import Kind
from afori.accounts.models import Membership, Organisation
from afori.common.states import NotAllowedNow
from afori.notifications.models import Notification, OutgoingMail
from tests import factories as make

Role, State = Membership.Role, Membership.State


@pytest.fixture
def admin(db):
    return make.UserFactory(email="chef@ekhamra.se")


@pytest.fixture
def organisation(admin):
    return actions.create_organisation(name="Ekhamra kommun", kind=Kind.MUNICIPALITY, by=admin)


@pytest.fixture
def asker(db):
    return make.UserFactory(email="ny@example.com")


def told():
    return sorted(Notification.objects.values_list("kind", "user__email"))


def test_the_creator_is_administrator_and_the_domain_waits_for_staff(organisation, admin):
    membership = organisation.memberships.get()
    domain = organisation.domains.get()
    assert (membership.user, membership.role, membership.state) == (admin, Role.ADMIN, State.ACTIVE)
    assert (domain.domain, domain.verified_at) == ("ekhamra.se", None)
    assert not organisation.is_verified


def test_a_free_address_gives_no_domain(db):
    user = make.UserFactory(email="chef@gmail.com")
    organisation = actions.create_organisation(name="AB", kind=Kind.COMPANY, by=user)
    assert list(organisation.domains.all()) == []


def test_a_taken_number_names_its_owner_and_stores_nothing(organisation, admin):
    facts = {"kind": Kind.COMPANY, "number": "5560360793", "by": admin}
    first = actions.create_organisation(name="Först AB", **facts)
    with pytest.raises(actions.OrganisationExists) as refusal:
        actions.create_organisation(name="Sedan AB", **facts)
    assert refusal.value.organisation == first
    assert Organisation.objects.count() == 2


@pytest.mark.parametrize("name", ["Ekhamra kommun", "株式会社", "-" * 200, "å" * 200])
def test_every_name_gets_an_address_of_its_own(organisation, admin, name):
    made = [actions.create_organisation(name=name, kind=Kind.COMPANY, by=admin) for _ in "ab"]
    assert len({organisation.slug, *(one.slug for one in made)}) == 3
    assert all(len(one.slug) <= 80 for one in made)


def test_a_request_is_told_to_administrators_and_answered(organisation, admin, asker):
    membership = actions.request_membership(organisation, by=asker, message="Hej")
    assert told() == [("accounts.membership_requested", admin.email)]
    actions.decide_membership(membership, accept=True, by=admin)
    membership.refresh_from_db()
    assert (membership.state, membership.decided_by) == (State.ACTIVE, admin)
    assert ("accounts.membership_accepted", asker.email) in told()
    assert OutgoingMail.objects.count() == 2


def test_without_an_administrator_staff_are_told(db, asker):
    staff = make.UserFactory(is_staff=True)
    actions.request_membership(make.OrganisationFactory(), by=asker)
    assert told() == [("accounts.membership_requested", staff.email)]


def test_an_address_in_a_verified_domain_joins_at_once_as_a_plain_member(organisation, admin):
    actions.verify_domain(organisation.domains.get(), by=make.UserFactory(is_staff=True))
    colleague = make.UserFactory(email="kollega@ekhamra.se")
    membership = actions.request_membership(organisation, by=colleague)
    assert (membership.state, membership.role) == (State.ACTIVE, Role.MEMBER)
    assert told() == []


def test_nobody_asks_twice(organisation, asker):
    actions.request_membership(organisation, by=asker)
    with pytest.raises(actions.AlreadyThere):
        actions.request_membership(organisation, by=asker)


def test_one_may_ask_again_after_no(organisation, admin, asker):
    first = actions.request_membership(organisation, by=asker)
    actions.decide_membership(first, accept=False, reason="Vem är du?", by=admin)
    second = actions.request_membership(organisation, by=asker)
    assert (second.state, organisation.memberships.count()) == (State.REQUESTED, 3)


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_declining_needs_a_reason(organisation, admin, asker, reason):
    membership = actions.request_membership(organisation, by=asker)
    with pytest.raises(actions.NeedsReason):
        actions.decide_membership(membership, accept=False, reason=reason, by=admin)
    membership.refresh_from_db()
    assert membership.state == State.REQUESTED


def test_a_request_is_answered_once(organisation, admin, asker):
    membership = actions.request_membership(organisation, by=asker)
    actions.decide_membership(membership, accept=True, by=admin)
    with pytest.raises(NotAllowedNow):
        actions.decide_membership(membership, accept=False, reason="Ångrar mig", by=admin)
    membership.refresh_from_db()
    assert membership.state == State.ACTIVE


def test_nobody_answers_their_own_request(organisation, asker):
    membership = actions.request_membership(organisation, by=asker)
    with pytest.raises(actions.OwnRequest):
        actions.decide_membership(membership, accept=True, by=asker)


def test_a_request_taken_back_cannot_be_answered(organisation, admin, asker):
    membership = actions.request_membership(organisation, by=asker)
    actions.withdraw_request(membership, by=asker)
    with pytest.raises(NotAllowedNow):
        actions.decide_membership(membership, accept=True, by=admin)


def test_only_the_asker_takes_a_request_back(organisation, admin, asker):
    membership = actions.request_membership(organisation, by=asker)
    with pytest.raises(Membership.DoesNotExist):
        actions.withdraw_request(membership, by=admin)


def test_the_last_administrator_stays_while_others_remain(organisation, admin):
    colleague = make.MembershipFactory(organisation=organisation)
    own = organisation.memberships.get(user=admin)
    for attempt in (
        lambda: actions.leave_organisation(organisation, by=admin),
        lambda: actions.remove_member(own, by=colleague.user, reason="Har slutat"),
        lambda: actions.change_role(own, role=Role.MEMBER, by=admin),
    ):
        with pytest.raises(actions.LastAdmin):
            attempt()
    actions.change_role(colleague, role=Role.ADMIN, by=admin)
    actions.leave_organisation(organisation, by=admin)
    own.refresh_from_db()
    assert (own.state, own.ended_at is not None) == (State.ENDED, True)


def test_the_last_person_may_leave(organisation, admin):
    actions.leave_organisation(organisation, by=admin)
    assert not organisation.memberships.active().exists()


def test_one_cannot_leave_what_one_is_not_in(organisation, asker):
    with pytest.raises(NotAllowedNow):
        actions.leave_organisation(organisation, by=asker)


def test_history_keeps_every_state(organisation, admin, asker):
    membership = actions.request_membership(organisation, by=asker)
    actions.decide_membership(membership, accept=True, by=admin)
    actions.leave_organisation(organisation, by=asker)
    states = membership.history.order_by("pgh_id").values_list("state", flat=True)
    assert list(states) == [State.REQUESTED, State.ACTIVE, State.ENDED]


def test_the_last_administrator_hands_over_in_the_same_step(organisation, admin):
    colleague = make.MembershipFactory(organisation=organisation)
    own = organisation.memberships.get(user=admin)
    actions.leave_organisation(organisation, by=admin, successor=colleague)
    own.refresh_from_db()
    colleague.refresh_from_db()
    assert (own.state, own.ended_by, colleague.role) == (State.ENDED, admin, Role.ADMIN)
    assert told() == [("accounts.role_admin", colleague.user.email)]


def test_a_successor_who_has_left_is_none(organisation, admin):
    colleague = make.MembershipFactory(organisation=organisation)
    make.MembershipFactory(organisation=organisation)
    actions.leave_organisation(organisation, by=colleague.user)
    with pytest.raises(NotAllowedNow):
        actions.leave_organisation(organisation, by=admin, successor=colleague)
    assert organisation.memberships.admins().get().user == admin


def test_closed_accounts_neither_administer_nor_keep_the_last_one_back(organisation, admin):
    gone = {"user__is_active": False, "organisation": organisation}
    make.MembershipFactory(role=Role.ADMIN, **gone)
    colleague = make.MembershipFactory(organisation=organisation)
    with pytest.raises(actions.LastAdmin):
        actions.leave_organisation(organisation, by=admin)
    actions.leave_organisation(organisation, by=colleague.user)
    actions.leave_organisation(organisation, by=admin)
    assert not organisation.has_admin


def test_requests_go_to_staff_when_nobody_is_left(organisation, admin, asker):
    staff = make.UserFactory(is_staff=True)
    actions.request_membership(organisation, by=asker)
    actions.leave_organisation(organisation, by=admin)
    assert ("accounts.membership_requested", staff.email) in told()


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MEMBER])
def test_a_change_of_role_is_told_each_time(organisation, admin, role):
    other = {Role.ADMIN: Role.MEMBER, Role.MEMBER: Role.ADMIN}[role]
    colleague = make.MembershipFactory(organisation=organisation, role=other)
    for wanted in (role, other, role, role):
        actions.change_role(colleague, role=wanted, by=admin)
    kinds = [kind for kind, address in told() if address == colleague.user.email]
    assert sorted(kinds) == sorted([f"accounts.role_{one}" for one in (role, other, role)])
    assert OutgoingMail.objects.filter(user=colleague.user).count() == 3


def test_changing_ones_own_role_is_not_told(organisation, admin):
    make.MembershipFactory(organisation=organisation, role=Role.ADMIN)
    actions.change_role(organisation.memberships.get(user=admin), role=Role.MEMBER, by=admin)
    assert told() == []
