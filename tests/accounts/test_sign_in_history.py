from datetime import timedelta

import pytest
from allauth.mfa.totp.internal import auth
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from afori.accounts.models import SignIn
from afori.accounts.sign_in_history import device, steps
from tests import factories as make

ADDRESS = "anna@ekhamra.se"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return make.UserFactory(email=ADDRESS)


def log_in(client, password=make.PASSWORD, **headers):
    data = {"login": ADDRESS, "password": password}
    return client.post(reverse("account_login"), data, **headers)


def noted():
    fields = "method", "second_factor", "succeeded"
    return list(SignIn.objects.order_by("pk").values_list(*fields))


def test_a_log_in_is_noted_with_what_helps_to_recognise_it(client, anna):
    log_in(client, HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="192.0.2.77")
    one = SignIn.objects.get()
    assert (one.user, one.network_address, one.device) == (anna, "192.0.2.0", "Firefox, Windows")
    assert noted() == [("password", False, True)]


@pytest.mark.parametrize(
    ("address", "kept"),
    [("192.0.2.77", "192.0.2.0"), ("2001:db8:1:2::3", "2001:db8:1::"), ("", None)],
)
def test_only_the_network_is_kept(client, anna, address, kept):
    log_in(client, REMOTE_ADDR=address)
    assert SignIn.objects.get().network_address == kept


def test_a_wrong_password_is_noted_for_accounts_alone(client, anna):
    log_in(client, "fel ord i fel ordning")
    client.post(reverse("account_login"), {"login": "x@ekhamra.se", "password": "fel ord här"})
    assert noted() == [("password", False, False)]


def test_codes_by_mail_are_noted(client, anna, last_code):
    client.post(reverse("account_request_login_code"), {"email": ADDRESS})
    page = reverse("account_confirm_login_code")
    client.post(page, {"code": "FELF-ELFE"})
    client.post(page, {"code": last_code(ADDRESS)})
    assert noted() == [("code", False, False), ("code", False, True)]


def test_a_code_without_an_account_is_not(client):
    client.post(reverse("account_request_login_code"), {"email": ADDRESS})
    client.post(reverse("account_confirm_login_code"), {"code": "FELF-ELFE"})
    assert noted() == []


def test_new_passwords_are_noted(client, anna, last_code):
    client.post(reverse("account_reset_password"), {"email": ADDRESS})
    page = reverse("account_confirm_password_reset_code")
    client.post(page, {"code": "FELF-ELFE"})
    client.post(page, {"code": last_code(ADDRESS)})
    client.post(reverse("account_complete_password_reset"), {"password1": "fyra helt nya ord"})
    assert noted() == [("reset", False, False), ("reset", False, True)]


def test_new_accounts_are_noted(client, last_code):
    facts = {"name": "Anna", "email": ADDRESS, "password1": "tre ord i en rad"}
    client.post(reverse("account_signup"), facts)
    page = reverse("account_email_verification_sent")
    client.post(page, {"code": "FELF-ELFE"})
    client.post(page, {"code": last_code(ADDRESS)})
    assert noted() == [("sign_up", False, False), ("sign_up", False, True)]


def test_second_factors_are_noted(client, anna):
    secret = auth.generate_totp_secret()
    auth.TOTP.activate(anna, secret)
    log_in(client)
    page = reverse("mfa_authenticate")
    client.post(page, {"code": "000000"})
    right = auth.format_hotp_value(
        auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time()))
    )
    client.post(page, {"code": right})
    assert noted() == [("password", True, False), ("password", True, True)]


@pytest.mark.parametrize(
    ("records", "way", "second"),
    [
        ([], "password", False),
        ([{"method": "password"}], "password", False),
        ([{"method": "password"}, {"method": "mfa", "type": "totp"}], "password", True),
        ([{"method": "code"}, {"method": "mfa", "type": "recovery_codes"}], "code", True),
        ([{"method": "mfa", "type": "webauthn", "passwordless": True}], "passkey", True),
        ([{"method": "socialaccount", "provider": "kommun"}], "provider", False),
        ([{"method": "socialaccount"}, {"method": "mfa", "type": "totp"}], "provider", True),
        ([{"method": "password"}, {"method": "code"}], "code", False),
        ([{"method": "password"}, {"method": "mfa"}, {"method": "code"}], "code", False),
        ([{"method": "something new"}], "password", False),
    ],
)
def test_the_last_way_in_counts_and_what_followed_it(records, way, second):
    assert steps(records) == (way, second)


def test_what_confirms_a_log_in_is_none(client, anna):
    client.force_login(anna)
    client.post(reverse("account_reauthenticate"), {"password": "fel"})
    client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD})
    assert noted() == []


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        (FIREFOX.replace("Firefox", "Chrome/140.0 Safari/537.36 Edg"), "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140.0.0.0 Mobile Safari/537", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/19 Safari/605", "Safari, macOS"),
        ("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140.0 Safari/537.36", "Chrome, Linux"),
        ("curl/8.0", ""),
        ("", ""),
        ("<script>alert(1)</script>", ""),
        ("\x00\ufffd\u202e", ""),
        ("x" * 1_000_000 + "Firefox", ""),
    ],
)
def test_a_device_is_described_in_a_few_words(user_agent, words):
    assert device(user_agent) == words


def test_people_see_their_own(client, anna, text_of):
    client.force_login(anna)
    page = reverse("usersessions_list")
    assert "Inga är noterade" in text_of(client.get(page))
    SignIn.objects.create(user=anna, method="code", device="Firefox, Windows")
    SignIn.objects.create(user=anna, method="password", succeeded=False, device="Edge")
    SignIn.objects.create(user=make.UserFactory(), method="passkey", device="Opera")
    words = text_of(client.get(page))
    assert words.index("Edge") < words.index("Firefox, Windows")
    assert "Misslyckades" in words
    assert "Opera" not in words


def test_the_list_ends_and_costs_the_same(client, anna):
    client.force_login(anna)
    page, costs = reverse("usersessions_list"), []
    client.get(page)
    for number in (1, 3, 30):
        SignIn.objects.bulk_create(SignIn(user=anna, method="code") for _ in range(number))
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(page)
        costs.append(len(queries))
    assert len(set(costs)) == 1
    assert answer.content.decode().count("Kod med e-post") == 20


def test_staff_read_and_search_but_change_nothing(client, cast, anna):
    old = SignIn.objects.create(user=anna, method="code", device="Firefox")
    SignIn.objects.create(user=cast.supplier, method="password", succeeded=False, device="Opera")
    SignIn.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=9))
    client.force_login(cast.superuser)
    page = reverse("admin:accounts_signin_changelist")
    found = client.get(page, {"q": "anna@"}).content.decode()
    assert ("Firefox" in found, "Opera" in found) == (True, False)
    failed = client.get(page, {"succeeded__exact": "0"}).content.decode()
    assert ("Firefox" in failed, "Opera" in failed) == (False, True)
    one = reverse("admin:accounts_signin_change", args=[old.pk])
    assert client.get(one).status_code == 200
    for name, row in (("change", [old.pk]), ("delete", [old.pk]), ("add", [])):
        answer = client.post(reverse(f"admin:accounts_signin_{name}", args=row), {"post": "yes"})
        assert answer.status_code == 403
    assert SignIn.objects.count() == 2


@pytest.mark.parametrize("role", ["stranger", "user", "supplier", "owner", "staff"])
def test_nobody_else_reads_them(cast, sign_in, role):
    answer = sign_in(getattr(cast, role)).get(reverse("admin:accounts_signin_changelist"))
    assert answer.status_code in (302, 403)
