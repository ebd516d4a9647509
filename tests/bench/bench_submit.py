"""Submitting at the deadline against a bare view that takes the same lock and inserts a row."""

from statistics import median
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.conf import settings
from django.urls import reverse

from challenges.content import Draft
from challenges.models import SubmissionVersion
from tests import factories as make
from tests.challenges.crowds import ready_drafts
from tests.e2e.conftest import session_of

from .servers import granian

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS, EACH, WARM = 5, 150, 40
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def through_the_portal(draft, user):
    challenge = draft.challenge
    token = "c" * 32
    cookies = {settings.SESSION_COOKIE_NAME: session_of(user), settings.CSRF_COOKIE_NAME: token}
    form = {"submit_key": uuid4(), "reviewed": Draft(draft).sha256, "confirmed": "on"}
    path = reverse("challenges:submit", args=[challenge.slug, draft.reference])
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    body = urlencode(form | {"csrfmiddlewaretoken": token})
    return "POST", path, body, FORM | {"Cookie": cookie}


def barely(draft, user):
    body = urlencode({"challenge": draft.challenge_id, "by": user.pk})
    return "POST", f"/{draft.pk}/", body, FORM


def test_submit(tmp_path):
    challenge = make.ChallengeFactory()
    for position in (1, 2):
        make.CriterionFactory(challenge=challenge, position=position)
    drafts = iter(ready_drafts(challenge, 2 * (WARM + ROUNDS * EACH)))
    found = {"portal": [], "bare": []}
    with granian(tmp_path) as portal, granian(tmp_path, "tests.bench.bare:application") as bare:
        for number in range(-1, ROUNDS):
            for name, web, form in (("portal", portal, through_the_portal), ("bare", bare, barely)):
                size = EACH if number >= 0 else WARM
                requests = [form(*next(drafts)) for _each in range(size)]
                *measured, statuses = web.run(requests)
                print(name, measured, set(status for status, _location in statuses), statuses[0])
                if number >= 0:
                    found[name].append(measured)
    assert SubmissionVersion.objects.count() == 2 * (WARM + ROUNDS * EACH)
    for name, rounds in found.items():
        print(name, [median(column) for column in zip(*rounds)])
    print(
        "ratio", median(one[0] for one in found["portal"]) / median(one[0] for one in found["bare"])
    )
