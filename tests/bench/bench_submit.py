"""Submitting at the deadline against a bare view that takes the same lock and inserts a row."""

from itertools import islice
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.conf import settings
from django.urls import reverse

from challenges.content import Draft
from challenges.models import AuditEntry, SubmissionVersion
from tests import factories as make
from tests.challenges.crowds import ready_drafts
from tests.e2e.conftest import session_of

from .servers import compared, granian

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS, EACH = 5, 150
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CSRF = "c" * 32


def through_the_portal(draft, user):
    cookies = {settings.SESSION_COOKIE_NAME: session_of(user), settings.CSRF_COOKIE_NAME: CSRF}
    form = {"submit_key": uuid4(), "reviewed": Draft(draft).sha256, "confirmed": "on"}
    path = reverse("challenges:submit", args=[draft.challenge.slug, draft.reference])
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    body = urlencode(form | {"csrfmiddlewaretoken": CSRF})
    return "POST", path, body, FORM | {"Cookie": cookie}


def barely(draft, user):
    body = urlencode({"challenge": draft.challenge_id, "by": user.pk})
    return "POST", f"/submit/{draft.pk}/", body, FORM


def test_submit(tmp_path):
    challenge = make.ChallengeFactory()
    for position in (1, 2):
        make.CriterionFactory(challenge=challenge, position=position)
    drafts = iter(ready_drafts(challenge, 2 * EACH * (ROUNDS + 1)))

    def sends(web, request, status):
        return lambda: web.run([request(*each) for each in islice(drafts, EACH)], status)

    with granian(tmp_path) as portal, granian(tmp_path, "tests.bench.bare:application") as bare:
        ways = sends(portal, through_the_portal, 302), sends(bare, barely, 204)
        compared("submit", ROUNDS, *ways)

    assert SubmissionVersion.objects.count() == 2 * EACH * (ROUNDS + 1)
    assert AuditEntry.objects.filter(event="received").count() == EACH * (ROUNDS + 1)
