"""E-mail domains: how they are compared, and which ones belong to nobody in particular."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

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
    return encoded if same and len(labels) > 1 and all(map(is_label, labels)) else ""


def is_label(label):
    plain = label.replace("-", "")
    return plain.isascii() and plain.isalnum() and label[0] != "-" and label[-1] != "-"


def domain_of(address):
    """The normalised domain of an address, "" if it belongs to nobody in particular."""
    name, at, domain = address.rpartition("@")
    found = normalised(domain) if name and at else ""
    return "" if found in FREE_MAIL else found


def clean_domain(domain):
    """What a domain is stored as. Raises ValidationError."""
    found = normalised(domain)
    if not found:
        raise ValidationError(_("Write a domain, for example kommun.se."), code="domain")
    if found in FREE_MAIL:
        raise ValidationError(_("Anyone can get an address in this domain."), code="free_mail")
    return found


def validate_domain(domain):
    if clean_domain(domain) != domain:
        raise ValidationError(_("Write the domain in lower case."), code="domain")
