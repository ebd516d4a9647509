"""Digests: planned in sets, composed together and sent, against a bare loop that renders the same
templates for each mail and sends it to the same mail server over one connection a chunk.
"""

import resource
import time

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection
from django.template import Context
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from afori.accounts.models import User
from afori.common.clock import database_now
from afori.notifications import outbox, planning, waking
from afori.notifications.digest import FRAME
from afori.notifications.letters import template
from afori.notifications.models import Follow, OutgoingMail, Reader
from afori.notifications.spreading import spread
from challenges.notifications import ANNOUNCED
from tests import factories as make
from tests.notifications.digests.support import DAY, tell
from tests.notifications.mail_server import running

from .servers import compared

READERS, ROUNDS, EACH, NEWS = 10_000, 3, 1_000, 4


def readers(number):
    """People who follow a network and a topic with news, none of which they have been told."""
    now = database_now()
    network, topic = make.NetworkFactory(), make.TopicFactory()
    people = User.objects.bulk_create(
        User(email=f"reader{one}@example.org", name="Läsare") for one in range(number)
    )
    made = Reader.objects.bulk_create(
        Reader(user=person, confirmed_at=now, told_until=now, deadlines_until=now)
        for person in people
    )
    for kind, subject in (("network", network), ("topic", topic)):
        Follow.objects.bulk_create(
            Follow(reader=reader, kind=kind, subject_id=subject.pk) for reader in made
        )
    for days in (5, 60, 60, 60):
        closes = timezone.now() + days * DAY
        challenge = make.ChallengeFactory(network=network, closes_at=closes, summary_sv="Vi söker.")
        challenge.topics.add(topic)
        tell(ANNOUNCED, challenge)
    spread()


def planned(number):
    """Let a number of digests be due and plan them."""
    due = Reader.objects.filter(digests=None).values("pk")[:number]
    Reader.objects.filter(pk__in=list(due.values_list("pk", flat=True))).update(
        next_at=database_now()
    )
    return planning.plan()


def sent(number):
    """Mails a second and milliseconds of computing for each, of the portal's own way."""
    assert planned(number) == number
    return timed(outbox.drain, number)


def bare(number):
    context = {
        "title": "4 nyheter",
        "text": "Ny utmaning",
        "url": "http://x/",
        "reason": "Du följer.",
    }

    def loop():
        for _chunk in range(number // outbox.DIGESTS):
            with get_connection() as server:
                for _mail in range(outbox.DIGESTS):
                    bare_mail(context, server).send()

    return timed(loop, number)


def bare_mail(context, server):
    rows = [
        "".join(
            template(f"emails/rows/row.{kind}").render(Context(context)) for _row in range(NEWS)
        )
        for kind in ("txt", "html")
    ]
    text, html = (
        template(name).render(Context({**context, "content": content}))
        for name, content in zip(FRAME, rows, strict=True)
    )
    mail = EmailMultiAlternatives(
        "4 nyheter", text, "a@example.org", ["b@example.org"], connection=server
    )
    mail.attach_alternative(html, "text/html")
    return mail


def timed(work, number):
    started, computed = time.perf_counter(), time.process_time()
    work()
    took, computing = time.perf_counter() - started, time.process_time() - computed
    return number / took, computing * 1000 / number


@pytest.mark.django_db(transaction=True)
def test_digests(settings, monkeypatch):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = (
        "127.0.0.1",
        "",
        "",
    )
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    monkeypatch.setattr(waking, "publish", lambda: None)
    monkeypatch.setattr(outbox, "SHIFT", 3600)
    readers(READERS)
    with running() as server:
        settings.EMAIL_PORT = server.port
        server.keep = lambda recipient, content: None
        compared("digests", ROUNDS, lambda: sent(EACH), lambda: bare(EACH))
        whole(READERS - (ROUNDS + 1) * EACH)


def whole(number):
    """The rest at once: how long planning and sending take, what memory, how many queries."""
    before, started = peak(), time.perf_counter()
    assert planned(number) == number
    plan_took = time.perf_counter() - started
    with CaptureQueriesContext(connection) as queries:
        outbox.composed_together(outbox.claim())
    composing = len(queries) - 5  # the claim's own
    OutgoingMail.objects.filter(state="sending").update(state="queued", lease_until=None)
    started = time.perf_counter()
    outbox.drain()
    took = time.perf_counter() - started
    assert not OutgoingMail.objects.exclude(state="sent").exists()
    print(f"{number} planned in {plan_took:.1f} s, sent in {took:.1f} s")
    print(f"{composing} queries to compose a chunk; peak {before} -> {peak()} MB")


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
