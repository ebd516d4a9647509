"""Bounces that a mail provider posts: only what it has signed, only once, and no answer tells."""

import json
import time

import pytest
import time_machine
from django.test import Client

from afori.notifications.models import MailAddress
from afori.notifications.webhook import MOST_BYTES, signed
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ADDRESS = "mona@kommun.example"
PATH = "/e-post/studs/"
SECRET = "a secret of thirty-two letters or more"


@pytest.fixture(autouse=True)
def _secret(settings):
    settings.AFORI_BOUNCE_SECRET = SECRET


def told(**changes):
    return {"id": "one", "address": ADDRESS, "kind": "hard", **changes}


def post(content, *, stamp=None, shift=0, secret=SECRET, signature=None, **extra):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    stamp = stamp or int(time.time()) + shift
    right = f"t={stamp},v1={signed(stamp, body, secret)}"
    header = right if signature is None else signature
    extra = {"content_type": "application/json", **extra}
    client = Client(enforce_csrf_checks=True)
    return client.post(PATH, body, headers={"X-Afori-Signature": header}, **extra)


def points():
    return dict(MailAddress.objects.values_list("address", "points"))


@pytest.mark.parametrize(("kind", "expected"), [("hard", 2), ("soft", 1)])
def test_signed_report_is_counted(kind, expected):
    assert post(told(kind=kind)).status_code == 204
    assert points() == {ADDRESS: expected}


def test_the_same_report_counts_once():
    assert [post(told()).status_code for _ in range(2)] == [204, 409]
    assert points() == {ADDRESS: 2}


def test_answer_is_the_same_for_known_and_unknown_addresses():
    UserFactory(email=ADDRESS)
    known, unknown, none = (
        post(told(id=number, address=address))
        for number, address in [("1", ADDRESS), ("2", "nobody@x.example"), ("3", "no address")]
    )
    for other in (unknown, none):
        assert (other.status_code, other.content) == (known.status_code, known.content)
        assert other.headers.keys() == known.headers.keys()


@pytest.mark.parametrize(
    "forged",
    [
        {"secret": "another secret of thirty-two letters"},
        {"signature": ""},
        {"signature": "t=1,v1=0"},
        {"signature": f"t=1,v1={'é' * 64}"},
        {"signature": f"t=99999999999999999999,v1={'0' * 64}"},
        {"shift": -400},
        {"shift": 400},
    ],
)
def test_what_is_not_signed_just_now_is_refused(forged):
    assert post(told(), **forged).status_code == 403
    assert points() == {}


def test_old_request_is_refused_when_sent_again():
    stamp = int(time.time())
    with time_machine.travel(stamp + 301):
        assert post(told(), stamp=stamp).status_code == 403


def test_signature_of_another_body_is_refused():
    stamp, body = int(time.time()), json.dumps(told()).encode()
    signature = f"t={stamp},v1={signed(stamp, body, SECRET)}"
    assert post(told(kind="soft"), signature=signature).status_code == 403


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"[" * MOST_BYTES,
        b'{"id": "\\ud800", "address": "a@b.se", "kind": "hard"}',
        b"\xff",
        told(kind="other"),
        told(kind=[]),
        told(id=""),
        told(id=7),
        told(address=None),
        told(id="x" * 1_000),
        {"address": ADDRESS},
    ],
)
def test_what_is_not_in_the_format_is_refused(content):
    assert post(content).status_code == 400
    assert points() == {}


def test_zero_byte_in_an_address_is_no_address():
    assert post(told(address="a\x00@b.se")).status_code == 204
    assert points() == {}


def test_long_body_is_refused():
    assert post(told(more="x" * MOST_BYTES)).status_code == 413


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "text/plain", "rubbish"])
def test_other_types_of_content_do_no_harm(kind):
    assert post(told(), content_type=kind).status_code in (204, 400, 403)


def test_there_is_nothing_to_read(client):
    assert client.get(PATH).status_code == 405


@pytest.mark.parametrize("method", ["get", "post"])
def test_not_there_without_a_secret(client, settings, method):
    settings.AFORI_BOUNCE_SECRET = ""
    assert getattr(client, method)(PATH).status_code == 404
    assert post(told(), secret="").status_code == 404


def test_limit_holds_for_what_is_forged_too(settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "bounce_report": "2/m/ip"}
    statuses = [post(told(), signature="x").status_code for _ in range(3)]
    assert statuses == [403, 403, 429]
