"""How long each door takes with and without an account: `python -m tests.lab.enumeration [door]`.

Runs against a database of its own on a real PostgreSQL, with the password hasher of production.
Prints medians of 25 interleaved pairs and ends with 1 if a ratio lies outside 0.85-1.15. The last
column is the ratio of our own computing time: what is true of a busy machine, where waiting is not.
"""

import logging
import os
import sys
from itertools import count
from statistics import median
from time import perf_counter, process_time

import django
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.test.runner import DiscoverRunner
from django.urls import reverse

from tests import services

PAIRS = 25
WARM_UP = 3
LOW, HIGH = 0.85, 1.15
PASSWORD = "tre helt vanliga ord"
numbers = count(1)


def fresh():
    return f"okand{next(numbers)}@ekhamra.se"


class Visit:
    """One visitor with a clean slate. The last step of a way in is what is timed."""

    def __init__(self, *steps, by=None):
        self.steps, self.by = steps, by

    def seconds(self, address):
        from afori.accounts.models import Invitation, User

        client = Client()
        Invitation.objects.all().delete()
        if self.by:
            client.force_login(User.objects.get(email=self.by))
        for name, data in self.steps:
            cache.clear()
            data = {key: text.replace("ADDRESS", address) for key, text in data.items()}
            took = post(client, name, data)
        return took


def post(client, name, data):
    path = reverse(name, args=[SLUG] if name == "accounts:invite" else [])
    start, started = perf_counter(), process_time()
    response = client.post(path, data)
    took = perf_counter() - start, process_time() - started
    if response.status_code not in (200, 302):
        raise SystemExit(f"{name} answered {response.status_code}")
    return took


LOG_IN = ("account_login", {"login": "ADDRESS", "password": "fel ord i fel ordning"})
CODE = ("account_login", {"login": "ADDRESS", "by_code": "1"})
CODE_PAGE = ("account_request_login_code", {"email": "ADDRESS"})
RESET = ("account_reset_password", {"email": "ADDRESS"})
SIGN_UP = ("account_signup", {"name": "Anna", "email": "ADDRESS", "password1": PASSWORD})
NO_PASSWORD = ("account_signup", {"name": "Anna", "email": "ADDRESS"})
BY_PASSKEY = ("account_signup_by_passkey", {"name": "Anna", "email": "ADDRESS"})
WRONG, AGAIN = {"code": "FELF-ELFE"}, {"action": "resend"}
IN, NEW, FORGOT = (
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_confirm_password_reset_code",
)
INVITE = ("accounts:invite", {"addresses": "ADDRESS", "role": "member"})
ADMIN, SLUG = "chef@ekhamra.se", "ekhamra"
DOORS = [
    ("log-in, wrong password", "known", Visit(LOG_IN)),
    ("log-in, with a second factor", "guarded", Visit(LOG_IN)),
    ("log-in, without a password", "without", Visit(LOG_IN)),
    ("log-in, closed account", "closed", Visit(LOG_IN)),
    ("log-in, unconfirmed address", "unconfirmed", Visit(LOG_IN)),
    ("code by mail, from log-in", "known", Visit(CODE)),
    ("code by mail, page of its own", "known", Visit(CODE_PAGE)),
    ("code by mail, closed account", "closed", Visit(CODE_PAGE)),
    ("code by mail, wrong code", "known", Visit(CODE_PAGE, (IN, WRONG))),
    ("code by mail, once more", "known", Visit(CODE_PAGE, (IN, AGAIN))),
    ("new password", "known", Visit(RESET)),
    ("new password, closed account", "closed", Visit(RESET)),
    ("new password, wrong code", "known", Visit(RESET, (FORGOT, WRONG))),
    ("sign-up", "known", Visit(SIGN_UP)),
    ("sign-up, unconfirmed address", "unconfirmed", Visit(SIGN_UP)),
    ("sign-up, closed account", "closed", Visit(SIGN_UP)),
    ("sign-up, no password", "known", Visit(NO_PASSWORD)),
    ("sign-up, by passkey", "known", Visit(BY_PASSKEY)),
    ("sign-up, wrong code", "known", Visit(SIGN_UP, (NEW, WRONG))),
    ("sign-up, code once more", "known", Visit(SIGN_UP, (NEW, AGAIN))),
    ("invitation", "known", Visit(INVITE, by=ADMIN)),
    ("invitation, closed account", "closed", Visit(INVITE, by=ADMIN)),
]


def people():
    """Addresses of accounts, by what they are."""
    from allauth.mfa.totp.internal import auth

    from tests import factories as make

    admin = make.UserFactory(email=ADMIN)
    organisation = make.BuyerFactory(slug=SLUG)
    make.MembershipFactory(user=admin, organisation=organisation, role="admin")
    known, guarded, without, closed, unconfirmed = (
        make.UserFactory(email=f"{name}@ekhamra.se", password=PASSWORD)
        for name in ("kand", "skyddad", "utan", "stangd", "obekraftad")
    )
    auth.TOTP.activate(guarded, auth.generate_totp_secret())
    without.set_unusable_password()
    closed.is_active = False
    for user in (without, closed):
        user.save()
    unconfirmed.emailaddress_set.update(verified=False)
    return {
        "known": known.email,
        "guarded": guarded.email,
        "without": without.email,
        "closed": closed.email,
        "unconfirmed": unconfirmed.email,
    }


def measured(visit, address):
    """Medians for the address and for ones that nobody has, the order alternating.

    Each is (seconds, seconds of computing).
    """
    times = {True: [], False: []}
    for number in range(PAIRS + WARM_UP):
        for is_known in (True, False) if number % 2 else (False, True):
            took = visit.seconds(address if is_known else fresh())
            if number >= WARM_UP:
                times[is_known].append(took)
    return [tuple(map(median, zip(*times[known], strict=True))) for known in (True, False)]


def main():
    print(f"{'door':34}{'account':>10}{'none':>10}{'ratio':>8}{'cpu':>8}")
    addresses, failed = people(), False
    wanted = " ".join(sys.argv[1:])
    for name, who, visit in (door for door in DOORS if wanted in door[0]):
        known, unknown = measured(visit, addresses[who])
        ratio, cpu = (one / other for one, other in zip(known, unknown, strict=True))
        failed |= not LOW <= ratio <= HIGH
        took = f"{known[0] * 1000:8.1f}ms{unknown[0] * 1000:8.1f}ms"
        print(f"{name:34}{took}{ratio:8.2f}{cpu:8.2f}", flush=True)
    return failed


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "afori.settings"
    services.pytest_load_initial_conftests()
    django.setup()
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    logging.disable(logging.WARNING)
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        code = main()
    finally:
        runner.teardown_databases(databases)
        services.at_exit.close()
    sys.exit(code)
