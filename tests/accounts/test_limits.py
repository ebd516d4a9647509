"""How often one may try, from where, and that neither Redis nor a forged header changes it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from allauth.core.internal.ratelimit import get_ip
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse

from afori.accounts.adapter import AccountAdapter
from afori.accounts.models import Membership, SignIn, User
from afori.notifications import waking
from afori.notifications.models import OutgoingMail
from tests import factories as make

ADDRESS = "anna@ekhamra.se"
WRONG = "fel ord i fel ordning"
THREADS = 20
pytestmark = pytest.mark.django_db


def log_in(client, password=make.PASSWORD, address=ADDRESS, **headers):
    data = {"login": address, "password": password}
    return client.post(reverse("account_login"), data, **headers)


def is_in(client):
    return "_auth_user_id" in client.session


# Accounts and networks


def test_an_account_is_closed_to_a_network_after_five_wrong_passwords(client, text_of):
    make.UserFactory(email=ADDRESS)
    for _ in range(5):
        log_in(client, WRONG)
    answer = log_in(client)
    assert not is_in(client)
    assert "Vänta fem minuter" in text_of(answer)
    assert SignIn.objects.count() == 5


def test_nobody_is_locked_out_from_elsewhere(client):
    make.UserFactory(email=ADDRESS)
    for _ in range(12):
        log_in(client, WRONG, REMOTE_ADDR="192.0.2.1")
    log_in(client, REMOTE_ADDR="198.51.100.7")
    assert is_in(client)


def test_many_networks_together_are_stopped_too(client):
    make.UserFactory(email=ADDRESS)
    for number in range(20):
        log_in(client, WRONG, REMOTE_ADDR=f"192.0.2.{number}")
    log_in(client, REMOTE_ADDR="198.51.100.7")
    assert not is_in(client)


def test_who_is_locked_out_gets_in_by_code(client, last_code):
    make.UserFactory(email=ADDRESS)
    for number in range(21):
        log_in(client, WRONG, REMOTE_ADDR=f"192.0.2.{number}")
    client.post(reverse("account_request_login_code"), {"email": ADDRESS})
    client.post(reverse("account_confirm_login_code"), {"code": last_code(ADDRESS)})
    assert is_in(client)


def test_a_right_password_uses_nothing_up(client):
    make.UserFactory(email=ADDRESS)
    for _ in range(7):
        log_in(client)
        client.post(reverse("account_logout"))
    log_in(client)
    assert is_in(client)


def test_one_network_cannot_try_many_accounts(client):
    answers = [log_in(client, WRONG, f"person{number}@ekhamra.se") for number in range(12)]
    stopped = ["Vänta fem minuter" in answer.content.decode() for answer in answers]
    assert stopped == [False] * 10 + [True] * 2


@pytest.mark.parametrize(
    ("name", "data", "times"),
    [
        ("account_login", {}, 30),
        ("account_signup", {}, 20),
        ("account_signup_by_passkey", {}, 20),
        ("account_confirm_login_code", {"code": "X"}, 20),
        ("account_email_verification_sent", {"code": "X"}, 20),
        ("account_confirm_password_reset_code", {"code": "X"}, 20),
    ],
)
def test_a_network_that_posts_too_much_is_asked_to_wait(client, text_of, name, data, times):
    for _ in range(times):
        assert client.post(reverse(name), data).status_code != 429
    answer = client.post(reverse(name), data)
    assert (answer.status_code, "Vänta några minuter" in text_of(answer)) == (429, True)


ASKING = [
    ("account_login", {"login": ADDRESS, "by_code": "1"}),
    ("account_request_login_code", {"email": ADDRESS}),
    ("account_reset_password", {"email": ADDRESS}),
    ("account_request_login_code", {"email": ADDRESS, "by_code": "1"}),
    ("account_reset_password", {"email": ADDRESS, "by_code": "1", "login": "x@ekhamra.se"}),
]


@pytest.mark.parametrize(("name", "data"), ASKING)
def test_one_network_gets_few_mails_sent_to_an_address(client, time_machine, name, data):
    make.UserFactory(email=ADDRESS)
    for minute in range(20):
        time_machine.move_to(f"2030-01-01T12:{minute:02}:00Z")
        client.cookies.clear()
        client.post(reverse(name), data)
    assert OutgoingMail.objects.count() == 10
    client.cookies.clear()
    client.post(reverse(name), data, REMOTE_ADDR="198.51.100.7")
    assert OutgoingMail.objects.count() == 11


def test_an_address_gets_few_mails_an_hour(client, time_machine):
    make.UserFactory(email=ADDRESS)
    name, data = ASKING[0]
    for minute in range(50):
        time_machine.move_to(f"2030-01-01T12:{minute:02}:00Z")
        client.cookies.clear()
        client.post(reverse(name), data, REMOTE_ADDR=f"192.0.2.{minute}")
    assert OutgoingMail.objects.count() == 40


def test_second_factors_are_limited_for_the_person(client):
    from allauth.mfa.totp.internal import auth

    auth.TOTP.activate(make.UserFactory(email=ADDRESS), auth.generate_totp_secret())
    log_in(client)
    page = reverse("mfa_authenticate")
    answers = [client.post(page, {"code": "000000"}).content.decode() for _ in range(6)]
    assert ["Vänta fem minuter" in answer for answer in answers] == [False] * 5 + [True]


def test_asking_to_join_is_limited_for_the_person(client):
    user, organisation = make.UserFactory(), make.OrganisationFactory()
    client.force_login(user)
    page = reverse("accounts:organisation_join", args=[organisation.slug])
    statuses = [client.post(page, {"message": ""}).status_code for _ in range(21)]
    assert statuses == [302] * 20 + [429]
    assert Membership.objects.filter(user=user).count() == 1


@pytest.mark.django_db(transaction=True)
def test_attempts_at_the_same_moment_get_no_more_than_the_limit():
    make.UserFactory(email=ADDRESS)
    barrier = Barrier(THREADS)

    def attempt(number):
        barrier.wait()
        try:
            log_in(Client(), WRONG, REMOTE_ADDR=f"192.0.2.{number % 3}")
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(attempt, range(THREADS)))
    assert SignIn.objects.filter(succeeded=False).count() == 15


# Where somebody comes from


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "address"),
    [
        (0, "192.0.2.9", "198.51.100.7", "198.51.100.7"),
        (0, None, "198.51.100.7", "198.51.100.7"),
        (1, "192.0.2.9", "10.0.0.1", "192.0.2.9"),
        (1, "203.0.113.1, 192.0.2.9", "10.0.0.1", "192.0.2.9"),
        (1, "garbage, 192.0.2.9", "10.0.0.1", "192.0.2.9"),
        (1, "192.0.2.9, garbage", "10.0.0.1", "10.0.0.1"),
        (1, "192.0.2.9,", "10.0.0.1", "10.0.0.1"),
        (1, "", "10.0.0.1", "10.0.0.1"),
        (1, None, "10.0.0.1", "10.0.0.1"),
        (2, "192.0.2.9", "10.0.0.1", "10.0.0.1"),
        (2, "203.0.113.1, 192.0.2.9, 10.0.0.2", "10.0.0.1", "192.0.2.9"),
        (1, "192.0.2.9:4711", "10.0.0.1", "192.0.2.9"),
        (1, "[2001:db8:1:2::3]:4711", "10.0.0.1", "2001:db8:1:2::3"),
        (1, "2001:db8:1:2::3", "10.0.0.1", "2001:db8:1:2::3"),
        (1, "::ffff:192.0.2.9", "10.0.0.1", "192.0.2.9"),
        (1, "fe80::1%eth0", "10.0.0.1", "fe80::1"),
        (0, None, "fe80::1%eth0", "fe80::1"),
        (1, "1" * 5_000, "10.0.0.1", "10.0.0.1"),
        (0, None, "", "0.0.0.0"),
        (1, "[", "", "0.0.0.0"),
        (0, None, "unix:", "0.0.0.0"),
    ],
)
def test_the_network_address_is_what_our_own_proxies_saw(
    settings, proxies, forwarded, remote, address
):
    settings.AFORI_TRUSTED_PROXIES = proxies
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    request = RequestFactory().get("/", REMOTE_ADDR=remote, **headers)
    assert AccountAdapter(request).get_client_ip(request) == address


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::3", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::3", "2001:db8:1:3::3", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
    ],
)
def test_a_whole_network_of_ipv6_counts_as_one(one, other, same):
    ips = [get_ip(RequestFactory().get("/", REMOTE_ADDR=each)) for each in (one, other)]
    assert (ips[0] == ips[1]) is same


def test_a_forged_header_opens_nothing(client):
    make.UserFactory(email=ADDRESS)
    for number in range(6):
        log_in(client, WRONG, HTTP_X_FORWARDED_FOR=f"192.0.2.{number}")
    log_in(client, HTTP_X_FORWARDED_FOR="203.0.113.1")
    assert not is_in(client)


@pytest.mark.parametrize("remote", ["", "unix:", "not an address"])
def test_a_visitor_through_a_socket_gets_in(client, remote):
    make.UserFactory(email=ADDRESS)
    assert log_in(client, REMOTE_ADDR=remote).status_code == 302
    assert client.get(reverse("usersessions_list"), REMOTE_ADDR=remote).status_code == 200
    assert SignIn.objects.get().network_address is None


# Without Redis


@pytest.fixture
def no_broker(monkeypatch):
    """Nothing listens there; the application is told as by REDIS_URL."""
    from celery import current_app

    monkeypatch.setattr(waking, "broker", waking.Broker())
    monkeypatch.setattr(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")


@pytest.mark.django_db(transaction=True)
def test_without_redis_all_doors_work_and_limits_hold(client, last_code, no_broker):
    make.UserFactory(email=ADDRESS)
    log_in(client)
    assert is_in(client)
    client.post(reverse("account_logout"))
    client.post(reverse("account_request_login_code"), {"email": ADDRESS})
    client.post(reverse("account_confirm_login_code"), {"code": last_code(ADDRESS)})
    assert is_in(client)
    client.post(reverse("account_logout"))
    facts = {"name": "Bo", "email": "bo@ekhamra.se", "password1": "tre ord i en rad"}
    client.post(reverse("account_signup"), facts)
    code = last_code("bo@ekhamra.se")
    client.post(reverse("account_email_verification_sent"), {"code": code})
    assert is_in(client)
    client.post(reverse("account_logout"))
    assert waking.broker.is_away
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"queued"}
    for _ in range(5):
        log_in(client, WRONG)
    log_in(client)
    assert not is_in(client)


# At the same instant


@pytest.mark.django_db(transaction=True)
def test_one_address_signs_up_twice_at_once_and_becomes_one_account():
    barrier = Barrier(4)
    facts = {"name": "Anna", "email": ADDRESS, "password1": "tre ord i en rad"}

    def attempt(number):
        barrier.wait()
        try:
            page = reverse("account_signup")
            return Client().post(page, facts, REMOTE_ADDR=f"192.0.2.{number}").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(attempt, range(4)))
    assert set(statuses) <= {302, 429}
    assert User.objects.get().emailaddress_set.count() == 1
