"""The history of sign-ins: the only writer of `SignIn`. allauth says when."""

import re

from allauth.account.authentication import get_authentication_records
from allauth.account.signals import (
    email_verification_code_rejected,
    login_code_rejected,
    password_reset_code_rejected,
)
from allauth.mfa.signals import authentication_failed
from django.db import connection, transaction
from django.dispatch import receiver

from .limits import UNKNOWN, network_address, network_of
from .models import SignIn

Method = SignIn.Method
METHODS = {
    "password": Method.PASSWORD,
    "code": Method.CODE,
    "password_reset": Method.RESET,
    "socialaccount": Method.PROVIDER,
    "mfa": Method.PASSKEY,
}
NO_PERSON = 0

# The first that fits counts: most browsers also name those that they resemble.
BROWSERS = [
    ("Edge", r"Edg|Edge"),
    ("Opera", r"OPR|Opera"),
    ("Samsung Internet", r"SamsungBrowser"),
    ("Firefox", r"Firefox|FxiOS"),
    ("Chrome", r"(?:Headless)?Chrome|CriOS|Chromium"),
    ("Safari", r"Safari"),
]
SYSTEMS = [
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("ChromeOS", r"CrOS"),
    ("macOS", r"Macintosh|Mac OS X"),
    ("Linux", r"Linux|X11"),
]
READ = 500  # characters of what a browser says about itself


def note_success(request, user, *, signed_up=False):
    """The person is in: how, with a second factor or not, and roughly from where."""
    first, second = steps(get_authentication_records(request, user))
    write(request, user, Method.SIGN_UP if signed_up else first, second_factor=second)


def note_failure(request, user, method, *, second_factor=False):
    """A wrong password or code. Without an account (None) the same work leaves nothing behind."""
    write(request, user, method, second_factor=second_factor, succeeded=False)


def write(request, user, method, **fields):
    """One row. It does not wait for the disk: that would tell it from the one that is undone."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")
        SignIn.objects.create(
            user_id=user.pk if user else NO_PERSON,
            method=method,
            network_address=network_of_visitor(request),
            device=device(request.META.get("HTTP_USER_AGENT", "")),
            **fields,
        )
        if user is None:
            transaction.set_rollback(True)


def steps(records):
    """The way in and whether there were two factors, from allauth's record of this session.

    A passkey alone is two: the device, and what unlocks it.
    """
    ways = [one for one in records if one["method"] != "mfa" or one.get("passwordless")]
    if not ways:
        return Method.PASSWORD, False
    way = METHODS.get(ways[-1]["method"], Method.PASSWORD)
    followed = records[-1] is not ways[-1]
    return way, followed or way == Method.PASSKEY


def network_of_visitor(request):
    """The network that somebody came from; the last bits of the address are nobody's business."""
    address = network_address(request)
    return None if address == UNKNOWN else network_of(address, ipv4=24, ipv6=48)


def device(user_agent):
    """Browser and system in a few words, for example "Firefox, Windows". "" if it says neither."""
    told = user_agent[:READ]
    return ", ".join(filter(None, (first(BROWSERS, told), first(SYSTEMS, told))))


def first(names, told):
    return next((name for name, pattern in names if re.search(rf"\b(?:{pattern})\b", told)), "")


# Wrong codes. A wrong password is told by the adapter.


@receiver(login_code_rejected)
def login_code_was_wrong(request, user, **kwargs):
    note_failure(request, user, Method.CODE)


@receiver(password_reset_code_rejected)
def reset_code_was_wrong(request, user, **kwargs):
    note_failure(request, user, Method.RESET)


@receiver(email_verification_code_rejected)
def verification_code_was_wrong(request, user, **kwargs):
    if not request.user.is_authenticated:
        note_failure(request, user, Method.SIGN_UP)


@receiver(authentication_failed)
def second_factor_was_wrong(request, user, reauthentication=False, **kwargs):
    if not reauthentication:
        way, _second = steps(get_authentication_records(request, user))
        note_failure(request, user, way, second_factor=True)
