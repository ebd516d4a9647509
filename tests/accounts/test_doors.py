"""There is one way in: allauth's log-in, for the admin too. And what logs say of those who fail."""

import json
import logging

import pytest
from django.conf import settings
from django.contrib.auth import views as auth_views
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import override

from afori.common.logs import JSONFormatter
from afori.common.models import new_token
from tests import factories as make

ADDRESS = "anna@ekhamra.se"
WRONG = "fel ord i fel ordning"
pytestmark = pytest.mark.django_db


def entries(resolver=None):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from entries(entry)
        elif isinstance(entry, URLPattern):
            yield entry


@pytest.fixture
def superuser():
    return make.UserFactory(email=ADDRESS, is_staff=True, is_superuser=True)


def test_no_address_leads_to_other_views_that_log_in():
    ours = {view for view in vars(auth_views).values() if isinstance(view, type)}
    found = {getattr(entry.callback, "view_class", None) for entry in entries()}
    assert not found & ours


def test_passwords_are_checked_in_one_place():
    asks = {one for one in settings.AUTHENTICATION_BACKENDS if not one.startswith("rules.")}
    assert asks == {"allauth.account.auth_backends.AuthenticationBackend"}


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_admins_log_in_is_ours(client, superuser, language, method):
    with override(language):
        page, admin, target = (
            reverse("admin:login"),
            reverse("admin:index"),
            reverse("account_login"),
        )
    data = {"username": ADDRESS, "password": make.PASSWORD, "next": admin}
    answer = getattr(client, method)(page, data)
    assert "_auth_user_id" not in client.session
    assert answer.status_code == 302
    assert answer["Location"].startswith(target)
    asked = client.get(admin)
    assert asked.status_code == 302
    last = client.get(admin, follow=True)
    assert last.redirect_chain[-1][0].startswith(target)
    assert f"next={admin}" in last.redirect_chain[-1][0].replace("%2F", "/")


def test_after_log_in_one_is_where_one_wanted_to_be(client, superuser):
    admin = reverse("admin:index")
    data = {"login": ADDRESS, "password": make.PASSWORD, "next": admin}
    assert client.post(reverse("account_login"), data)["Location"] == admin
    assert client.get(admin).status_code == 200


def test_staff_without_a_second_factor_are_led_to_get_one(client, superuser, settings):
    settings.AFORI_REQUIRE_MFA = True
    client.post(reverse("account_login"), {"login": ADDRESS, "password": make.PASSWORD})
    assert client.get(reverse("admin:index"))["Location"] == reverse("accounts:second_factor")


def test_limits_hold_on_the_way_to_the_admin(client, superuser):
    data = {"login": ADDRESS, "password": WRONG, "next": reverse("admin:index")}
    for _ in range(5):
        client.post(reverse("account_login"), data)
    client.post(reverse("account_login"), {**data, "password": make.PASSWORD})
    assert "_auth_user_id" not in client.session


def test_headers_do_not_log_anybody_in(client, superuser):
    basic = "Basic YW5uYUBla2hhbXJhLnNlOmNvcnJlY3QtaG9yc2UtYmF0dGVyeQ=="
    answer = client.get(reverse("admin:index"), HTTP_AUTHORIZATION=basic, HTTP_REMOTE_USER=ADDRESS)
    assert answer.status_code == 302
    assert "_auth_user_id" not in client.session


def test_the_admins_password_page_is_ours(client, superuser):
    client.force_login(superuser)
    answer = client.get(reverse("admin:password_change"))
    assert answer["Location"] == reverse("account_change_password")


def test_logs_name_nobody_who_fails(client, caplog):
    make.UserFactory(email=ADDRESS)
    caplog.set_level(logging.DEBUG)
    for _ in range(7):
        client.post(reverse("account_login"), {"login": ADDRESS, "password": WRONG})
    for _ in range(4):
        client.post(reverse("account_reset_password"), {"email": ADDRESS})
        client.post(reverse("account_confirm_password_reset_code"), {"code": "FELF-ELFE"})
    facts = {"name": "Anna", "email": ADDRESS, "password1": WRONG}
    for _ in range(21):
        client.post(reverse("account_signup"), facts)
    lines = " ".join(map(JSONFormatter().format, without_sql(caplog.records)))
    for secret in (ADDRESS, WRONG, "FELF-ELFE"):
        assert secret not in lines
    assert "Too Many Requests" in lines


def without_sql(records):
    """What is logged in production: the database's statements are not."""
    return [one for one in records if one.levelno >= logging.INFO]


def test_logs_leave_tokens_out_of_addresses(client, cast, caplog):
    token = new_token()
    client.force_login(cast.user)
    caplog.set_level(logging.DEBUG)
    pages = [
        f"/utmaningar/{cast.challenge.slug}/beslut/{token}/",
        f"/utmaningar/{cast.challenge.slug}/svar/{token}/filer/{token}/?sida=1",
        f"/en/challenges/{cast.challenge.slug}/decisions/{token}/",
    ]
    for page in pages:
        assert client.get(page).status_code == 404
    lines = list(map(JSONFormatter().format, without_sql(caplog.records)))
    assert len(lines) == 3
    assert not [line for line in lines if token in line]
    assert f"/utmaningar/{cast.challenge.slug}/beslut/[token]/" in lines[0]


def test_logs_leave_addresses_out_of_errors():
    record = logging.LogRecord("x", logging.ERROR, "x", 1, "No %s", ("Anna <anna@x.se>",), None)
    assert json.loads(JSONFormatter().format(record))["message"] == "No Anna <[address]>"
    try:
        raise ValueError("Key (email)=(anna@ekhamra.se) already exists.")
    except ValueError as error:
        record.exc_info = (type(error), error, error.__traceback__)
    told = json.loads(JSONFormatter().format(record))["exception"]
    assert "Key (email)=([address]) already exists." in told
    assert "anna" not in told.partition("ValueError: ")[2]
