"""Ways in without a password: codes by mail, and what accounts made beforehand may not keep."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from afori.accounts.models import User
from afori.notifications.models import OutgoingMail
from tests import factories as make

pytestmark = pytest.mark.django_db
NAME = {"name": "Anna Alm", "email": "anna@ekhamra.se"}


def who(client):
    key = client.session.get("_auth_user_id")
    return key and User.objects.get(pk=key)


def ask_for_code(client, address="anna@ekhamra.se", **data):
    login = {"login": address, "password": "", "by_code": "", **data}
    return client.post(reverse("account_login"), login)


def enter_code(client, code, **data):
    return client.post(reverse("account_confirm_login_code"), {"code": code, **data})


def sign_up(client, last_code):
    client.post(reverse("account_signup"), {**NAME, "password1": ""})
    code = last_code("anna@ekhamra.se")
    return client.post(reverse("account_email_verification_sent"), {"code": code})


@pytest.mark.parametrize("language", ["sv", "en"])
def test_an_account_without_a_password_is_made_and_entered_by_code(client, last_code, language):
    with override(language):
        assert sign_up(client, last_code)["Location"] == reverse("accounts:organisation_start")
        user = who(client)
        assert not user.has_usable_password()
        client.logout()
        asked = ask_for_code(client)
        assert asked["Location"] == reverse("account_confirm_login_code")
        assert client.get(asked["Location"]).status_code == 200
        assert enter_code(client, last_code(user.email))["Location"] == reverse("my_pages")
    assert who(client) == user


def test_the_code_leads_on_to_where_one_was_heading(client, last_code):
    user = make.UserFactory(email="anna@ekhamra.se")
    target = reverse("accounts:settings")
    page = ask_for_code(client, next=target)["Location"]
    code = last_code(user.email)
    assert client.post(page, {"code": code, "next": target})["Location"] == target


def test_a_code_for_a_typed_address_needs_no_password_but_an_address(client):
    response = ask_for_code(client, "")
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["login"]


def test_a_code_that_ran_out_says_so_and_where_to_get_another(client, last_code, time_machine):
    user = make.UserFactory(email="anna@ekhamra.se")
    ask_for_code(client)
    code = last_code(user.email)
    time_machine.move_to(timezone.now() + timedelta(minutes=16))
    response = client.post(reverse("account_confirm_login_code"), {"code": code}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("account_request_login_code")
    assert "har gått ut" in response.content.decode()
    assert who(client) is None


def test_a_code_works_once_and_three_wrong_ones_end_it(client, last_code):
    user = make.UserFactory(email="anna@ekhamra.se")
    ask_for_code(client)
    code = last_code(user.email)
    assert [enter_code(client, "FEL0-0000").status_code for _ in range(3)] == [200, 200, 302]
    enter_code(client, code)
    assert who(client) is None


def test_a_code_is_followed_by_the_second_factor(client, last_code):
    user = make.UserFactory(email="anna@ekhamra.se")
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    ask_for_code(client)
    assert enter_code(client, last_code(user.email))["Location"] == reverse("mfa_authenticate")
    assert who(client) is None


# What people without a password can do


@pytest.fixture
def without_password(client):
    user = make.UserFactory(email="anna@ekhamra.se")
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    return user


def test_they_set_one(client, without_password):
    page = client.get(reverse("account_change_password"))
    assert page["Location"] == reverse("account_set_password")
    assert client.get(page["Location"]).status_code == 200
    client.post(page["Location"], {"password1": "fyra helt nya ord"})
    without_password.refresh_from_db()
    assert without_password.check_password("fyra helt nya ord")


def test_they_change_their_address(client, without_password, last_code):
    response = client.post(reverse("account_email"), {"email": "ny@annan.se", "action_add": ""})
    assert response["Location"] == reverse("account_email_verification_sent")
    code = last_code("ny@annan.se")
    client.post(reverse("account_email_verification_sent"), {"code": code})
    without_password.refresh_from_db()
    assert without_password.email == "ny@annan.se"


def test_they_choose_one_by_code_when_logged_out(client, without_password, last_code):
    client.logout()
    client.post(reverse("account_reset_password"), {"email": without_password.email})
    code = last_code(without_password.email)
    client.post(reverse("account_confirm_password_reset_code"), {"code": code})
    client.post(reverse("account_complete_password_reset"), {"password1": "fyra helt nya ord"})
    without_password.refresh_from_db()
    assert without_password.check_password("fyra helt nya ord")


def test_they_add_a_second_factor(client, without_password):
    for name in ("mfa_activate_totp", "mfa_add_webauthn"):
        assert client.get(reverse(name)).status_code == 200


def test_who_has_a_password_shows_it_before_the_address_changes(client, last_code):
    user = make.UserFactory(email="anna@ekhamra.se")
    client.force_login(user)
    asked = client.post(reverse("account_email"), {"email": "ny@annan.se", "action_add": ""})
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert not OutgoingMail.objects.exists()
    client.post(asked["Location"], {"password": make.PASSWORD})
    code = last_code("ny@annan.se")
    client.post(reverse("account_email_verification_sent"), {"code": code})
    user.refresh_from_db()
    assert user.email == "ny@annan.se"


# Accounts that somebody made beforehand with another's address


@pytest.fixture
def squatted(last_code):
    """Made with Anna's address by somebody else, who cannot confirm it."""
    other = Client()
    other.post(reverse("account_signup"), {**NAME, "password1": "tre ord i en rad"})
    user = User.objects.get()
    SocialAccount.objects.create(user=user, provider="annan", uid="1")
    return user


def test_the_owner_who_enters_by_code_enters_alone(client, squatted, last_code):
    ask_for_code(client)
    enter_code(client, last_code(squatted.email))
    assert who(client) == squatted
    assert not who(client).has_usable_password()
    assert not SocialAccount.objects.exists()


def test_so_does_the_owner_who_chooses_a_password(client, squatted, last_code):
    client.post(reverse("account_reset_password"), {"email": squatted.email})
    code = last_code(squatted.email)
    client.post(reverse("account_confirm_password_reset_code"), {"code": code})
    client.post(reverse("account_complete_password_reset"), {"password1": "fyra helt nya ord"})
    assert who(client).check_password("fyra helt nya ord")
    assert not SocialAccount.objects.exists()


def test_whoever_confirms_their_own_sign_up_keeps_the_password(client, last_code):
    client.post(reverse("account_signup"), {**NAME, "password1": "tre ord i en rad"})
    code = last_code("anna@ekhamra.se")
    client.post(reverse("account_email_verification_sent"), {"code": code})
    assert who(client).check_password("tre ord i en rad")


def test_entering_a_known_account_by_code_changes_nothing(client, last_code):
    user = make.UserFactory(email="anna@ekhamra.se")
    SocialAccount.objects.create(user=user, provider="annan", uid="1")
    ask_for_code(client)
    enter_code(client, last_code(user.email))
    assert who(client).check_password(make.PASSWORD)
    assert SocialAccount.objects.exists()


# Where one is logged in


def log_in(client):
    data = {"login": "anna@ekhamra.se", "password": make.PASSWORD}
    client.post(reverse("account_login"), data)


def test_ending_all_other_sessions_works_at_once(client):
    make.UserFactory(email="anna@ekhamra.se")
    other = Client()
    log_in(other)
    log_in(client)
    page = reverse("usersessions_list")
    assert len(client.get(page).context["sessions"]) == 2
    assert other.get(reverse("my_pages")).status_code == 200
    client.post(page)
    assert other.get(reverse("my_pages")).status_code == 302
    assert client.get(reverse("my_pages")).status_code == 200
    assert len(client.get(page).context["sessions"]) == 1


def test_one_other_session_is_ended_at_once_and_nobody_elses(client):
    make.UserFactory(email="anna@ekhamra.se")
    other, third, page = Client(), Client(), reverse("usersessions_list")
    for each in (other, third, client):
        log_in(each)
    first = client.get(page).context["sessions"][0]
    end, chosen = reverse("accounts:session_end"), {"session": first.pk}

    stranger = Client()
    stranger.force_login(make.UserFactory())
    assert stranger.post(end, chosen).status_code == 404
    assert other.get(reverse("my_pages")).status_code == 200

    client.post(end, chosen)
    assert other.get(reverse("my_pages")).status_code == 302
    assert third.get(reverse("my_pages")).status_code == 200
    assert client.post(end, chosen).status_code == 404


@pytest.mark.parametrize("session", ["", "x", "-1", "9" * 40, "1\u0660"])
def test_no_such_session(client, session):
    client.force_login(make.UserFactory())
    assert client.post(reverse("accounts:session_end"), {"session": session}).status_code == 404


# Passkeys: what no device sends


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "nej",
        "[]",
        "1",
        "null",
        "{}",
        '{"id": 1}',
        '{"id": "x", "response": {"userHandle": "*"}}',
    ],
)
def test_nonsense_instead_of_a_passkey_is_refused_calmly(client, credential):
    client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    response = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
    assert response["Location"] == reverse("account_login")
    assert who(client) is None
    client.force_login(make.UserFactory())
    client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD})
    page = client.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": credential})
    assert page.status_code == 200
    assert not Authenticator.objects.exists()
