import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.urls import reverse

from afori.accounts.models import Membership, Organisation
from tests import factories as make


@pytest.fixture(autouse=True)
def required(settings):
    settings.AFORI_REQUIRE_MFA = True


def led_to_setup(client, user):
    client.force_login(user)
    response = client.get(reverse("accounts:settings"))
    return response.status_code == 302 and response["Location"] == reverse("accounts:second_factor")


@pytest.mark.parametrize(
    ("role", "led"),
    [
        ("user", False),
        ("supplier", False),
        ("buyer", False),
        ("member", False),
        ("owner", True),
        ("staff", True),
        ("superuser", True),
    ],
)
def test_who_needs_a_second_factor(client, cast, role, led):
    assert led_to_setup(client, getattr(cast, role)) is led


def test_administrators_of_unverified_buyers_and_of_suppliers_do_not(client, cast):
    Organisation.objects.filter(pk=cast.municipality.pk).update(verified_at=None)
    assert not led_to_setup(client, cast.owner)
    Membership.objects.filter(user=cast.supplier).update(role="admin")
    assert not led_to_setup(client, cast.supplier)


def test_nobody_is_led_where_it_is_only_offered(client, cast, settings):
    settings.AFORI_REQUIRE_MFA = False
    assert not led_to_setup(client, cast.staff)


def test_the_way_out_is_open(client, cast):
    client.force_login(cast.staff)
    assert client.get(reverse("accounts:second_factor")).status_code == 200
    assert client.get(reverse("account_logout")).status_code == 200
    setup = client.get(reverse("mfa_activate_totp"))
    assert setup["Location"].startswith(reverse("account_reauthenticate"))
    assert client.get(setup["Location"]).status_code == 200
    assert client.post(reverse("account_logout")).status_code == 302
    assert "_auth_user_id" not in client.session


def test_the_admin_site_is_closed_without_it(client, cast):
    client.force_login(cast.superuser)
    response = client.get(reverse("admin:index"))
    assert response["Location"] == reverse("accounts:second_factor")


def test_setting_it_up_opens_everything_and_keeps_the_key_encrypted(client, cast):
    client.force_login(cast.staff)
    client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    code = auth.format_hotp_value(
        auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time()))
    )
    client.post(reverse("mfa_activate_totp"), {"code": code})
    stored = Authenticator.objects.get(user=cast.staff, type="totp").data["secret"]
    assert client.get(reverse("accounts:settings")).status_code == 200
    assert secret not in stored
    codes = client.get(reverse("mfa_view_recovery_codes"))
    assert (codes.status_code, codes["Cache-Control"].count("no-store")) == (200, 1)


def test_log_in_asks_for_the_second_step(client, cast):
    Authenticator.objects.create(user=cast.staff, type="totp", data={"secret": "x"})
    response = client.post(
        reverse("account_login"), {"login": cast.staff.email, "password": make.PASSWORD}
    )
    assert response["Location"] == reverse("mfa_authenticate")
    assert client.get(response["Location"]).status_code == 200
    assert client.get(reverse("accounts:settings")).status_code == 302
