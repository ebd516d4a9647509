"""An organisation's own log-in by SAML: answers signed here with a key made for the test."""

import base64
import zlib
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.test import Client
from django.urls import reverse
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Saml

from afori.accounts.models import LoginProvider, User
from tests import factories as make

pytestmark = pytest.mark.django_db
ISSUER = "https://idp.ekhamra.se/saml"
ACS = "http://testserver/konto/saml/ekhamra/acs/"
AUDIENCE = "http://testserver/konto/saml/ekhamra/metadata/"
NAMES = (
    'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" '
    'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'
)
FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
MAIL = "urn:oid:0.9.2342.19200300.100.1.3"
NAME = "urn:oid:2.16.840.1.113730.3.1.241"


def key_and_certificate():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private.decode(), certificate.public_bytes(pem).decode()


@pytest.fixture
def client():
    """The library wants to hear the host as browsers say it."""
    return Client(headers={"host": "testserver"})


@pytest.fixture(scope="module")
def keys():
    return key_and_certificate()


@pytest.fixture(scope="module")
def foreign_keys():
    return key_and_certificate()


@pytest.fixture
def provider(keys):
    idp = {"entity_id": ISSUER, "sso_url": "https://idp.ekhamra.se/sso", "x509cert": keys[1]}
    return LoginProvider.objects.create(
        provider="saml",
        provider_id="ekhamra",
        client_id="ekhamra",
        name="Ekhamra kommun",
        settings={"domains": ["ekhamra.se"], "idp": idp},
    )


def set_out(client):
    """The id of our request, as the organisation reads it."""
    response = client.post(reverse("saml_login", args=["ekhamra"]))
    query = parse_qs(urlsplit(response.context["address"]).query)
    request = zlib.decompress(base64.b64decode(query["SAMLRequest"][0]), -15)
    return etree.fromstring(request).get("ID")


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def assertion(request_id, *, email, audience=AUDIENCE, acs=ACS, late=timedelta(), number="1"):
    now = datetime.now(UTC) - late
    since, until = stamp(now - timedelta(minutes=1)), stamp(now + timedelta(minutes=5))
    to = f'InResponseTo="{request_id}" ' if request_id else ""
    return (
        f'<saml:Assertion {NAMES} ID="_a{number}" Version="2.0" IssueInstant="{stamp(now)}">'
        f"<saml:Issuer>{ISSUER}</saml:Issuer>"
        f'<saml:Subject><saml:NameID Format="{FORMAT}">anna-1</saml:NameID>'
        '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
        f'<saml:SubjectConfirmationData {to}NotOnOrAfter="{until}" Recipient="{acs}"/>'
        "</saml:SubjectConfirmation></saml:Subject>"
        f'<saml:Conditions NotBefore="{since}" NotOnOrAfter="{until}"><saml:AudienceRestriction>'
        f"<saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
        f'<saml:AuthnStatement AuthnInstant="{stamp(now)}" SessionIndex="_s1"><saml:AuthnContext>'
        "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password"
        "</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"
        "<saml:AttributeStatement>"
        f'<saml:Attribute Name="{MAIL}"><saml:AttributeValue>{email}</saml:AttributeValue>'
        f'</saml:Attribute><saml:Attribute Name="{NAME}"><saml:AttributeValue>Anna Alm'
        "</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>"
    )


def response(request_id, inner, acs=ACS):
    to = f'InResponseTo="{request_id}" ' if request_id else ""
    return (
        f'<samlp:Response {NAMES} ID="_r1" Version="2.0" {to}'
        f'IssueInstant="{stamp(datetime.now(UTC))}" Destination="{acs}">'
        f"<saml:Issuer>{ISSUER}</saml:Issuer><samlp:Status>"
        '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'
        f"{inner}</samlp:Response>"
    )


def signed(xml, keys):
    text = Saml.add_sign(xml, *keys)
    return text.decode() if isinstance(text, bytes) else text


def answer(request_id, keys, email="anna@ekhamra.se", **changes):
    return response(request_id, signed(assertion(request_id, email=email, **changes), keys))


def post(client, xml):
    """As the browser carries it from the organisation's page; the last page of ours."""
    encoded = base64.b64encode(xml.encode()).decode()
    return client.post(
        reverse("saml_acs", args=["ekhamra"]), {"SAMLResponse": encoded}, follow=True
    )


def who(client):
    key = client.session.get("_auth_user_id")
    return key and User.objects.get(pk=key)


def test_a_signed_answer_to_our_question_lets_a_new_person_in(client, provider, keys):
    page = post(client, answer(set_out(client), keys))
    assert page.redirect_chain[-1][0] == reverse("accounts:organisation_start")
    user = who(client)
    assert (user.email, user.name) == ("anna@ekhamra.se", "Anna Alm")
    assert user.emailaddress_set.get().verified


def test_an_existing_person_comes_to_their_own_account(client, provider, keys):
    user = make.UserFactory(email="anna@ekhamra.se")
    post(client, answer(set_out(client), keys))
    assert who(client) == user


def test_an_address_outside_the_domains_has_to_be_confirmed(client, provider, keys):
    make.UserFactory(email="berit@annan.se")
    for address in ("berit@annan.se", "ny@annan.se"):
        page = post(client, answer(set_out(client), keys, email=address))
        assert page.redirect_chain[-1][0] == reverse("account_email_verification_sent")
        assert who(client) is None
        client.cookies.clear()


def unsigned(request_id, keys, foreign):
    return response(request_id, assertion(request_id, email="anna@ekhamra.se"))


def only_the_envelope_signed(request_id, keys, foreign):
    return signed(response(request_id, assertion(request_id, email="anna@ekhamra.se")), keys)


def signed_by_another(request_id, keys, foreign):
    return answer(request_id, foreign)


def changed_afterwards(request_id, keys, foreign):
    return answer(request_id, keys).replace("anna@ekhamra.se", "chef@ekhamra.se")


def for_another_site(request_id, keys, foreign):
    return answer(request_id, keys, audience="https://annan.se/")


def sent_to_another_site(request_id, keys, foreign):
    return answer(request_id, keys, acs="https://annan.se/acs/")


def expired(request_id, keys, foreign):
    return answer(request_id, keys, late=timedelta(hours=1))


def to_a_question_never_asked(request_id, keys, foreign):
    return answer("_never", keys)


def to_no_question(request_id, keys, foreign):
    return answer("", keys)


def wrapped(request_id, keys, foreign):
    """The signed assertion is there, but another, unsigned one comes first."""
    good = signed(assertion(request_id, email="anna@ekhamra.se"), keys)
    evil = assertion(request_id, email="chef@ekhamra.se", number="2")
    return response(request_id, evil + good)


def nonsense(request_id, keys, foreign):
    return "inte xml <"


@pytest.mark.parametrize(
    "forge",
    [
        unsigned,
        only_the_envelope_signed,
        signed_by_another,
        changed_afterwards,
        for_another_site,
        sent_to_another_site,
        expired,
        to_a_question_never_asked,
        to_no_question,
        wrapped,
        nonsense,
    ],
)
def test_anything_else_is_refused_with_a_page(client, provider, keys, foreign_keys, forge):
    make.UserFactory(email="chef@ekhamra.se")
    page = post(client, forge(set_out(client), keys, foreign_keys))
    assert page.status_code in (401, 502)
    assert "fungerade inte" in page.content.decode()
    assert who(client) is None
    assert User.objects.count() == 1


def test_an_answer_counts_once(client, provider, keys):
    xml = answer(set_out(client), keys)
    post(client, xml)
    client.logout()
    assert post(client, xml).status_code in (401, 502)
    assert who(client) is None


def test_an_answer_of_one_browser_is_nothing_in_another(client, provider, keys):
    xml = answer(set_out(client), keys)
    stranger = Client(headers={"host": "testserver"})
    assert post(stranger, xml).status_code in (401, 502)
    assert who(stranger) is None


def test_starting_there_works_only_where_staff_allow_it(client, provider, keys):
    provider.settings["allow_idp_initiated"] = True
    provider.save()
    post(client, answer("", keys))
    assert who(client).email == "anna@ekhamra.se"


@pytest.mark.parametrize("data", [{}, {"SAMLResponse": ""}, {"SAMLResponse": "%%%"}])
def test_an_empty_or_broken_answer_gets_a_page(client, provider, data):
    page = client.post(reverse("saml_acs", args=["ekhamra"]), data, follow=True)
    assert page.status_code in (401, 502)


def test_the_metadata_say_what_we_expect(client, provider):
    page = client.get(reverse("saml_metadata", args=["ekhamra"]))
    described = etree.fromstring(page.content)
    service = described.find("{*}SPSSODescriptor")
    assert described.get("entityID") == AUDIENCE
    assert service.get("WantAssertionsSigned") == "true"
    assert service.find("{*}AssertionConsumerService").get("Location") == ACS
    assert service.find("{*}SingleLogoutService") is None
    assert client.get(reverse("saml_sls", args=["ekhamra"])).status_code == 404


def test_staff_describe_it(client, settings, keys):
    settings.AFORI_REQUIRE_MFA = False
    client.force_login(make.UserFactory(is_staff=True, is_superuser=True))
    fields = {
        "name": "Ekhamra kommun",
        "provider": "saml",
        "slug": "ekhamra",
        "domains": "ekhamra.se",
        "entity_id": ISSUER,
        "sso_url": "https://idp.ekhamra.se/sso",
        "certificate": keys[1],
    }
    client.post(reverse("admin:accounts_loginprovider_add"), fields)
    client.logout()
    post(client, answer(set_out(client), keys))
    assert who(client).email == "anna@ekhamra.se"
