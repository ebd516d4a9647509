"""Two entries of the same organisation become one."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.urls import reverse
from pghistory.models import Event

from afori.accounts import actions, merging
from afori.accounts.groups import make_editors
from afori.accounts.models import Membership, Organisation, OrganisationDomain, Verification
from afori.notifications.models import Notification
from networks.models import Commitment
from tests import factories as make
from tests.cast import ROLES

pytestmark = pytest.mark.django_db
State, Role, Degree = Membership.State, Membership.Role, Commitment.Degree


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.AFORI_REQUIRE_MFA = False


@pytest.fixture
def staff():
    person = make.UserFactory(name="Petra Redaktör", is_staff=True)
    person.groups.add(make_editors())
    return person


@pytest.fixture
def pair():
    return make.BuyerFactory(name="Ekhamra stad"), make.BuyerFactory(name="Ekhamra kommun")


@pytest.fixture
def merge(pair, staff):
    def run(reason="Samma kommun"):
        merged, kept = pair
        actions.merge_organisations(merged, into=kept, by=staff, reason=reason)
        return merged.refresh_from_db(), kept.refresh_from_db()

    return run


def fields_naming_organisations():
    """Every foreign key and list of organisations, but for those of recorded versions."""
    for model in apps.get_models():
        if issubclass(model, Event):
            continue
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            if field.is_relation and field.related_model is Organisation:
                yield model, field.name


def test_every_field_that_names_an_organisation_has_one_rule():
    ruled = [(rule.model, rule.field) for rule in merging.rules()]
    assert sorted(map(str, ruled)) == sorted(map(str, fields_naming_organisations()))


def test_the_merged_one_is_closed_and_points_on(pair, merge, staff):
    merged, kept = pair
    merge()
    assert (merged.merged_into, merged.closed_by) == (kept, staff)
    assert (merged.closing_reason, merged.successor) == ("Samma kommun", kept)


def test_what_is_its_own_moves(pair, merge):
    merged, kept = pair
    network = make.NetworkFactory(organiser=merged)
    network.organisations.add(merged, kept)
    network.co_organisers.add(merged)
    member = make.NetworkMembershipFactory(network=network, organisation=merged)
    rows = [
        (network, "organiser"),
        (member, "organisation"),
        (make.NeedFactory(proposer=merged), "proposer"),
        (network.financings.create(financier=merged), "financier"),
        (make.ChallengeFactory(owner=merged), "owner"),
        (make.FundingCallFactory(funder=merged), "funder"),
        (make.EventFactory(host=merged), "host"),
        (merged.domains.create(domain="ekhamra.se"), "organisation"),
    ]
    merge()
    for row, field in rows:
        row.refresh_from_db()
        assert getattr(row, field) == kept, row
    assert list(network.organisations.all()) == [kept]
    assert list(network.co_organisers.all()) == [kept]
    assert list(type(member).objects.active()) == [member]


@pytest.mark.parametrize(
    ("theirs", "own", "result"),
    [
        (None, None, None),
        (("active", "admin"), None, ("active", "admin")),
        (("requested", "member"), None, ("requested", "member")),
        (("active", "admin"), ("active", "member"), ("active", "admin")),
        (("active", "member"), ("active", "admin"), ("active", "admin")),
        (("active", "member"), ("requested", "member"), ("active", "member")),
        (("active", "admin"), ("requested", "member"), ("active", "admin")),
        (("requested", "member"), ("active", "member"), ("active", "member")),
        (("requested", "member"), ("requested", "member"), ("requested", "member")),
        (("ended", "member"), ("active", "member"), ("active", "member")),
    ],
)
def test_each_person_keeps_one_place_with_the_stronger_role(pair, merge, theirs, own, result):
    person = make.UserFactory()
    for organisation, place in zip(pair, (theirs, own), strict=True):
        if place:
            state, role = place
            dates = {
                "decided_at": None if state == "requested" else organisation.verified_at,
                "ended_at": organisation.verified_at if state == "ended" else None,
            }
            make.MembershipFactory(
                user=person, organisation=organisation, state=state, role=role, **dates
            )
    merge()
    merged, kept = pair
    places = kept.memberships.current().filter(user=person).values_list("state", "role")
    assert list(places) == ([result] if result else [])
    assert not merged.memberships.current().exists()


def test_whoever_was_removed_stays_removed(pair, merge):
    merged, kept = pair
    boss = make.MembershipFactory(organisation=merged, role=Role.ADMIN).user
    person = make.UserFactory(email="borta@ekhamra.se")
    place = make.MembershipFactory(user=person, organisation=merged)
    OrganisationDomain.objects.create(
        organisation=kept, domain="ekhamra.se", verified_at=kept.verified_at
    )
    actions.remove_member(place, by=boss, reason="Slutat")
    merge()
    again = actions.request_membership(kept, by=person)
    assert again.state == State.REQUESTED


@pytest.mark.parametrize(
    ("theirs", "own", "stays"),
    [
        (Degree.LETTER_OF_INTENT, Degree.INTEREST, Degree.LETTER_OF_INTENT),
        (Degree.INTEREST, Degree.LETTER_OF_INTENT, Degree.LETTER_OF_INTENT),
    ],
)
def test_the_stronger_of_two_commitments_stays(pair, merge, theirs, own, stays):
    merged, kept = pair
    need = make.NeedFactory()
    make.CommitmentFactory(need=need, organisation=merged, degree=theirs)
    make.CommitmentFactory(need=need, organisation=kept, degree=own)
    other = make.CommitmentFactory(organisation=merged)
    preview = actions.preview_merge(merged, into=kept)
    assert [number for label, number in preview.moving] == [2]
    merge()
    assert need.commitments.get().degree == stays
    other.refresh_from_db()
    assert {one.organisation for one in Commitment.objects.all()} == {kept}


def test_of_two_equal_commitments_that_of_the_one_that_stays_counts(pair, merge):
    merged, kept = pair
    need = make.NeedFactory()
    make.CommitmentFactory(need=need, organisation=merged, volume_a_year=1)
    make.CommitmentFactory(need=need, organisation=kept, volume_a_year=2)
    merge()
    assert need.commitments.get().volume_a_year == 2


def test_missing_facts_are_filled_and_others_left(pair, merge):
    merged, kept = pair
    topic = make.TopicFactory()
    merged.topics.add(topic)
    facts = {"number": "2120000142", "website": "https://ny.se", "offers": ["testbed"]}
    Organisation.objects.filter(pk=merged.pk).update(**facts)
    Organisation.objects.filter(pk=kept.pk).update(website="https://ekhamra.se")
    merge()
    assert (kept.number, kept.website) == ("2120000142", "https://ekhamra.se")
    assert (kept.offers, list(kept.topics.all()), merged.number) == (["testbed"], [topic], None)


def test_chains_are_flattened(pair, merge, staff):
    merged, kept = pair
    first = make.BuyerFactory()
    actions.merge_organisations(first, into=merged, by=staff, reason="Samma")
    merge()
    first.refresh_from_db()
    assert first.merged_into == kept


def test_invitations_move_once(pair, merge):
    merged, kept = pair
    for organisation, address in ((merged, "a@x.se"), (merged, "b@x.se"), (kept, "a@x.se")):
        admin = make.MembershipFactory(organisation=organisation, role=Role.ADMIN).user
        actions.invite(organisation, addresses=[address], role=Role.MEMBER, by=admin)
    merge()
    waiting = kept.invitations.pending().values_list("address", flat=True)
    assert sorted(waiting) == ["a@x.se", "b@x.se"]
    assert not merged.invitations.pending().exists()


@pytest.mark.parametrize("kept_waits", [True, False])
def test_a_request_to_be_checked_goes_on_or_is_answered(pair, merge, kept_waits):
    _merged, kept = pair
    Organisation.objects.update(verified_at=None)
    for organisation in pair if kept_waits else pair[:1]:
        organisation.refresh_from_db()
        actions.request_verification(organisation, by=make.UserFactory())
    merge()
    assert [one.organisation for one in Verification.objects.waiting()] == [kept]


def test_members_of_both_are_told(pair, merge):
    people = [make.MembershipFactory(organisation=one).user for one in pair]
    gone = make.MembershipFactory(
        organisation=pair[0], state="ended", ended_at=pair[0].verified_at
    ).user
    merge()
    told = Notification.objects.filter(kind="accounts.organisation_merged")
    assert {one.user for one in told} == set(people)
    assert gone not in people


# What cannot be merged


def refused(pair, staff, reason="Samma", **facts):
    merged, kept = pair
    with pytest.raises((actions.CannotMerge, actions.NeedsReason)) as refusal:
        actions.merge_organisations(merged, into=kept, by=staff, reason=reason)
    assert not Organisation.objects.filter(merged_into__isnull=False).exists()
    return refusal.value.message


def test_it_needs_a_reason(pair, staff):
    assert refused(pair, staff, reason=" ")


@pytest.mark.parametrize(
    ("merged_facts", "kept_facts"),
    [
        ({"number": "2120000142"}, {"number": "2021005026"}),
        ({"kind": "company"}, {}),
        ({}, {"verified_at": None}),
    ],
)
def test_different_organisations_are_not_merged(pair, staff, merged_facts, kept_facts):
    merged, kept = pair
    Organisation.objects.filter(pk=merged.pk).update(**merged_facts)
    Organisation.objects.filter(pk=kept.pk).update(**kept_facts)
    refused(pair, staff)
    assert len(actions.preview_merge(*map(fresh, (merged,)), into=fresh(kept)).refusals) == 1


def fresh(organisation):
    return Organisation.objects.get(pk=organisation.pk)


def test_neither_itself_nor_a_closed_one(pair, staff):
    merged, kept = pair
    refused((kept, kept), staff)
    actions.close_organisation(kept, by=staff, reason="Borta")
    refused(pair, staff)
    refused((kept, merged), staff)


# Pages


def merge_page(merged, kept):
    return reverse("admin:accounts_organisation_merge_into", args=[merged.pk, kept.pk])


def test_staff_find_the_other_one_look_and_confirm(client, pair, staff, text_of):
    merged, kept = pair
    make.MembershipFactory(organisation=merged, role=Role.ADMIN)
    client.force_login(staff)
    find = reverse("admin:accounts_organisation_merge", args=[merged.pk])
    assert merge_page(merged, kept) in client.get(find).content.decode()
    assert merge_page(merged, kept) in client.get(find, {"q": "ekhamra kommun"}).content.decode()
    assert merge_page(merged, kept) not in client.get(find, {"q": "xyzzy"}).content.decode()
    assert "Medlemmar och begäranden om att gå med 1" in text_of(
        client.get(merge_page(merged, kept))
    )
    response = client.post(merge_page(merged, kept), {"reason": ""})
    assert (response.status_code, fresh(merged).is_closed) == (200, False)
    client.post(merge_page(merged, kept), {"reason": "Samma kommun"})
    assert fresh(merged).merged_into == kept
    history = reverse("admin:accounts_organisation_history", args=[merged.pk])
    assert "Samma kommun" in text_of(client.get(history))
    assert "Samma kommun" in text_of(
        client.get(reverse("admin:accounts_organisation_change", args=[merged.pk]))
    )
    assert client.get(merge_page(merged, kept)).status_code == 200


@pytest.mark.parametrize("pk", [0, 2**63, 10**30])
def test_odd_numbers_are_not_found(client, pair, staff, pk):
    client.force_login(staff)
    page = merge_page(*pair).replace(f"/{pair[1].pk}/", f"/{pk}/")
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("role", ROLES)
def test_only_those_with_the_right_merge(cast, sign_in, role):
    client = sign_in(getattr(cast, role))
    page = merge_page(cast.company, cast.rival_company)
    expected = {"superuser": 200, "staff": 403}.get(role, 302)
    assert client.get(page).status_code == expected
    if role != "superuser":
        assert client.post(page, {"reason": "x"}).status_code == expected
        assert not fresh(cast.company).is_closed


def test_staff_who_may_only_look_do_not_merge(client, pair):
    person = make.UserFactory(is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="view_organisation"))
    client.force_login(person)
    assert client.post(merge_page(*pair), {"reason": "x"}).status_code == 403
    assert not fresh(pair[0]).is_closed
