"""The queue and the page of decision in the admin, and what the organisation sees of it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from afori.accounts import actions
from afori.accounts.choices import Kind
from afori.accounts.groups import make_editors
from afori.accounts.models import Organisation, Verification
from tests import factories as make
from tests.admin.forms import fields
from tests.cast import ROLES

pytestmark = pytest.mark.django_db
QUEUE = reverse("admin:accounts_verification_changelist")
YES = {"answer": "yes", **dict.fromkeys(Verification.CHECKS, "on")}


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.AFORI_REQUIRE_MFA = False


@pytest.fixture
def editor():
    person = make.UserFactory(name="Petra Redaktör", is_staff=True)
    person.groups.add(make_editors())
    return person


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def registered(number=1):
    person = make.UserFactory(email=f"chef{number}@ekhamra{number}.se")
    facts = {"name": f"Kommun nummer {number}", "kind": Kind.MUNICIPALITY, "by": person}
    return actions.create_organisation(**facts).verifications.get()


def page_of(verification):
    return reverse("admin:accounts_verification_change", args=[verification.pk])


def recheck_of(organisation):
    return reverse("admin:accounts_organisation_recheck", args=[organisation.pk])


def test_the_queue_holds_those_that_wait_oldest_first(desk, editor):
    first, second, answered = registered(1), registered(2), registered(3)
    actions.decide_verification(answered, approve=False, reason="Nej", by=editor)
    rows = desk.get(QUEUE).context["cl"].result_list
    assert list(rows) == [first, second]
    assert list(desk.get(f"{QUEUE}?show=decided").context["cl"].result_list) == [answered]
    assert len(desk.get(f"{QUEUE}?show=all").context["cl"].result_list) == 3
    assert "2 organisationer väntar" in desk.get("/admin/").content.decode()


def test_the_queue_asks_as_often_for_three_as_for_one(desk):
    def queries():
        with CaptureQueriesContext(connection) as context:
            assert desk.get(QUEUE).status_code == 200
        return len(context)

    registered(1)
    desk.get(QUEUE)
    one = queries()
    registered(2)
    registered(3)
    assert (queries(), one <= 12) == (one, True)


def test_the_page_of_decision_asks_a_bounded_number_of_questions(desk):
    verification = registered()
    page = page_of(verification)
    desk.get(page)
    with CaptureQueriesContext(connection) as alone:
        desk.get(page)
    for number in range(3):
        other = make.BuyerFactory(name=f"Kommun nummer 1{number}")
        make.MembershipFactory(user=verification.requested_by, organisation=other)
        verification.organisation.domains.create(domain=f"ekhamra-{number}.se")
    with CaptureQueriesContext(connection) as crowded:
        desk.get(page)
    assert len(crowded) == len(alone)


def test_approving_leads_back_to_the_queue_and_is_noted(desk, editor):
    verification = registered()
    domain = verification.organisation.domains.get()
    response = desk.post(page_of(verification), {**YES, "domains": [domain.pk]})
    assert response["Location"] == QUEUE
    domain.refresh_from_db()
    assert (Organisation.objects.get().verified_by, domain.verified_by) == (editor, editor)
    history = reverse("admin:accounts_organisation_history", args=[domain.organisation_id])
    assert "Första kontrollen: Godkänd" in desk.get(history).content.decode()
    assert LogEntry.objects.get().user == editor


def test_what_was_typed_stays_when_a_check_or_the_reason_is_missing(desk):
    verification = registered()
    page = page_of(verification)
    response = desk.post(page, {"answer": "yes", "reason": "Nästan klart", "kind_checked": "on"})
    text = response.content.decode()
    assert ("Nästan klart" in text, "Gör alla tre" in text) == (True, True)
    assert fields(response, "check")["kind_checked"] == [""]
    assert "Skriv varför" in desk.post(page, {"answer": "no"}).content.decode()
    assert Verification.objects.get().is_waiting


@pytest.mark.parametrize(
    "data", [{}, {"answer": "kanske"}, {**YES, "domains": ["x"]}, {**YES, "domains": ["9" * 30]}]
)
def test_odd_answers_change_nothing(desk, data):
    verification = registered()
    assert desk.post(page_of(verification), data).status_code == 200
    assert Verification.objects.get().is_waiting


def test_a_domain_of_another_organisation_is_not_verified(desk):
    verification = registered()
    other = make.OrganisationFactory().domains.create(domain="annan.se")
    assert desk.post(page_of(verification), {**YES, "domains": [other.pk]}).status_code == 200
    other.refresh_from_db()
    assert other.verified_at is None


def test_the_second_sees_what_the_first_decided(desk):
    verification, other = registered(), make.UserFactory(name="Olof", is_staff=True)
    actions.decide_verification(verification, approve=False, reason="Numret är fel", by=other)
    text = desk.post(page_of(verification), YES).content.decode()
    assert ("Olof har redan svarat" in text, "Numret är fel" in text) == (True, True)
    assert not Organisation.objects.get().is_verified


def test_ones_own_organisation_is_shown_without_a_form(desk, editor):
    verification = registered()
    make.MembershipFactory(user=editor, organisation=verification.organisation)
    assert "Någon annan måste svara" in desk.get(page_of(verification)).content.decode()
    assert desk.post(page_of(verification), YES).status_code == 403
    assert Verification.objects.get().is_waiting


def test_a_verified_organisation_is_checked_again_from_its_page(desk):
    organisation = make.BuyerFactory(recheck_on=None)
    changelist = reverse("admin:accounts_organisation_changelist")
    assert list(desk.get(f"{changelist}?check=due").context["cl"].result_list) == [organisation]
    page = reverse("admin:accounts_organisation_change", args=[organisation.pk])
    assert recheck_of(organisation) in desk.get(page).content.decode()
    assert desk.post(recheck_of(organisation), YES).status_code == 302
    assert not desk.get(f"{changelist}?check=due").context["cl"].result_list
    desk.post(recheck_of(organisation), {"answer": "no", "reason": "Sålt"})
    assert not Organisation.objects.get().is_verified
    assert desk.get(recheck_of(organisation)).status_code == 302


ALLOWED = {"superuser"}


@pytest.mark.parametrize("role", ROLES)
def test_nobody_without_the_right_comes_near(cast, sign_in, role):
    verification = registered()
    client = sign_in(getattr(cast, role))
    pages = [QUEUE, page_of(verification), recheck_of(cast.municipality)]
    pages += [
        reverse(f"admin:accounts_organisation_{name}", args=[cast.company.pk])
        for name in ("queue", "close", "reopen")
    ]
    for page in pages:
        expected = 200 if role in ALLOWED else 403 if role == "staff" else 302
        assert client.get(page).status_code == expected, page
        if role not in ALLOWED:
            assert client.post(page, {**YES, "reason": "x"}).status_code in (302, 403)
    assert Verification.objects.filter(pk=verification.pk).waiting().exists()
    assert not Organisation.objects.filter(closed_at__isnull=False).exists()


def test_staff_who_may_only_look_cannot_answer(client):
    verification = registered()
    person = make.UserFactory(is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="view_verification"))
    client.force_login(person)
    assert client.get(page_of(verification)).context["form"] is None
    assert client.post(page_of(verification), YES).status_code == 403


# What the organisation sees


@pytest.fixture
def own(client):
    verification = registered()
    client.force_login(verification.requested_by)
    return verification


def members_page(verification):
    return reverse("accounts:members", args=[verification.organisation.slug])


def test_the_organisation_sees_how_far_it_has_come(client, own, editor, text_of):
    assert "Inte verifierad än" in text_of(client.get(members_page(own)))
    actions.decide_verification(own, approve=False, reason="Numret är fel", by=editor)
    text = text_of(client.get(members_page(own)))
    assert "Kunde inte verifieras" in text
    assert "Numret är fel" in text
    ask = reverse("accounts:verification_request", args=[own.organisation.slug])
    assert ask in client.get(members_page(own)).content.decode()
    client.post(ask, {"message": "Nu är det rättat"})
    again = own.organisation.latest_verification
    assert (again.is_waiting, again.message) == (True, "Nu är det rättat")
    actions.decide_verification(again, approve=True, checks=Verification.CHECKS, by=editor)
    assert "Verifierad sedan" in text_of(client.get(members_page(own)))
    actions.recheck(own.organisation, still_right=False, reason="Sålt", by=editor)
    assert "Inte längre verifierad" in text_of(client.get(members_page(own)))


def test_asking_twice_is_refused_calmly(client, own):
    ask = reverse("accounts:verification_request", args=[own.organisation.slug])
    assert "väntar redan" in client.post(ask, follow=True).content.decode()
    assert Verification.objects.count() == 1


@pytest.mark.parametrize("role", ROLES)
def test_only_administrators_ask(cast, sign_in, role):
    ask = reverse("accounts:verification_request", args=[cast.municipality.slug])
    Organisation.objects.filter(pk=cast.municipality.pk).update(verified_at=None)
    status = sign_in(getattr(cast, role)).post(ask).status_code
    assert status == (302 if role in ("owner", "stranger") else 403)
    assert Verification.objects.count() == (role == "owner")
