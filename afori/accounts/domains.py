"""E-mail domains: how they are compared, and which ones belong to nobody in particular."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

ADDRESS_LENGTH = 254
PLAIN_NAME = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.A | re.I
)

# Providers where anyone can get an address. An address there says nothing about an employer.
FREE_MAIL = frozenset(
    {
        "aol.com",
        "bahnhof.se",
        "bredband.net",
        "bredband2.com",
        "comhem.se",
        "duck.com",
        "fastmail.com",
        "glocalnet.net",
        "gmail.com",
        "gmail.se",
        "gmx.at",
        "gmx.com",
        "gmx.de",
        "gmx.net",
        "gmx.se",
        "googlemail.com",
        "guerrillamail.com",
        "hey.com",
        "home.se",
        "hotmail.com",
        "hotmail.dk",
        "hotmail.fi",
        "hotmail.no",
        "hotmail.se",
        "hushmail.com",
        "icloud.com",
        "inbox.com",
        "live.com",
        "live.dk",
        "live.fi",
        "live.no",
        "live.se",
        "mac.com",
        "mail.com",
        "mail.ru",
        "mailbox.org",
        "mailinator.com",
        "me.com",
        "msn.com",
        "outlook.com",
        "outlook.de",
        "outlook.dk",
        "outlook.se",
        "passagen.se",
        "pm.me",
        "posteo.de",
        "proton.me",
        "protonmail.ch",
        "protonmail.com",
        "qq.com",
        "rocketmail.com",
        "runbox.com",
        "spray.se",
        "startmail.com",
        "swipnet.se",
        "tele2.se",
        "telia.com",
        "tempmail.com",
        "tuta.com",
        "tuta.io",
        "tutanota.com",
        "web.de",
        "yahoo.co.uk",
        "yahoo.com",
        "yahoo.de",
        "yahoo.dk",
        "yahoo.no",
        "yahoo.se",
        "yandex.com",
        "yandex.ru",
        "ymail.com",
        "yopmail.com",
        "zoho.com",
        "zohomail.eu",
    }
)


def normalised(domain):
    """The domain as it stands in the DNS (lower case, IDNA), or "" if it is none.

    Letters that a mapping would turn into others, as ß into ss, are refused: systems disagree on
    which domain is meant.
    """
    lowered = domain.strip().lower()
    try:
        encoded = lowered.encode("idna").decode("ascii")
        same = lowered in (encoded, encoded.encode("ascii").decode("idna"))
    except UnicodeError:
        return ""
    labels = encoded.split(".")
    is_name = len(labels) > 1 and all(map(is_label, labels)) and not labels[-1].isdigit()
    return encoded if same and is_name else ""


def is_label(label):
    plain = label.replace("-", "")
    return plain.isascii() and plain.isalnum() and label[0] != "-" and label[-1] != "-"


def domain_of(address):
    """The normalised domain of an address, "" if it belongs to nobody in particular."""
    name, at, domain = address.rpartition("@")
    found = normalised(domain) if name and at else ""
    return "" if is_free_mail(found) else found


def is_free_mail(domain):
    """Whether anyone can get an address in the domain, or in one above it."""
    labels = domain.split(".")
    return any(".".join(labels[place:]) in FREE_MAIL for place in range(len(labels)))


def clean_address(address):
    """The one form in which an address is stored, compared and written to. Raises ValidationError.

    Lower case, with the domain as it stands in the DNS. Names in quotes or with letters other than
    those of ASCII are refused: they can be made to look like somebody else's, and systems disagree
    on whose they are.
    """
    name, _at, domain = address.strip().rpartition("@")
    cleaned = f"{name.lower()}@{normalised(domain)}"
    if not (PLAIN_NAME.fullmatch(name) and normalised(domain) and len(cleaned) <= ADDRESS_LENGTH):
        raise ValidationError(EmailValidator.message, code="invalid")
    return cleaned


def address_key(address):
    """`clean_address`, "" if it is none."""
    try:
        return clean_address(address)
    except ValidationError:
        return ""


def clean_domain(domain):
    """What a domain is stored as. Raises ValidationError."""
    found = normalised(domain)
    if not found:
        raise ValidationError(_("Write a domain, for example kommun.se."), code="domain")
    if is_free_mail(found):
        raise ValidationError(_("Anyone can get an address in this domain."), code="free_mail")
    return found


def validate_domain(domain):
    if clean_domain(domain) != domain:
        raise ValidationError(_("Write the domain in lower case."), code="domain")
