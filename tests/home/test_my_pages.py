from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from afori.accounts import actions
from afori.accounts.models import Invitation, Membership, Verification
from afori.home.own_lists import LISTS
from afori.notifications.models import Notification
from challenges.models import Opener, Submission, SubmissionAuthor
from networks.models import Commitment, Financing, NetworkMembership

from .. import factories as make
from ..challenges.support import closes
from .test_my_challenges import work_on_challenges

pytestmark = pytest.mark.django_db


def page(client):
    return client.get(reverse("my_pages")).content.decode()


def test_strangers_are_led_to_the_log_in(client):
    response = client.get(reverse("my_pages"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_person_without_organisation_is_asked_to_name_one(cast, sign_in):
    assert reverse("accounts:organisation_start") in page(sign_in(cast.user))


def test_staff_need_no_organisation(cast, sign_in):
    assert "Ange din organisation" not in page(sign_in(cast.staff))


def test_coordinator_sees_requests_to_the_own_network_only(cast, sign_in):
    asked = make.NetworkMembershipFactory(
        network=cast.network, user=cast.buyer, state="requested", decided_at=None
    )
    other = make.NetworkMembershipFactory(state="requested", decided_at=None)
    html = page(sign_in(cast.coordinator))
    assert reverse("networks:decide", args=[cast.network.slug, asked.pk]) in html
    assert other.user.name not in html
    assert cast.buyer.name not in page(sign_in(cast.member))


def test_organisation_admin_sees_who_asks_to_join(cast, sign_in):
    asked = make.MembershipFactory(
        organisation=cast.municipality,
        user=cast.user,
        state=Membership.State.REQUESTED,
        decided_at=None,
    )
    assert reverse("accounts:membership_decide", args=[asked.token]) in page(sign_in(cast.owner))
    assert cast.user.name not in page(sign_in(cast.member))


def test_my_pages_are_private(cast, sign_in):
    response = sign_in(cast.user).get(reverse("my_pages"))
    assert "no-store" in response.headers["Cache-Control"]


def test_network_of_an_organisation_one_has_left_is_gone(cast, sign_in):
    assert cast.network.name_sv in page(sign_in(cast.member))
    ended = {"state": Membership.State.ENDED, "ended_at": timezone.now()}
    cast.member.memberships.update(**ended)
    assert cast.network.name_sv not in page(sign_in(cast.member))


def test_own_request_shows_that_it_waits(cast, sign_in):
    make.NetworkMembershipFactory(
        network=cast.network, user=cast.buyer, state="requested", decided_at=None
    )
    assert "Samordnaren har inte svarat än." in page(sign_in(cast.buyer))


def in_days(days):
    return timezone.now() + timedelta(days=days)


def fill(cast, user, number):
    """As many rows of each list as there can be, for somebody who is everything at once."""
    user.is_staff = user.is_superuser = True
    user.save()
    Membership.objects.filter(user=user).update(role=Membership.Role.ADMIN)
    for count in range(number):
        invitation(user, organisation(cast, user, count))
        ask(cast, user, count)
        challenge = make.ChallengeFactory(closes_at=in_days(3 + count), owner=cast.municipality)
        answer(challenge, cast.municipality, user)
        over = make.ChallengeFactory(closes_at=in_days(-0.5), owner=cast.municipality)
        answer(over, cast.municipality, user)
        Opener.objects.create(challenge=challenge, user=user)
        make.ArticleFactory(review_by=in_days(-3).date())
        network = coordinated(cast, user)
        Financing.objects.create(network=network, ends_on=in_days(20).date())
        make.CommitmentFactory(organisation=cast.municipality, contract_ends_on=in_days(40).date())
        told(user, count)
        work_on_challenges(cast, user)


def organisation(cast, user, count):
    """A buyer where the person is a member, that waits to be checked or checked again."""
    buyer = make.BuyerFactory(recheck_on=in_days(-1).date())
    make.MembershipFactory(user=user, organisation=buyer)
    Verification.objects.create(organisation=buyer)
    return buyer


def invitation(user, buyer):
    admin = make.MembershipFactory(organisation=make.BuyerFactory(), role="admin")
    Invitation.objects.create(
        organisation=admin.organisation, address=user.email, invited_by=admin.user
    )


def ask(cast, user, count):
    state = {"state": "requested", "decided_at": None}
    make.NetworkMembershipFactory(network=cast.network, **state)
    make.MembershipFactory(organisation=cast.municipality, **state)
    make.MembershipFactory(user=user, **state)


def answer(challenge, company, user):
    submission = Submission.objects.create(challenge=challenge, organisation=company)
    SubmissionAuthor.objects.create(submission=submission, user=user)
    return submission


def coordinated(cast, user):
    membership = make.NetworkMembershipFactory(
        user=user, organisation=cast.municipality, role=NetworkMembership.Role.COORDINATOR
    )
    return membership.network


def told(user, count):
    membership = user.network_memberships.order_by("-pk").first()
    Notification.objects.create(
        key=f"test:{count}",
        user=user,
        kind="networks.membership_accepted",
        subject_id=membership.pk,
    )


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as made:
        assert client.get(url).status_code == 200
    return len(made)


def test_one_row_and_many_of_everything_cost_the_same(cast, sign_in):
    """My pages and the page of each of its lists."""
    addresses = [reverse("my_pages"), *(reverse("my_list", args=[name]) for name in LISTS)]
    fill(cast, cast.coordinator, 1)
    client = sign_in(cast.coordinator)
    few = [queries(client, url) for url in addresses]
    Notification.objects.all().delete()
    fill(cast, cast.coordinator, 22)
    assert [queries(client, url) for url in addresses] == few
    assert max(few) <= 12
    start = page(client)
    for url in addresses[1:]:
        assert url in start
        pages = [client.get(url, {"page": number}).content.decode() for number in (1, 2, 99_999)]
        first, second, last = (html.count('class="row"') for html in pages)
        assert first == 20
        assert 0 < second <= 20
        assert 0 < last <= 20


def test_unknown_list_is_not_found(cast, sign_in):
    assert sign_in(cast.user).get("/mina-sidor/allt/").status_code == 404


@pytest.mark.parametrize("role", ["user", "supplier", "rival", "buyer", "member"])
def test_nobody_sees_what_waits_for_others(cast, sign_in, role):
    fill(cast, cast.coordinator, 2)
    client = sign_in(getattr(cast, role))
    own = {"networks", "organisations", "contracts"}
    for name in LISTS.keys() - own:
        html = client.get(reverse("my_list", args=[name])).content.decode()
        assert "Inget" in html
        assert 'class="row"' not in html


def test_superuser_and_staff_learn_nothing_of_answers(cast, sign_in):
    answer(cast.challenge, cast.company, cast.supplier)
    for person in (cast.staff, cast.superuser, cast.rival, cast.member):
        client = sign_in(person)
        for name in ("drafts", "answers"):
            html = client.get(reverse("my_list", args=[name])).content.decode()
            assert cast.challenge.title_sv not in html
    assert cast.challenge.title_sv in page(sign_in(cast.supplier))


def test_answer_of_an_organisation_one_has_left_is_gone(cast, sign_in):
    answer(cast.challenge, cast.company, cast.supplier)
    cast.supplier.memberships.update(state="ended", ended_at=timezone.now())
    assert cast.challenge.title_sv not in page(sign_in(cast.supplier))


def test_what_is_due_first_comes_first(cast, sign_in):
    soon = make.ChallengeFactory(closes_at=in_days(2), owner=cast.municipality)
    answer(soon, cast.municipality, cast.coordinator)
    make.NetworkMembershipFactory(network=cast.network, state="requested", decided_at=None)
    html = page(sign_in(cast.coordinator))
    assert html.index('id="list-drafts"') < html.index('id="list-requests"')
    NetworkMembership.objects.requested().update(requested_at=in_days(-30))
    html = page(sign_in(cast.coordinator))
    assert html.index('id="list-requests"') < html.index('id="list-drafts"')


def test_draft_whose_time_is_over_no_longer_waits(cast, sign_in):
    answer(cast.challenge, cast.company, cast.supplier)
    client = sign_in(cast.supplier)
    assert 'id="list-drafts"' in page(client)
    closes(cast.challenge, hours=-2)
    html = page(client)
    assert 'id="list-drafts"' not in html
    assert cast.challenge.title_sv in html


def test_invitation_waits_until_it_is_answered(cast, sign_in):
    actions.invite(cast.municipality, addresses=[cast.user.email], role="member", by=cast.owner)
    invited = Invitation.objects.get()
    link = reverse("accounts:invitation", args=[invited.token])
    assert link in page(sign_in(cast.user))
    assert link not in page(sign_in(cast.buyer))
    actions.decline_invitation(invited, by=cast.user)
    assert link not in page(sign_in(cast.user))


def test_request_that_nobody_answers_says_what_to_do(cast, sign_in):
    asked = make.NetworkMembershipFactory(
        network=cast.network, user=cast.buyer, state="requested", decided_at=None
    )
    NetworkMembership.objects.filter(pk=asked.pk).update(requested_at=in_days(-15))
    assert "Skriv till den som håller i nätverket." in page(sign_in(cast.buyer))


def test_answer_is_listed_once(cast, sign_in):
    answer(cast.challenge, cast.company, cast.supplier)
    html = page(sign_in(cast.supplier))
    assert html.count(cast.challenge.title_sv) == 1
    assert "inte börjat på något svar" not in html


def test_missing_second_factor_is_told_where_it_is_advice(cast, sign_in, settings):
    settings.AFORI_REQUIRE_MFA = False
    link = reverse("accounts:second_factor")
    assert link in page(sign_in(cast.owner))
    assert link not in page(sign_in(cast.member))


def test_editor_without_the_right_sees_no_checks(cast, sign_in):
    Verification.objects.create(organisation=make.BuyerFactory(name="Norrvika kommun"))
    assert "Norrvika kommun" not in page(sign_in(cast.staff))
    assert "Norrvika kommun" in page(sign_in(cast.superuser))


def test_commitments_of_others_do_not_wait_for_me(cast, sign_in):
    theirs = make.CommitmentFactory(contract_ends_on=in_days(40).date())
    assert theirs.need.title_sv not in page(sign_in(cast.member))
    Commitment.objects.update(organisation=cast.municipality)
    assert theirs.need.title_sv in page(sign_in(cast.member))
