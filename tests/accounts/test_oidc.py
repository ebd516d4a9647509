"""An organisation's own log-in by OpenID Connect, against a provider over real HTTP."""

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse
from django.utils.translation import override

from afori.accounts.groups import make_editors
from afori.accounts.models import LoginProvider, Organisation, User
from afori.accounts.providers import seal_secret
from afori.notifications.models import OutgoingMail
from challenges.models import Opener, Panelist, Submission, SubmissionAuthor, TeamMember
from tests import factories as make
from tests.identity import free_port

pytestmark = pytest.mark.django_db
ANNA = {"name": "Anna Alm", "email": "anna@ekhamra.se", "email_verified": True}


@pytest.fixture
def provider(identity):
    return make_provider(identity.url)


def make_provider(server_url, **fields):
    return LoginProvider.objects.create(
        provider="openid_connect",
        provider_id="ekhamra",
        name="Ekhamra kommun",
        client_id="afori",
        settings={
            "server_url": server_url,
            "domains": ["ekhamra.se"],
            "secret": seal_secret("hemligt"),
            **fields,
        },
    )


@pytest.fixture
def enter(client, identity, provider):
    """Start here, sign in there as somebody, come back. Returns our answer."""

    def through(subject="anna", start="", **claims):
        identity.knows(subject, **claims)
        return client.get(identity.answer(set_out(client, start), subject))

    return through


def set_out(client, query=""):
    """The address at the provider that the button leads to."""
    response = client.post(reverse("openid_connect_login", args=["ekhamra"]) + query)
    assert response.status_code == 200
    return response.context["address"]


def who(client):
    key = client.session.get("_auth_user_id")
    return key and User.objects.get(pk=key)


def test_the_button_names_the_organisation(client, provider):
    page = client.get(reverse("account_login")).content.decode()
    assert "Ekhamra kommun" in page
    assert reverse("openid_connect_login", args=["ekhamra"]) in page


def test_one_leaves_by_a_page_so_that_no_form_leads_elsewhere(client, provider, identity):
    response = client.post(reverse("openid_connect_login", args=["ekhamra"]))
    assert response.context["address"].startswith(identity.url)
    assert 'http-equiv="refresh"' in response.content.decode()
    assert "form-action 'self'" in response.headers["Content-Security-Policy"]


def test_the_request_is_tied_to_the_browser_and_to_a_secret(client, provider):
    address = set_out(client)
    for name in ("state=", "code_challenge=", "code_challenge_method=S256"):
        assert name in address


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_new_person_of_a_listed_domain_is_in_at_once(client, enter, language):
    with override(language):
        assert enter(**ANNA)["Location"] == reverse("accounts:organisation_start")
    user = who(client)
    assert (user.name, user.email, user.language) == ("Anna Alm", "anna@ekhamra.se", language)
    assert not user.has_usable_password()
    assert user.emailaddress_set.get().verified


def test_they_may_join_the_organisation_of_the_domain_at_once(client, enter):
    organisation = make.BuyerFactory()
    organisation.domains.create(domain="ekhamra.se", verified_at=organisation.verified_at)
    enter(**ANNA)
    client.post(reverse("accounts:organisation_join", args=[organisation.slug]))
    assert Organisation.objects.of(who(client)).get() == organisation


def test_no_organisation_is_made(client, enter):
    enter(**ANNA)
    assert not Organisation.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "anna@annan.se",
        "anna@sub.ekhamra.se",
        "anna@ekhamra.se.annan.se",
        "anna@xekhamra.se",
        "ekhamra.se@gmail.com",
    ],
)
def test_an_address_outside_the_domains_is_confirmed_by_code(client, enter, last_code, address):
    response = enter(name="Anna Alm", email=address, email_verified=True)
    assert response["Location"] == reverse("account_email_verification_sent")
    assert who(client) is None
    client.post(response["Location"], {"code": last_code(address)})
    assert who(client).email == address


def test_an_existing_account_is_entered_by_an_address_that_both_have_verified(client, enter):
    user = make.UserFactory(email="anna@ekhamra.se")
    enter(**ANNA)
    assert who(client) == user
    assert SocialAccount.objects.get().user == user


def test_once_connected_the_subject_counts_not_the_address(client, enter):
    user = make.UserFactory(email="anna@ekhamra.se")
    enter(**ANNA)
    client.logout()
    enter(**{**ANNA, "email": "annat@ekhamra.se"})
    assert who(client) == user


@pytest.mark.parametrize("verified", [False, None])
def test_an_address_that_the_account_never_verified_opens_nothing(client, enter, verified):
    user = make.UserFactory(email="anna@ekhamra.se")
    if verified is None:
        EmailAddress.objects.all().delete()
    else:
        EmailAddress.objects.update(verified=False)
    enter(**ANNA)
    assert who(client) is None
    assert not SocialAccount.objects.filter(user=user).exists()


def test_an_account_outside_the_domains_is_never_taken_over(client, enter):
    user = make.UserFactory(email="berit@annan.se")
    response = enter(name="Berit", email="berit@annan.se", email_verified=True)
    assert response["Location"] == reverse("account_email_verification_sent")
    assert who(client) is None
    assert not SocialAccount.objects.exists()
    assert "account_already_exists" in OutgoingMail.objects.get(address=user.email).secret


GUARDED = {
    "staff": lambda user, challenge: User.objects.filter(pk=user.pk).update(is_staff=True),
    "superuser": lambda user, challenge: User.objects.filter(pk=user.pk).update(is_superuser=True),
    "opener": lambda user, challenge: Opener.objects.create(challenge=challenge, user=user),
    "team": lambda user, challenge: TeamMember.objects.create(challenge=challenge, user=user),
    "panel": lambda user, challenge: Panelist.objects.create(challenge=challenge, user=user),
    "author": lambda user, challenge: SubmissionAuthor.objects.create(
        submission=Submission.objects.create(
            challenge=challenge, organisation=make.OrganisationFactory()
        ),
        user=user,
    ),
}


@pytest.mark.parametrize("role", GUARDED)
def test_whoever_holds_others_secrets_connects_the_log_in_first(client, enter, role):
    user = make.UserFactory(email="anna@ekhamra.se")
    GUARDED[role](user, make.ChallengeFactory())
    response = enter(**ANNA)
    assert (response.status_code, who(client)) == (403, None)
    assert "Anslut organisationens inloggning först" in response.content.decode()
    assert reverse("socialaccount_connections") in response.content.decode()
    assert not SocialAccount.objects.exists()


def test_once_connected_by_oneself_the_log_in_opens_a_guarded_account(client, enter, identity):
    user = make.UserFactory(email="anna@ekhamra.se")
    TeamMember.objects.create(challenge=make.ChallengeFactory(), user=user)
    client.force_login(user)
    identity.knows("anna", **ANNA)
    asked = client.get(identity.answer(set_out(client, "?process=connect"), "anna"))
    client.post(asked["Location"], {"password": make.PASSWORD})
    assert SocialAccount.objects.get().user == user
    client.logout()
    enter(**ANNA)
    assert who(client) == user


def test_the_closed_stay_out(client, enter):
    make.UserFactory(email="anna@ekhamra.se", is_active=False)
    assert enter(**ANNA)["Location"] == reverse("account_inactive")
    assert who(client) is None


def test_the_second_factor_is_asked_all_the_same(client, enter):
    user = make.UserFactory(email="anna@ekhamra.se")
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    assert enter(**ANNA)["Location"] == reverse("mfa_authenticate")
    assert who(client) is None


def test_one_comes_to_the_page_one_was_heading_for(client, enter):
    make.UserFactory(email="anna@ekhamra.se")
    target = reverse("accounts:settings")
    assert enter(start=f"?next={target}", **ANNA)["Location"] == target
    client.logout()
    assert enter(start="?next=https://evil.example/", **ANNA)["Location"] == reverse("my_pages")


def test_whoever_has_no_name_there_is_asked_for_one(client, enter):
    response = enter(email="anna@ekhamra.se")
    assert response["Location"] == reverse("socialaccount_signup")
    assert client.get(response["Location"]).status_code == 200
    client.post(response["Location"], {"name": "Anna", "email": "anna@ekhamra.se"})
    assert (who(client).name, who(client).emailaddress_set.get().verified) == ("Anna", True)


def test_an_answer_counts_once_and_in_one_browser(client, identity, provider):
    identity.knows("anna", **ANNA)
    back = identity.answer(set_out(client), "anna")
    stranger = type(client)()
    assert stranger.get(back).status_code == 401
    client.get(back)
    client.logout()
    again = client.get(back)
    assert (again.status_code, who(client)) == (401, None)
    assert reverse("account_login") in again.content.decode()


def test_a_code_made_up_is_refused_with_a_page(client, identity, provider):
    identity.knows("anna", **ANNA)
    back = identity.answer(set_out(client), "anna").replace("code=", "code=x")
    response = client.get(back)
    assert (response.status_code, who(client)) == (401, None)


def test_saying_no_there_is_no_error(client, identity, provider):
    address = set_out(client)
    state = parse_qs(urlsplit(address).query)["state"][0]
    back = identity.answer(address, action="deny")
    response = client.get(f"{back}&state={state}", follow=True)
    assert response.redirect_chain[-1][0] == reverse("socialaccount_login_cancelled")


@pytest.mark.parametrize("path", ["", "/jwks", "/finns-inte"])
def test_a_provider_that_does_not_answer_gives_a_page(client, identity, path):
    down = f"http://localhost:{free_port()}"
    make_provider(f"{identity.url}{path}" if path else down)
    response = client.post(reverse("openid_connect_login", args=["ekhamra"]))
    assert response.status_code == 502
    assert "fungerade inte" in response.content.decode()


def test_an_unknown_log_in_is_not_found(client):
    for name in ("openid_connect_login", "openid_connect_callback", "saml_login", "saml_metadata"):
        assert client.get(reverse(name, args=["finns-inte"])).status_code == 404


def test_a_signed_in_person_connects_and_removes_it(client, enter, identity):
    user = make.UserFactory(email="berit@annan.se")
    client.force_login(user)
    asked = enter(start="?process=connect", name="B", email="b@ekhamra.se")
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert not SocialAccount.objects.exists()
    response = client.post(asked["Location"], {"password": make.PASSWORD})
    assert response["Location"] == reverse("socialaccount_connections")
    account = SocialAccount.objects.get(user=user)
    assert "Ekhamra kommun" in client.get(response["Location"]).content.decode()
    client.post(response["Location"], {"account": account.pk})
    assert not SocialAccount.objects.exists()
    assert user.emailaddress_set.get().email == "berit@annan.se"


def test_the_addresses_that_organisations_register_never_change():
    for language in ("sv", "en"):
        with override(language):
            back = reverse("openid_connect_callback", args=["x"])
            assert back == "/konto/oidc/x/login/callback/"
            assert reverse("saml_acs", args=["x"]) == "/konto/saml/x/acs/"
            assert reverse("saml_metadata", args=["x"]) == "/konto/saml/x/metadata/"


# The admin


FIELDS = {
    "name": "Ekhamra kommun",
    "provider": "openid_connect",
    "slug": "ekhamra",
    "domains": "Ekhamra.se\nbolaget.se",
    "server_url": "https://login.ekhamra.se/realms/x/",
    "client_id": "afori",
    "secret": "ytterst-hemligt",
}


@pytest.fixture
def desk(client, settings):
    settings.AFORI_REQUIRE_MFA = False
    client.force_login(make.UserFactory(is_staff=True, is_superuser=True))
    return client


def saved(desk, **changes):
    address = reverse("admin:accounts_loginprovider_add")
    if existing := LoginProvider.objects.first():
        address = reverse("admin:accounts_loginprovider_change", args=[existing.pk])
    return desk.post(address, {**FIELDS, **changes})


def test_staff_describe_it_and_its_secret_is_never_shown_again(desk):
    assert saved(desk).status_code == 302
    provider = LoginProvider.objects.get()
    assert provider.settings["domains"] == ["bolaget.se", "ekhamra.se"]
    assert provider.settings["server_url"] == "https://login.ekhamra.se/realms/x"
    page = desk.get(reverse("admin:accounts_loginprovider_change", args=[provider.pk]))
    stored = (provider.settings["secret"], provider.secret)
    assert not any("hemligt" in text for text in (page.content.decode(), *stored))
    assert provider.settings["secret"] not in page.content.decode()
    assert "/konto/oidc/ekhamra/login/callback/" in page.content.decode()
    saved(desk, secret="", name="Nytt namn")
    provider.refresh_from_db()
    assert (provider.name, provider.settings["secret"]) == ("Nytt namn", stored[0])


@pytest.mark.parametrize(
    "changes",
    [
        {"domains": "gmail.com"},
        {"domains": ""},
        {"domains": "inte en domän"},
        {"server_url": "http://login.ekhamra.se"},
        {"server_url": ""},
        {"client_id": ""},
        {"slug": "saml"},
        {"provider": "saml"},
        {"provider": "saml", "entity_id": "x", "sso_url": "https://x.se", "certificate": "nej"},
    ],
)
def test_what_cannot_be_right_is_refused(desk, changes):
    assert saved(desk, **changes).status_code == 200
    assert not LoginProvider.objects.exists()


def test_editors_do_not_decide_whom_we_trust(client, settings):
    settings.AFORI_REQUIRE_MFA = False
    editor = make.UserFactory(is_staff=True)
    editor.groups.add(make_editors())
    client.force_login(editor)
    assert client.get(reverse("admin:accounts_loginprovider_add")).status_code == 403
