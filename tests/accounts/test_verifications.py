"""Staff check that buyers are what they say they are."""

from datetime import timedelta

import pytest
from django.utils import timezone

from afori.accounts import actions
from afori.accounts.choices import Kind
from afori.accounts.evidence import domain_findings, kind_findings, number_findings
from afori.accounts.likeness import others_like
from afori.accounts.models import Membership, Organisation, Verification
from afori.common.states import NotAllowedNow
from afori.notifications.models import Notification
from tests import factories as make

pytestmark = pytest.mark.django_db
State = Verification.State
CHECKS = Verification.CHECKS


@pytest.fixture
def applicant():
    return make.UserFactory(email="chef@ekhamra.se")


@pytest.fixture
def staff():
    return make.UserFactory(is_staff=True)


@pytest.fixture
def waiting(applicant):
    organisation = actions.create_organisation(
        name="Ekhamra kommun", kind=Kind.MUNICIPALITY, number="2120000142", by=applicant
    )
    return organisation.verifications.get()


def approve(verification, by, **facts):
    return actions.decide_verification(
        verification, **{"approve": True, "checks": CHECKS, "by": by, **facts}
    )


def decline(verification, by, reason="Numret är fel"):
    return actions.decide_verification(verification, approve=False, reason=reason, by=by)


def told():
    return sorted(Notification.objects.values_list("kind", "user__email"))


def test_a_buyer_waits_from_the_start_and_a_supplier_does_not(waiting, applicant):
    actions.create_organisation(name="Ljusglimt AB", kind=Kind.COMPANY, by=applicant)
    assert list(Verification.objects.waiting()) == [waiting]
    assert (waiting.requested_by, waiting.occasion) == (applicant, Verification.Occasion.FIRST)


def test_approving_verifies_for_a_year_and_is_told(waiting, applicant, staff):
    approve(waiting, staff)
    organisation = Organisation.objects.get()
    waiting.refresh_from_db()
    assert (organisation.verified_by, waiting.decided_by) == (staff, staff)
    assert organisation.recheck_on == timezone.localdate() + timedelta(days=365)
    assert organisation.domains.get().verified_at is None
    assert told() == [("accounts.verification_approved", applicant.email)]


def test_domains_are_verified_only_when_chosen(waiting, staff):
    other = make.OrganisationFactory().domains.create(domain="annan.se")
    approve(waiting, staff, domains=[waiting.organisation.domains.get(), other])
    other.refresh_from_db()
    assert (waiting.organisation.domains.get().verified_by, other.verified_at) == (staff, None)


@pytest.mark.parametrize("missing", CHECKS)
def test_approving_needs_all_three_checks(waiting, staff, missing):
    with pytest.raises(actions.ChecksMissing):
        approve(waiting, staff, checks=set(CHECKS) - {missing})
    assert Verification.objects.get().is_waiting


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_declining_needs_a_reason(waiting, staff, reason):
    with pytest.raises(actions.NeedsReason):
        decline(waiting, staff, reason)
    assert Verification.objects.get().is_waiting


def test_declining_is_told_and_one_may_ask_again(waiting, applicant, staff):
    decline(waiting, staff)
    assert told() == [("accounts.verification_declined", applicant.email)]
    assert not Organisation.objects.get().is_verified
    again = actions.request_verification(waiting.organisation, by=applicant, message="Rättat")
    assert (again.is_waiting, Verification.objects.count()) == (True, 2)


def test_nobody_asks_twice_nor_for_what_is_verified(waiting, applicant, staff):
    with pytest.raises(actions.AlreadyThere):
        actions.request_verification(waiting.organisation, by=applicant)
    approve(waiting, staff)
    with pytest.raises(NotAllowedNow):
        actions.request_verification(waiting.organisation, by=applicant)


def test_suppliers_are_not_checked(applicant):
    with pytest.raises(NotAllowedNow):
        actions.request_verification(make.OrganisationFactory(), by=applicant)


def test_the_second_who_answers_is_told_what_the_first_said(waiting, staff):
    decline(waiting, staff)
    with pytest.raises(NotAllowedNow, match=staff.name):
        approve(waiting, make.UserFactory(is_staff=True))
    assert not Organisation.objects.get().is_verified


def test_staff_do_not_check_their_own(waiting, applicant):
    colleague = make.UserFactory(is_staff=True)
    make.MembershipFactory(user=colleague, organisation=waiting.organisation)
    for person in (applicant, colleague):
        with pytest.raises(actions.OwnRequest):
            approve(waiting, person)
    approve(waiting, make.UserFactory(is_staff=True))
    with pytest.raises(actions.OwnRequest):
        actions.recheck(waiting.organisation, still_right=True, checks=CHECKS, by=colleague)


def test_a_recheck_that_holds_gives_another_year(staff):
    organisation = make.BuyerFactory(recheck_on=timezone.localdate() - timedelta(days=3))
    before = organisation.verified_at
    actions.recheck(organisation, still_right=True, checks=CHECKS, by=staff)
    organisation.refresh_from_db()
    assert organisation.recheck_on == timezone.localdate() + timedelta(days=365)
    assert organisation.verified_at == before
    kept = organisation.verifications.get()
    assert (kept.occasion, kept.state) == (Verification.Occasion.RECHECK, State.APPROVED)
    assert told() == []


def test_a_recheck_that_does_not_hold_takes_the_verification_away(staff):
    admin = make.MembershipFactory(organisation=make.BuyerFactory(), role=Membership.Role.ADMIN)
    actions.recheck(admin.organisation, still_right=False, reason="Sålt", by=staff)
    organisation = Organisation.objects.get(pk=admin.organisation_id)
    assert (organisation.verified_at, organisation.verified_by, organisation.recheck_on) == (
        *(None, None, None),
    )
    assert told() == [("accounts.verification_withdrawn", admin.user.email)]
    assert actions.request_verification(organisation, by=admin.user).is_waiting


def test_what_is_not_verified_is_not_rechecked(waiting, staff):
    with pytest.raises(NotAllowedNow):
        actions.recheck(waiting.organisation, still_right=False, reason="Nej", by=staff)


def test_verified_again_is_told_again(waiting, applicant, staff):
    approve(waiting, staff)
    actions.recheck(waiting.organisation, still_right=False, reason="Sålt", by=staff)
    approve(actions.request_verification(waiting.organisation, by=applicant), staff)
    assert [kind for kind, _who in told()].count("accounts.verification_approved") == 2


def test_those_due_for_a_check(staff):
    today = timezone.localdate()
    due = [
        make.BuyerFactory(recheck_on=today),
        make.BuyerFactory(recheck_on=None),
    ]
    make.BuyerFactory(recheck_on=today + timedelta(days=1))
    make.BuyerFactory(verified_at=None)
    actions.close_organisation(make.BuyerFactory(), reason="Borta", by=staff)
    assert set(Organisation.objects.due_for_check(today)) == set(due)


# Evidence


@pytest.mark.parametrize(
    ("address", "website", "fits"),
    [
        ("anna@ekhamra.se", "https://www.ekhamra.se/", True),
        ("anna@skola.ekhamra.se", "https://ekhamra.se", True),
        ("anna@xekhamra.se", "https://ekhamra.se", False),
        ("anna@ekhamra.se", "https://annan.se", False),
        ("anna@ekhamra.se", "", None),
        ("anna@gmail.com", "https://ekhamra.se", False),
        ("anna@gmail.com", "https://gmail.com", False),
    ],
)
def test_address_beside_website(address, website, fits):
    organisation = make.BuyerFactory(website=website)
    person = make.UserFactory(email=address)
    assert [one.fits for one in domain_findings(organisation, person)] == [fits]


def test_a_noted_domain_proves_nothing_but_a_verified_one_does():
    organisation, person = make.BuyerFactory(), make.UserFactory(email="anna@ekhamra.se")
    domain = organisation.domains.create(domain="ekhamra.se")
    assert [one.fits for one in domain_findings(organisation, person)] == [None]
    actions.verify_domain(domain, by=person)
    assert [one.fits for one in domain_findings(organisation, person)] == [True]


def test_an_unconfirmed_address_is_no_evidence():
    person = make.UserFactory(email="anna@ekhamra.se")
    person.emailaddress_set.update(verified=False)
    organisation = make.BuyerFactory(website="https://ekhamra.se")
    assert [one.fits for one in domain_findings(organisation, person)] == [False]


@pytest.mark.parametrize(
    ("kind", "number", "fits"),
    [
        (Kind.MUNICIPALITY, "2120000142", True),
        (Kind.MUNICIPALITY, "5560360793", False),
        (Kind.PUBLIC_COMPANY, "5560360793", True),
        (Kind.STATE_AGENCY, None, None),
        (Kind.COMPANY, "5560360793", None),
    ],
)
def test_number_beside_kind(kind, number, fits):
    organisation = make.OrganisationFactory(kind=kind, number=number)
    findings = kind_findings(organisation)
    assert {one.fits for one in findings} == {fits}
    assert number_findings(organisation)[0].fits is (number is not None)


def test_similar_names_are_shown_but_not_closed_ones(staff):
    organisation = make.BuyerFactory(name="Ekhamra kommun")
    alike = make.BuyerFactory(name="Ekhamra  Kommun")
    make.BuyerFactory(name="Holmfors stad")
    closed = make.BuyerFactory(name="Ekhamra kommun (gammal)")
    actions.close_organisation(closed, reason="Dubblett", by=staff)
    assert others_like(organisation) == [alike]
