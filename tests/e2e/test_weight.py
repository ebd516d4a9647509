"""What a first visit costs: 150 kB in all, 40 kB of HTML in a list, nothing from elsewhere."""

import gzip

import brotli
import pytest
from django.urls import reverse

PAGE, LIST = 150_000, 40_000
LISTS = [
    "challenges:list",
    "networks:list",
    "networks:needs",
    "knowledge:list",
    "funding:list",
    "events:list",
    "organisations:list",
    "knowledge:theme_weeks",
]
BROTLI = ("text/css", "text/javascript", "application/javascript", "image/svg+xml")


@pytest.fixture
def fetched(page):
    """The answers that the browser has got."""
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    return answers


def weight(response):
    """Bytes over the wire: files are compressed once, by brotli; pages as they go, by gzip."""
    kind, body = response.headers.get("content-type", "").partition(";")[0], response.body()
    if kind in BROTLI:
        return len(brotli.compress(body))
    return len(gzip.compress(body)) if kind == "text/html" else len(body)


@pytest.mark.usefixtures("language")
@pytest.mark.parametrize("name", ["home", *LISTS])
def test_first_visit(page, fetched, name):
    page.goto(reverse(name))
    page.evaluate("() => document.fonts.ready.then(() => {})")
    weights = {answer.url: weight(answer) for answer in fetched if answer.status < 300}
    assert len(weights) > 5
    assert sum(weights.values()) <= PAGE, weights
    if name in LISTS:
        assert len(fetched[0].body()) <= LIST
