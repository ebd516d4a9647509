"""Hostile addresses, through every door that takes one."""

import pytest
from allauth.socialaccount.models import SocialApp
from django.core.exceptions import ValidationError
from django.urls import reverse

from afori.accounts.domains import clean_address, clean_domain, domain_of
from afori.accounts.models import Organisation, User
from afori.accounts.providers import vouches_for
from afori.notifications.models import OutgoingMail
from tests import factories as make

PASSWORD = "tre ord i en rad"
REFUSED = {
    "quoted": '"a@b"@kommun.se',
    "quoted space": '"anna alm"@kommun.se',
    "two at": "anna@evil.com@kommun.se",
    "comment": "anna(x)@kommun.se",
    "display name": "Anna <anna@kommun.se>",
    "list": "anna@kommun.se,evil@evil.com",
    "trailing dot": "anna@kommun.se.",
    "double dot": "anna@kommun..se",
    "leading dot": ".anna@kommun.se",
    "one label": "anna@kommun",
    "ip literal": "anna@[127.0.0.1]",
    "ipv6 literal": "anna@[IPv6:::1]",
    "bare ip": "anna@10.0.0.10",
    "sharp s": "anna@straße.de",
    "long s in name": "a\u017f@kommun.se",
    "dotless i in name": "\u0131nfo@kommun.se",
    "dotted i in name": "\u0130nfo@kommun.se",
    "cyrillic name": "\u0430nna@kommun.se",
    "zero width in name": "an\u200bna@kommun.se",
    "zero width in domain": "anna@kom\u200bmun.se",
    "joiner in domain": "anna@kom\u200dmun.se",
    "right to left mark": "anna@kommun\u200f.se",
    "right to left override": "anna@\u202ees.nummok",
    "full-width dot": "anna@kommun\uff0ese",
    "full-width letters": "anna@\uff4bommun.se",
    "ideographic dot": "anna@kommun\u3002se",
    "line break": "anna@kommun.se\r\nBcc: evil@evil.com",
    "line break in name": "anna\r\n@kommun.se",
    "tab": "an\tna@kommun.se",
    "percent": "anna%0a@kommun.se\n.evil.com",
    "300 characters": "a" * 60
    + "@"
    + "b" * 60
    + "."
    + "c" * 60
    + "."
    + "d" * 60
    + "."
    + "e" * 55
    + ".se",
    "300 in the name": "a" * 300 + "@kommun.se",
    "label of 64": "anna@" + "a" * 64 + ".se",
    "bad punycode": "anna@xn--zzzzzzz--.se",
}
SAME = {
    "upper case": ("ANNA@KOMMUN.SE", "anna@kommun.se"),
    "space around": ("  anna@kommun.se ", "anna@kommun.se"),
    "plus": ("anna+x@kommun.se", "anna+x@kommun.se"),
    "idna": ("anna@räksmörgås.se", "anna@xn--rksmrgs-5wao1o.se"),
    "idna in capitals": ("anna@RÄKSMÖRGÅS.SE", "anna@xn--rksmrgs-5wao1o.se"),
    "punycode": ("anna@xn--rksmrgs-5wao1o.se", "anna@xn--rksmrgs-5wao1o.se"),
    "kelvin sign in the form": ("\u212aarin@kommun.se", "karin@kommun.se"),
}
# What looks like kommun.se and is somebody else's.
NOT_KOMMUN = [
    "anna@evil.kommun.se",
    "anna@kommun.se.evil.com",
    "anna@notkommun.se",
    "anna@k\u043emmun.se",
    "anna@xn--kmmun-jye.se",
    "kommun.se@gmail.com",
    "anna@kommun.gmail.com",
]
pytestmark = pytest.mark.django_db


def sign_up(client, address):
    facts = {"name": "Anna", "email": address, "password1": PASSWORD}
    return client.post(reverse("account_signup"), facts)


@pytest.mark.parametrize("address", REFUSED.values(), ids=REFUSED)
def test_no_door_takes_a_hostile_address(client, address):
    with pytest.raises(ValidationError):
        clean_address(address)
    assert sign_up(client, address).status_code in (200, 400)
    answer = client.post(reverse("account_reset_password"), {"email": address})
    assert answer.status_code in (200, 400)
    answer = client.post(reverse("account_login"), {"login": address, "password": PASSWORD})
    assert answer.status_code in (200, 400)
    client.force_login(make.UserFactory())
    client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD})
    answer = client.post(reverse("account_email"), {"email": address, "action_add": ""})
    assert answer.status_code in (200, 400)
    assert User.objects.count() == 1
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(("written", "stored"), SAME.values(), ids=SAME)
def test_an_address_has_one_form(client, last_code, written, stored):
    sign_up(client, written)
    assert User.objects.get().email == stored
    assert User.objects.get().emailaddress_set.get().email == stored
    client.post(reverse("account_email_verification_sent"), {"code": last_code(stored)})
    client.post(reverse("account_logout"))
    sign_up(client, stored)
    assert User.objects.count() == 1
    answer = client.post(reverse("account_login"), {"login": written, "password": PASSWORD})
    assert answer["Location"] == reverse("my_pages")


@pytest.mark.parametrize(("written", "stored"), SAME.values(), ids=SAME)
def test_a_code_goes_to_the_stored_address(client, written, stored):
    make.UserFactory(email=stored)
    client.post(reverse("account_reset_password"), {"email": written})
    assert OutgoingMail.objects.get().address == stored


@pytest.mark.parametrize(
    "written", ["m\u0131ke@kommun.se", "mike@k\u043emmun.se", "mike@kommun.\u017fe"]
)
def test_a_look_alike_gets_no_code_of_anothers_account(client, written):
    make.UserFactory(email="mike@kommun.se")
    client.post(reverse("account_reset_password"), {"email": written})
    assert not OutgoingMail.objects.exclude(user=None).exists()


@pytest.mark.parametrize("address", NOT_KOMMUN)
def test_what_only_looks_like_the_domain_matches_nobody(client, last_code, address):
    organisation = make.BuyerFactory()
    organisation.domains.create(domain="kommun.se", verified_at=organisation.verified_at)
    sign_up(client, address)
    user = User.objects.get()
    user.emailaddress_set.update(verified=True)
    assert not Organisation.objects.matching_addresses_of(user).exists()
    assert domain_of(user.email) != "kommun.se"


@pytest.mark.parametrize("address", ["anna@gmail.com", "anna@x.gmail.com", "anna@a.b.live.se"])
def test_free_mail_is_noted_for_no_organisation(client, address):
    client.force_login(make.UserFactory(email=address))
    facts = {"name": "Ljusglimt AB", "kind": "company", "number": "556036-0793"}
    client.post(reverse("accounts:organisation_create"), facts)
    assert not Organisation.objects.get().domains.exists()


@pytest.mark.parametrize("domain", ["x.gmail.com", "GMAIL.com", "a.b.live.se"])
def test_no_organisation_owns_free_mail(domain):
    with pytest.raises(ValidationError):
        clean_domain(domain)


def test_the_domain_is_noted_as_it_stands_in_the_dns(client, last_code):
    sign_up(client, "Anna@Räksmörgås.se")
    code = last_code("anna@xn--rksmrgs-5wao1o.se")
    client.post(reverse("account_email_verification_sent"), {"code": code})
    facts = {"name": "Smörgås AB", "kind": "company", "number": "556036-0793"}
    client.post(reverse("accounts:organisation_create"), facts)
    assert Organisation.objects.get().domains.get().domain == "xn--rksmrgs-5wao1o.se"


def test_administrators_see_a_look_alike_as_what_it_is(client):
    sign_up(client, "anna@k\u043emmun.se")
    assert User.objects.get().email == "anna@xn--kmmun-jye.se"


@pytest.mark.parametrize(
    ("address", "believed"),
    [
        ("Anna@KOMMUN.se", True),
        ("anna@räksmörgås.se", True),
        *((address, False) for address in NOT_KOMMUN),
        *((address, False) for address in REFUSED.values()),
        ("\u212aarin@kommun.se", False),
    ],
)
def test_a_provider_vouches_for_plain_addresses_of_its_domains(address, believed):
    app = SocialApp(settings={"domains": ["kommun.se", "xn--rksmrgs-5wao1o.se"]})
    assert vouches_for(app, address) is believed
