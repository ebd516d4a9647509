"""A share of the pooled demand: action, form, what others see."""

import pytest

from networks import refusals
from networks.actions import commit, withdraw_commitment
from networks.forms import CommitmentForm
from networks.models import Commitment, Demand, Need
from tests import factories as make

INTEREST = {"degree": "interest", "volume_a_year": 100}


@pytest.fixture
def need(db):
    return make.NeedFactory(unit_sv="personer per år")


def add(need, organisation, **values):
    return make.CommitmentFactory(need=need, organisation=organisation, **values)


def test_commit_adds_then_changes_one_row(cast, need):
    organisation = cast.municipality
    commit(need, organisation=organisation, by=cast.member, **INTEREST)
    changed = commit(
        need,
        organisation=organisation,
        by=cast.owner,
        degree="pledge",
        volume_a_year=40,
        signatory="Chef",
    )
    assert Commitment.objects.get() == changed
    assert (changed.degree, changed.volume_a_year, changed.made_by) == ("pledge", 40, cast.owner)


def test_withdraw_takes_share_away_and_may_be_repeated(cast, need):
    commit(need, organisation=cast.municipality, by=cast.member, **INTEREST)
    add(need, make.BuyerFactory())
    for _again in range(2):
        withdraw_commitment(need, organisation=cast.municipality, by=cast.member)
    assert need.commitments.count() == 1


def test_pledge_needs_signatory(cast, need):
    with pytest.raises(refusals.SignatoryMissing):
        commit(need, organisation=cast.municipality, by=cast.member, degree="pledge", signatory="")


def test_commit_refused_for_suppliers_and_unverified(cast, need):
    with pytest.raises(refusals.NotABuyer):
        commit(need, organisation=cast.company, by=cast.supplier, **INTEREST)
    unverified = make.BuyerFactory(verified_at=None)
    with pytest.raises(refusals.NotVerified):
        commit(need, organisation=unverified, by=cast.user, **INTEREST)


@pytest.mark.parametrize("state", Need.CLOSED_FOR_COMMITMENTS)
def test_commit_refused_when_need_is_closed(cast, state):
    need = make.NeedFactory(state=state, stopped_reason_sv="Slut")
    with pytest.raises(refusals.NeedClosed):
        commit(need, organisation=cast.municipality, by=cast.member, **INTEREST)


def test_demand_sums_by_degree(need):
    add(need, make.BuyerFactory(), degree="pledge", signatory="A", volume_a_year=5, cost_a_year=7)
    add(need, make.BuyerFactory(), degree="letter_of_intent", volume_a_year=10)
    add(need, make.BuyerFactory(), degree="interest", volume_a_year=None)
    add(need, make.BuyerFactory(), degree="interest", volume_a_year=2, cost_a_year=3)
    demand = Need.objects.with_demand().get().demand
    assert demand == Demand(
        pledge=5, letter=10, interest=2, pledges=1, letters=1, interests=2, costed=2, cost=10
    )
    assert (demand.total, demand.organisations) == (17, 4)


def test_demand_of_need_without_commitments_is_nothing(need):
    assert Need.objects.with_demand().get().demand == Demand()


def test_form_reads_numbers_as_people_write_them():
    form = CommitmentForm({"degree": "interest", "volume_a_year": "1 250", "cost_a_year": "2 000"})
    assert form.is_valid()
    assert (form.cleaned_data["volume_a_year"], form.cleaned_data["cost_a_year"]) == (1250, 2000)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("volume_a_year", "-1"),
        ("volume_a_year", "9" * 30),
        ("cost_a_year", "9" * 30),
        ("budget_year", "1066"),
        ("budget_year", "9" * 30),
        ("contract_ends_on", "31/31/2026"),
        ("contract_ends_on", "0026-12-31"),
        ("degree", "promise"),
    ],
)
def test_form_refuses_what_cannot_be(field, value):
    form = CommitmentForm({"degree": "interest", field: value})
    assert set(form.errors) == {field}


def commit_page(client, need, **data):
    return client.post(f"/en/needs/{need.slug}/commitment/", data)


def test_buyer_commits_through_the_page(cast, sign_in, need):
    response = commit_page(sign_in(cast.buyer), need, **INTEREST)
    assert response.status_code == 302
    assert need.commitments.get().organisation.name == "Holmfors kommun"


def test_form_keeps_what_was_typed(cast, sign_in, need):
    typed = {"degree": "pledge", "volume_a_year": "1 2x", "conditions": "Bara om det håller"}
    page = commit_page(sign_in(cast.buyer), need, **typed).content.decode()
    assert "1 2x" in page
    assert "Bara om det håller" in page
    assert "A pledge needs the name of someone" in page
    assert not need.commitments.exists()


def test_closed_need_says_so_and_keeps_what_was_typed(cast, sign_in, need):
    client = sign_in(cast.buyer)
    Need.objects.update(state=Need.State.PROCURED)
    response = commit_page(client, need, **INTEREST, conditions="Mina villkor")
    assert response.status_code == 200
    assert "Mina villkor" in response.content.decode()
    assert "The need is closed" in response.content.decode()


@pytest.mark.parametrize("role", ["user", "supplier", "staff", "superuser"])
def test_others_may_not_commit(cast, sign_in, need, role):
    client = sign_in(getattr(cast, role))
    assert commit_page(client, need, **INTEREST).status_code == 403
    assert client.post(f"/en/needs/{need.slug}/commitment/withdraw/").status_code == 403
    assert not need.commitments.exists()


def test_withdraw_through_the_page_takes_own_only(cast, sign_in, need):
    add(need, cast.municipality)
    add(need, cast.buyer.acting_for)
    sign_in(cast.buyer).post(f"/en/needs/{need.slug}/commitment/withdraw/")
    assert need.commitments.get().organisation == cast.municipality


def test_others_see_sums_and_names_only_where_agreed(cast, sign_in, need):
    add(need, make.BuyerFactory(name="Hemliga kommunen"), volume_a_year=1234, conditions="Tyst")
    add(
        need,
        make.BuyerFactory(name="Öppna kommunen"),
        volume_a_year=766,
        shown_by_name=True,
        conditions="Tyst",
    )
    for role in ("stranger", "user", "supplier", "buyer", "member", "staff", "superuser"):
        page = sign_in(getattr(cast, role)).get(f"/en/needs/{need.slug}/").content.decode()
        assert "2,000" in page
        assert "Öppna kommunen" in page
        assert "Hemliga kommunen" not in page
        assert "1,234" not in page
        assert "Tyst" not in page
