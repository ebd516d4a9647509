"""Error pages are pages too: they say what to do, and they can be read by everybody."""

import pytest
from django.urls import reverse

from challenges.views import ChallengeList

from . import checks
from .arena import NETWORK

pytestmark = pytest.mark.usefixtures("language")
UNMASK = (
    "form => { form.csrfmiddlewaretoken.remove(); form.noValidate = true; form.requestSubmit() }"
)


def missing(page, sign_in):
    return page.goto(reverse("home") + "finns-inte/")


def broken_address(page, sign_in):
    return page.goto(reverse("home") + "?q=%00")


def forbidden(page, sign_in):
    sign_in(page.context, "opener1@example.org")
    return page.goto(reverse("networks:requests", args=[NETWORK]))


def forged(page, sign_in):
    page.goto(reverse("account_login"))
    with page.expect_navigation() as sent:
        page.eval_on_selector("main form", UNMASK)
    return sent.value


def broken(page, sign_in):
    return page.goto(reverse("challenges:list"))


WAYS = {broken_address: 400, forbidden: 403, forged: 403, missing: 404, broken: 500}


@pytest.fixture
def broken_lists(monkeypatch):
    def fail(self):
        raise RuntimeError("the list is broken for a test")

    monkeypatch.setattr(ChallengeList, "get_queryset", fail)


@pytest.mark.parametrize(("way", "status"), WAYS.items(), ids=[way.__name__ for way in WAYS])
def test_error_page(page, watch, sign_in, broken_lists, way, status):
    watch.expect(status)
    response = way(page, sign_in)
    assert response.status == status
    assert checks.faults(page, response.text()) == {}
