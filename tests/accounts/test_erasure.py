"""Deleting an account: the way there and the way back."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from afori.accounts import actions
from afori.accounts.models import Membership, User
from afori.common import personal_data
from afori.common.tasks import apply_retention
from afori.notifications import outbox
from afori.notifications.models import OutgoingMail
from challenges.models import Opener

from .. import factories as make

pytestmark = pytest.mark.django_db
DELETE, KEEP, MY_DATA = "accounts:account_delete", "accounts:account_keep", "accounts:my_data"
AGREED = {"understood": "on"}


def confirmed(client):
    """Show once more that it is oneself."""
    client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD})
    return client


def asked(user):
    return User.objects.get(pk=user.pk).deletion_requested_at is not None


def test_page_says_what_goes_and_what_stays(cast, sign_in):
    html = sign_in(cast.user).get(reverse(DELETE)).content.decode()
    for holding in personal_data.holdings():
        assert str(holding.stays) in html


def test_asking_takes_a_confirmed_log_in_and_a_tick(cast, sign_in):
    client = sign_in(cast.user)
    response = client.post(reverse(DELETE), AGREED)
    assert response.url.startswith(reverse("account_reauthenticate"))
    assert not asked(cast.user)
    response = confirmed(client).post(reverse(DELETE))
    assert response.status_code == 200
    assert not asked(cast.user)
    assert client.post(reverse(DELETE), AGREED).url == reverse(MY_DATA)
    assert asked(cast.user)


def test_confirming_takes_the_request_along(cast, sign_in):
    client = sign_in(cast.user)
    where = client.post(reverse(DELETE), AGREED).url
    assert client.post(where, {"password": make.PASSWORD}).url == reverse(MY_DATA)
    assert asked(cast.user)


def test_person_is_told_and_may_change_their_mind(cast, sign_in):
    actions.request_deletion(by=cast.user)
    mail = OutgoingMail.objects.get(user=cast.user)
    assert mail.kind == "accounts.deletion_requested"
    assert "<" not in outbox.compose(mail).body
    client = sign_in(cast.user)
    for page in ("my_pages", MY_DATA):
        assert reverse(KEEP) in client.get(reverse(page)).content.decode()
    assert client.get(reverse(DELETE)).url == reverse(MY_DATA)
    client.post(reverse(KEEP))
    assert not asked(cast.user)
    assert reverse(KEEP) not in client.get(reverse("my_pages")).content.decode()
    assert client.post(reverse(KEEP)).status_code == 302


def test_person_is_told_each_time(cast):
    for _number in range(2):
        actions.request_deletion(by=cast.user)
        actions.cancel_deletion(by=cast.user)
    assert OutgoingMail.objects.filter(user=cast.user).count() == 2


def test_logging_in_is_possible_while_it_waits(cast, client):
    actions.request_deletion(by=cast.user)
    client.post(reverse("account_login"), {"login": cast.user.email, "password": make.PASSWORD})
    assert client.get(reverse("my_pages")).status_code == 200


def test_last_administrator_hands_over_first(cast, sign_in):
    client = confirmed(sign_in(cast.owner))
    html = client.post(reverse(DELETE), AGREED).content.decode()
    assert reverse("accounts:members", args=[cast.municipality.slug]) in html
    assert not asked(cast.owner)
    with pytest.raises(actions.CannotBeDeleted):
        actions.request_deletion(by=cast.owner)
    Membership.objects.filter(user=cast.member).update(role=Membership.Role.ADMIN)
    client.post(reverse(DELETE), AGREED)
    assert asked(cast.owner)


def test_administrator_alone_may_go():
    own = make.MembershipFactory(role=Membership.Role.ADMIN)
    actions.request_deletion(by=own.user)
    assert asked(own.user)


def test_last_coordinator_hands_over_first(cast):
    (obstacle,) = personal_data.obstacles(cast.coordinator)
    assert cast.network.name in obstacle.text
    assert personal_data.obstacles(cast.member) == []


def test_page_costs_the_same_with_one_thing_to_hand_over_and_three(cast, sign_in):
    client = sign_in(cast.coordinator)
    costs = []
    for number in (1, 2):
        for _number in range(number):
            owned = make.MembershipFactory(user=cast.coordinator, role=Membership.Role.ADMIN)
            make.MembershipFactory(organisation=owned.organisation)
            led = make.NetworkMembershipFactory(
                user=cast.coordinator, organisation=cast.municipality, role="coordinator"
            )
            make.NetworkMembershipFactory(network=led.network)
            Opener.objects.create(challenge=make.ChallengeFactory(), user=cast.coordinator)
        with CaptureQueriesContext(connection) as made:
            html = client.get(reverse(DELETE)).content.decode()
        costs.append(len(made))
    assert costs[0] == costs[1] <= 12
    assert html.count('class="row"') == 3 * 3 + 1


def test_named_opener_hands_over_until_the_decision(cast):
    Opener.objects.create(challenge=cast.challenge, user=cast.user)
    assert len(personal_data.obstacles(cast.user)) == 1
    cast.challenge.state = "decided"
    cast.challenge.save()
    assert personal_data.obstacles(cast.user) == []


def test_nothing_is_erased_before_its_time(cast):
    actions.request_deletion(by=cast.user)
    apply_retention()
    assert not User.objects.get(pk=cast.user.pk).erased_at


def test_erased_when_the_time_is_over(cast):
    actions.request_deletion(by=cast.user)
    long_ago = timezone.now() - timedelta(days=14, minutes=1)
    User.objects.filter(pk=cast.user.pk).update(deletion_requested_at=long_ago)
    apply_retention()
    erased = User.objects.get(pk=cast.user.pk)
    assert (erased.erased_at is not None, erased.is_active, str(erased)) == (
        True,
        False,
        "Tidigare användare",
    )


def test_erased_person_gets_one_last_mail_and_is_then_forgotten(cast):
    address = cast.user.email
    actions.erase(cast.user)
    actions.erase(cast.user)
    mail = OutgoingMail.objects.get()
    assert (mail.user, mail.address) == (None, address)
    OutgoingMail.objects.update(state="sending", lease_until=timezone.now(), attempts=1)
    mail.refresh_from_db()
    outbox.finish(mail, OutgoingMail.State.SENT, sent_at=timezone.now())
    mail.refresh_from_db()
    assert (mail.address, mail.secret) == ("", "")


def test_staff_begin_the_deletion_of_one_who_cannot_log_in(cast):
    call_command("begin_deletion", cast.user.email.upper())
    assert asked(cast.user)
    with pytest.raises(CommandError):
        call_command("begin_deletion", "nobody@example.org")
