"""Whether an address has an account shows in no answer, and the work is the same. Times are
measured by tests/lab/enumeration.py; here it is hashes, queries and mails that are counted."""

import pytest
from allauth.mfa.totp.internal import auth
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from afori.accounts.models import User
from afori.notifications.models import OutgoingMail
from tests import factories as make

PASSWORD = "tre helt vanliga ord"
WRONG = "fel ord i fel ordning"
NAMES = ["kand", "skyddad", "utan", "stangd", "obekraftad"]
VARYING = {"Content-Security-Policy", "Content-Length", "Expires"}
MORE = 2  # what is undone needs one statement more in a test, and an address is found earlier
# Each is a visit: the answers to all of its steps are compared.
LOG_IN = ("account_login", {"login": "ADDRESS", "password": WRONG})
BY_CODE = ("account_login", {"login": "ADDRESS", "by_code": "1"})
CODE_PAGE = ("account_request_login_code", {"email": "ADDRESS"})
CODE = ("account_confirm_login_code", {"code": "FELF-ELFE"})
CODE_AGAIN = ("account_confirm_login_code", {"action": "resend"})
RESET = ("account_reset_password", {"email": "ADDRESS"})
RESET_CODE = ("account_confirm_password_reset_code", {"code": "FELF-ELFE"})
SIGN_UP = ("account_signup", {"name": "Anna", "email": "ADDRESS", "password1": PASSWORD})
WITHOUT = ("account_signup", {"name": "Anna", "email": "ADDRESS"})
PASSKEY = ("account_signup_by_passkey", {"name": "Anna", "email": "ADDRESS"})
NEW_CODE = ("account_email_verification_sent", {"code": "FELF-ELFE"})
NEW_CODE_AGAIN = ("account_email_verification_sent", {"action": "resend"})
VISITS = {
    "log-in": [LOG_IN],
    "log-in until stopped": [LOG_IN] * 7,
    "code from log-in": [BY_CODE, CODE, CODE, CODE],
    "code": [CODE_PAGE, CODE, CODE, CODE],
    "code until stopped": [CODE_PAGE] * 5,
    "code again": [CODE_PAGE, CODE_AGAIN, CODE],
    "reset": [RESET, RESET_CODE, RESET_CODE, RESET_CODE],
    "reset until stopped": [RESET] * 7,
    "sign-up": [SIGN_UP, NEW_CODE, NEW_CODE, NEW_CODE],
    "sign-up again": [SIGN_UP, NEW_CODE_AGAIN, NEW_CODE],
    "sign-up twice": [SIGN_UP, SIGN_UP],
    "sign-up without password": [WITHOUT, NEW_CODE],
    "sign-up by passkey": [PASSKEY, NEW_CODE],
}
pytestmark = pytest.mark.django_db


class CountingHasher(MD5PasswordHasher):
    algorithm = "counting"
    hashes = 0

    def encode(self, password, salt):
        CountingHasher.hashes += 1
        return super().encode(password, salt)


@pytest.fixture(autouse=True)
def people(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    for name in NAMES:
        make.UserFactory(email=f"{name}@ekhamra.se", password=PASSWORD)
    guarded = User.objects.get(email="skyddad@ekhamra.se")
    auth.TOTP.activate(guarded, auth.generate_totp_secret())
    without = User.objects.get(email="utan@ekhamra.se")
    without.set_unusable_password()
    without.save()
    User.objects.filter(email="stangd@ekhamra.se").update(is_active=False)
    User.objects.get(email="obekraftad@ekhamra.se").emailaddress_set.update(verified=False)


def visited(client, steps, address, text_of):
    """What a visitor learns, and what it costs: hashes and mails, and queries for each step."""
    client.cookies.clear()
    cache.clear()
    learnt, costs, mails = [], [], OutgoingMail.objects.count()
    CountingHasher.hashes = 0
    for name, data in steps:
        data = {key: text.replace("ADDRESS", address) for key, text in data.items()}
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(reverse(name), data)
        costs.append(len(queries))
        headers = {name: answer[name] for name in answer.headers if name not in VARYING}
        cookies = {name: (one["max-age"], one["path"]) for name, one in answer.cookies.items()}
        words = text_of(answer).replace(address, "ADDRESS")
        learnt.append((answer.status_code, headers, cookies, words))
        learnt.append(text_of(client.get(reverse(name))).replace(address, "ADDRESS"))
    return learnt, (CountingHasher.hashes, OutgoingMail.objects.count() - mails), costs


MAIN = ["log-in", "code", "reset", "sign-up"]
CASES = [(visit, name) for visit in VISITS for name in NAMES if visit in MAIN or name == "kand"]


@pytest.mark.parametrize(("visit", "name"), CASES)
def test_an_account_shows_in_no_answer(client, text_of, visit, name):
    steps = VISITS[visit]
    known, work, costs = visited(client, steps, f"{name}@ekhamra.se", text_of)
    unknown, same_work, same_costs = visited(client, steps, "okan@ekhamra.se", text_of)
    assert known == unknown
    assert work == same_work
    differences = [abs(one - other) for one, other in zip(costs, same_costs, strict=True)]
    assert max(differences) <= MORE, (costs, same_costs)


def test_a_new_address_of_ones_own_tells_nothing_of_others(client, text_of):
    client.force_login(make.UserFactory())
    client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD})
    seen = []
    for address in ("kand@ekhamra.se", "okan@ekhamra.se"):
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            data = {"email": address, "action_add": ""}
            answer = client.post(reverse("account_email"), data)
        page = client.get(answer["Location"])
        wrong = client.post(answer["Location"], {"code": "FELF-ELFE"})
        words = [text_of(one).replace(address, "ADDRESS") for one in (page, wrong)]
        mails = OutgoingMail.objects.filter(address=address).count()
        seen.append((answer.status_code, answer["Location"], words, mails, len(queries)))
    assert seen[0][:4] == seen[1][:4]
    assert abs(seen[0][4] - seen[1][4]) <= MORE
