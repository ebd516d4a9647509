"""Rights that are taken away are gone with the next request, wherever the person is signed in."""

import pytest
from django.test import Client
from django.urls import reverse

from afori.accounts import actions
from afori.accounts.models import Membership, User
from afori.notifications import outbox
from afori.notifications.models import OutgoingMail
from challenges import actions as challenges
from challenges.models import Submission
from networks import actions as networks
from networks.models import Commitment, NetworkMembership
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def need(cast):
    return make.NeedFactory(network=cast.network)


@pytest.fixture
def window():
    """The browser of somebody who stays signed in."""

    def open_for(user):
        client = Client()
        client.force_login(user)
        return client

    return open_for


@pytest.fixture
def remove(cast, window):
    """The administrator ends a membership, in a browser."""

    def end(user):
        membership = Membership.objects.active().get(user=user)
        page = reverse("accounts:member_remove", args=[membership.token])
        office = window(cast.owner)
        assert office.get(page).status_code == 200
        assert Membership.objects.active().filter(pk=membership.pk).exists()
        office.post(page, {"reason": "Har slutat hos oss"})
        membership.refresh_from_db()
        return membership

    return end


def test_a_removed_member_is_out_everywhere(cast, need, window, remove, text_of):
    client = window(cast.member)
    slug = cast.municipality.slug
    pages = {
        reverse("accounts:members", args=[slug]): 403,
        reverse("accounts:organisation_leave", args=[slug]): 404,
        reverse("networks:room", args=[cast.network.slug]): 403,
        reverse("networks:leave", args=[cast.network.slug]): 404,
        reverse("networks:commit", args=[need.slug]): 302,
    }
    assert {path: client.get(path).status_code for path in pages} == dict.fromkeys(pages, 200)
    assert cast.municipality.name in text_of(client.get(reverse("my_pages")))

    remove(cast.member)

    assert {path: client.get(path).status_code for path in pages} == pages
    commit = client.post(reverse("networks:commit", args=[need.slug]), {"degree": "interest"})
    assert commit.status_code == 403
    assert not Commitment.objects.exists()
    home = client.get(reverse("my_pages"))
    assert home.wsgi_request.acting_for is None
    assert "Du företräder ingen organisation än" in text_of(home)


def test_the_removed_person_reads_why_and_does_not_come_back_by_address(
    cast, window, remove, text_of
):
    address = cast.member.email.rpartition("@")[2]
    cast.municipality.domains.create(domain=address, verified_at=cast.municipality.verified_at)
    membership = remove(cast.member)
    assert (membership.state, membership.reason) == ("ended", "Har slutat hos oss")
    assert membership.ended_by == cast.owner
    client = window(cast.member)
    assert "Du är inte längre medlem" in text_of(client.get(reverse("notifications:list")))
    again = actions.request_membership(cast.municipality, by=cast.member)
    assert again.is_requested
    actions.decide_membership(again, accept=True, by=cast.owner)
    actions.leave_organisation(cast.municipality, by=cast.member)
    assert not actions.request_membership(cast.municipality, by=cast.member).is_requested


def test_removing_needs_a_reason(cast, window):
    membership = Membership.objects.get(user=cast.member)
    page = reverse("accounts:member_remove", args=[membership.token])
    response = window(cast.owner).post(page, {"reason": "   "})
    assert response.status_code == 200
    with pytest.raises(actions.NeedsReason):
        actions.remove_member(membership, by=cast.owner, reason=" ")
    assert Membership.objects.active().filter(pk=membership.pk).exists()


@pytest.mark.parametrize(
    ("role", "status"),
    [("user", 404), ("supplier", 404), ("staff", 404), ("member", 403), ("owner", 200)],
)
def test_who_may_remove(cast, window, role, status):
    membership = Membership.objects.get(user=cast.coordinator)
    page = reverse("accounts:member_remove", args=[membership.token])
    assert window(getattr(cast, role)).get(page).status_code == status


def test_an_author_who_is_removed_loses_the_answer_and_its_mails(cast, window):
    make.CriterionFactory(challenge=cast.challenge)
    admin = make.MembershipFactory(organisation=cast.company, role="admin").user
    answer = challenges.start_submission(
        cast.challenge, organisation=cast.company, by=cast.supplier
    )
    client = window(cast.supplier)
    assert client.get(answer.get_absolute_url()).status_code == 200
    membership = Membership.objects.get(user=cast.supplier)
    actions.remove_member(membership, by=admin, reason="Har slutat")
    assert client.get(answer.get_absolute_url()).status_code == 404
    for reference in (answer.reference, "finnsaldrigharhos"):
        part = reverse("challenges:answer_edit", args=[cast.challenge.slug, reference, 1])
        assert client.get(part).status_code == 404
        late = client.post(part, {"text": "Min sista mening", "revision": 0})
        assert late.status_code == 404
        assert "Min sista mening" in late.content.decode()
    assert not Submission.objects.visible_to(cast.supplier).exists()


def test_a_demoted_administrator_cannot_go_on_in_another_tab(cast, window):
    second = make.MembershipFactory(organisation=cast.municipality, role="admin")
    request = actions.request_membership(cast.municipality, by=cast.user)
    colleague = Membership.objects.get(user=cast.member)
    client = window(second.user)
    pages = {
        request.get_absolute_url(): 404,
        reverse("accounts:member_remove", args=[colleague.token]): 403,
        reverse("accounts:invite", args=[cast.municipality.slug]): 403,
    }
    assert {path: client.get(path).status_code for path in pages} == dict.fromkeys(pages, 200)
    actions.change_role(second, role="member", by=cast.owner)
    for path, status in pages.items():
        data = {"answer": "accept", "reason": "x", "addresses": "a@b.se", "role": "member"}
        assert client.post(path, data).status_code == status
    change = reverse("accounts:member_change", args=[second.token])
    assert client.post(change, {"role": "admin"}).status_code == 403
    request.refresh_from_db()
    assert request.is_requested


def test_mails_about_the_organisation_are_withheld_after_the_removal(cast, remove):
    request = actions.request_membership(cast.municipality, by=cast.user)
    actions.decide_membership(request, accept=True, by=cast.owner)
    other = make.MembershipFactory(user=cast.buyer, organisation=cast.municipality)
    waiting = networks.request_membership(
        cast.network, by=cast.buyer, organisation=cast.municipality
    )
    networks.accept(waiting, by=cast.coordinator)
    OutgoingMail.objects.exclude(user__in=[cast.user, cast.buyer]).delete()
    actions.remove_member(request, by=cast.owner, reason="Fel person")
    actions.remove_member(other, by=cast.owner, reason="Fel person")
    outbox.drain()
    sent = OutgoingMail.objects.values_list("kind", "state")
    assert sorted(sent) == [
        ("accounts.membership_accepted", "withheld"),
        ("accounts.membership_ended", "sent"),
        ("accounts.membership_ended", "sent"),
        ("networks.membership_accepted", "withheld"),
    ]


def test_a_request_to_a_network_ends_with_the_employment(cast, window, text_of):
    """For the coordinator it is as if it had never been; the person may ask anew."""
    waiting = networks.request_membership(
        cast.network, by=cast.buyer, organisation=cast.buyer.acting_for
    )
    office, client = window(cast.coordinator), window(cast.buyer)
    decide = reverse("networks:decide", args=[cast.network.slug, waiting.pk])
    listed = reverse("networks:requests", args=[cast.network.slug])
    assert office.get(decide).status_code == 200
    assert cast.buyer.name in text_of(office.get(listed))

    actions.leave_organisation(cast.buyer.acting_for, by=cast.buyer)

    assert office.get(decide).status_code == 404
    assert office.post(decide, {"decision": "accept"}).status_code == 404
    for path in (listed, reverse("my_pages"), reverse("notifications:list")):
        assert cast.buyer.name not in text_of(office.get(path)), path
    assert not NetworkMembership.objects.to_decide_by(cast.coordinator).exists()
    page = text_of(client.get(cast.network.get_absolute_url()))
    assert "väntar på" not in page


def test_a_closed_organisation_gives_no_rights(cast, window, text_of):
    client = window(cast.member)
    cast.municipality.closed_at = cast.municipality.verified_at
    cast.municipality.closing_reason = "Upphörd"
    cast.municipality.save()
    members = client.get(reverse("accounts:members", args=[cast.municipality.slug]))
    assert (members.status_code, "stängdes" in text_of(members)) == (410, True)
    assert client.get(reverse("networks:room", args=[cast.network.slug])).status_code == 403
    assert members.wsgi_request.acting_for is None


def test_a_merged_organisation_leads_to_its_successor(cast, window, text_of):
    last = make.BuyerFactory(name="Storkommunen")
    middle, first = (
        make.BuyerFactory(closed_at=last.verified_at, closing_reason="Ihop", merged_into=into)
        for into in (last, None)
    )
    first.merged_into = middle
    first.save()
    client = window(cast.user)
    page = reverse("accounts:organisation_join", args=[first.slug])
    for response in (client.get(page), client.post(page, {"message": "Hej"})):
        assert response.status_code == 410
        assert "Storkommunen" in text_of(response)
    with pytest.raises(actions.OrganisationClosed):
        actions.request_membership(first, by=cast.user)


@pytest.mark.parametrize("what", ["address", "domain", "organisation"])
def test_joining_at_once_stops_when_its_ground_is_gone(cast, window, text_of, what):
    domain = cast.municipality.domains.create(
        domain="ekhamra.se", verified_at=cast.municipality.verified_at
    )
    user = make.UserFactory(email="anna@ekhamra.se")
    client = window(user)
    page = reverse("accounts:organisation_join", args=[cast.municipality.slug])
    assert client.get(page).context["at_once"]
    if what == "address":
        user.emailaddress_set.update(verified=False)
    elif what == "domain":
        domain.verified_at = None
        domain.save()
    else:
        cast.municipality.closed_at = domain.verified_at
        cast.municipality.closing_reason = "Upphörd"
        cast.municipality.save()
    assert cast.municipality.name not in text_of(client.get(reverse("accounts:organisation_start")))
    client.post(page, {"message": "Hej"})
    assert not User.objects.get(pk=user.pk).roles


def test_asking_again_and_again_has_an_end(cast):
    for _ in range(3):
        request = actions.request_membership(cast.municipality, by=cast.user)
        actions.withdraw_request(request, by=cast.user)
    with pytest.raises(actions.AskedTooOften):
        actions.request_membership(cast.municipality, by=cast.user)
    assert actions.request_membership(cast.company, by=cast.user).is_requested
