import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from afori.accounts import mfa
from afori.accounts.models import Membership, Organisation
from challenges.models import Opener
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
        ("coordinator", False),
        ("owner", True),
        ("staff", True),
        ("superuser", True),
    ],
)
def test_who_needs_a_second_factor(client, cast, role, led):
    assert led_to_setup(client, getattr(cast, role)) is led


def test_administrators_of_unverified_buyers_and_of_suppliers_do_too(client, cast):
    Organisation.objects.filter(pk=cast.municipality.pk).update(verified_at=None)
    assert led_to_setup(client, cast.owner)
    Membership.objects.filter(user=cast.supplier).update(role="admin")
    assert led_to_setup(client, cast.supplier)


def test_administrators_of_closed_organisations_do_not(client, cast):
    closed = {"closed_at": timezone.now(), "closing_reason": "Finns inte mer"}
    Organisation.objects.filter(pk=cast.municipality.pk).update(**closed)
    assert not led_to_setup(client, cast.owner)


@pytest.mark.parametrize("role", ["user", "supplier", "member"])
def test_whoever_is_named_to_open_a_challenge_does(client, cast, role):
    Opener.objects.create(challenge=cast.challenge, user=getattr(cast, role))
    assert led_to_setup(client, getattr(cast, role))
    assert not led_to_setup(client, cast.buyer)


def queries(client, user):
    client.force_login(user)
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("accounts:settings"))
    return len(captured)


def test_the_rule_costs_ordinary_people_one_short_question_a_minute(client, cast, settings):
    first, second = queries(client, cast.member), queries(client, cast.member)
    settings.AFORI_REQUIRE_MFA = False
    without = queries(client, cast.member)
    assert (first - without, second - without) == (1, 0)


def test_the_rule_asks_nothing_more_of_those_whom_it_is_plain_for(cast):
    assert cast.owner.active_memberships
    with CaptureQueriesContext(connection) as captured:
        assert mfa.needs_second_factor(cast.owner)
        assert mfa.needs_second_factor(cast.staff)
        assert not mfa.needs_second_factor(AnonymousUser())
    assert len(captured) == 0


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


def turn_app_on(client):
    """As a person with an authenticator app does it. Returns the key."""
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    counter = next(auth.yield_hotp_counters_from_time())
    code = auth.format_hotp_value(auth.hotp_value(secret, counter))
    response = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert response["Location"] == reverse("mfa_view_recovery_codes")
    return secret


def test_setting_it_up_opens_everything_and_keeps_the_key_encrypted(client, cast):
    client.force_login(cast.staff)
    client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD})
    secret = turn_app_on(client)
    stored = Authenticator.objects.get(user=cast.staff, type="totp").data["secret"]
    assert client.get(reverse("accounts:settings")).status_code == 200
    assert secret not in stored
    codes = client.get(reverse("mfa_view_recovery_codes"))
    assert (codes.status_code, codes["Cache-Control"].count("no-store")) == (200, 1)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_after_setting_it_up_one_comes_to_where_one_was_heading(client, cast, language):
    cast.owner.set_unusable_password()
    cast.owner.save()
    client.force_login(cast.owner)
    with override(language):
        heading = reverse("networks:list") + "?q=v%C3%A5rd"
        grace = reverse("accounts:second_factor")
        assert client.get(heading)["Location"] == grace
        assert client.get(grace).status_code == 200
        turn_app_on(client)
        codes = client.get(reverse("mfa_view_recovery_codes")).content.decode()
        assert f'href="{grace}"' in codes
        assert client.get(grace)["Location"] == heading
        assert client.get(grace)["Location"] == reverse("mfa_index")


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("role", ["owner", "staff", "superuser"])
def test_no_page_on_the_way_is_a_dead_end(client, cast, role, language):
    client.force_login(getattr(cast, role))
    with override(language):
        names = ["mfa_index", "mfa_add_webauthn", "mfa_activate_totp", "account_email"]
        for name in [*names, "account_logout", "accounts:second_factor"]:
            response = client.get(reverse(name), follow=True)
            assert response.status_code == 200
            assert reverse("accounts:second_factor") not in dict(response.redirect_chain)


def test_the_grace_page_offers_both_ways_and_a_way_out(client, cast):
    client.force_login(cast.staff)
    page = client.get(reverse("accounts:second_factor"), headers={"host": "localhost"})
    for name in ("mfa_add_webauthn", "mfa_activate_totp", "account_logout"):
        assert reverse(name) in page.content.decode()


def test_passkeys_are_explained_where_they_cannot_work(client, cast):
    client.force_login(cast.staff)
    page = client.get(reverse("accounts:second_factor"), headers={"host": "127.0.0.1:8123"})
    there = f"http://localhost:8123{reverse('accounts:second_factor')}"
    assert f'href="{there}"' in page.content.decode()
    assert reverse("mfa_add_webauthn") not in page.content.decode()


def test_log_in_asks_for_the_second_step(client, cast):
    Authenticator.objects.create(user=cast.staff, type="totp", data={"secret": "x"})
    response = client.post(
        reverse("account_login"), {"login": cast.staff.email, "password": make.PASSWORD}
    )
    assert response["Location"] == reverse("mfa_authenticate")
    assert client.get(response["Location"]).status_code == 200
    assert client.get(reverse("accounts:settings")).status_code == 302
