"""Text that comes without a log-in or a token is given back to whoever typed it, and to no site."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from .support import on_team

OURS = {"HTTP_ORIGIN": "http://testserver", "HTTP_SEC_FETCH_SITE": "same-origin"}
FOREIGN = {
    "another origin": {"HTTP_ORIGIN": "https://evil.example"},
    "no origin at all": {"HTTP_ORIGIN": "null"},
    "a link from elsewhere": {"HTTP_REFERER": "https://evil.example/"},
    "cross-site": {"HTTP_SEC_FETCH_SITE": "cross-site"},
    "same-site": {"HTTP_ORIGIN": "http://testserver", "HTTP_SEC_FETCH_SITE": "same-site"},
}
TEXT = {"text_sv": "Vi lägger ner"}


@pytest.fixture
def cancel(arena):
    on_team(arena.challenge, arena.owner)
    return reverse("challenges:cancel", args=[arena.challenge.slug])


@pytest.mark.parametrize("logged_in", [False, True])
@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
def test_what_another_site_sends_comes_not_back(arena, cancel, headers, logged_in):
    browser = Client(enforce_csrf_checks=True)
    if logged_in:
        browser.force_login(arena.owner)
    page = browser.post(cancel, TEXT, **headers)

    assert page.status_code == 403
    assert "<h1>Formuläret skickades inte</h1>" in page.content.decode()
    assert "lägger ner" not in page.content.decode()
    assert "csrfmiddlewaretoken" not in page.content.decode()


def test_what_one_types_oneself_comes_back_with_a_token(arena, cancel):
    browser = Client(enforce_csrf_checks=True)
    page = browser.post(cancel, TEXT, **OURS)
    token = re.search('csrfmiddlewaretoken" value="([^"]+)', page.content.decode())[1]
    browser.force_login(arena.owner)
    browser.post(cancel, TEXT | {"csrfmiddlewaretoken": token}, **OURS)

    arena.challenge.refresh_from_db()
    assert page.context["typed"] == [("text_sv", "Vi lägger ner")]
    assert arena.challenge.state == "cancelled"


def test_what_decides_something_is_chosen_again(arena, client):
    name = {"panel": {"has_conflict": "no"}, "amendment": {"then": "publish", "seen": "0"}}
    hidden = [
        client.post(reverse(f"challenges:{step}", args=[arena.challenge.slug]), data, **OURS)
        for step, data in name.items()
    ]
    assert [page.context["hidden"] for page in hidden] == [[], [("seen", "0")]]


def test_over_https_a_form_says_where_it_comes_from(cancel, client):
    page = client.post(cancel, TEXT, secure=True)
    assert page.status_code == 403
    assert "lägger ner" not in page.content.decode()
