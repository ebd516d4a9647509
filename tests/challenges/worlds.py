"""The same arena twice: with k answers to a challenge, and with more. Who may tell the difference?

A world is made in a savepoint, looked at through everybody's eyes, and taken back, so that what
both have in common has the same keys, tokens and times in both.
"""

import re
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pgtrigger
import time_machine
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from afori.notifications.models import Notification, OutgoingMail
from challenges import actions
from challenges.models import Challenge, Decision, OpenedAnswer
from tests import factories as make
from tests.cast import employee
from tests.matrix.arena import elsewhere, in_state, leave, people
from tests.matrix.places import address, patterns

from . import support

# Where a challenge or what people do may show. Addresses of one's own answer are their authors'.
TELLING = (
    *("home", "search", "sitemap", "my_pages", "my_list", "networks:detail", "networks:room"),
    *("networks:need", "organisations:list", "organisations:detail", "notifications:list"),
    *("events:list", "accounts:my_data", "accounts:account_delete", "accounts:members"),
)
AUTHORS = ("supplier", "colleague", "superuser")
CHANGING = re.compile(
    rb'(name="csrfmiddlewaretoken" value="|nonce="|data-csrf="|data-since=")[^"]+'
)
# What every world makes anew: random tokens, the random keys of mails, which are in no order, and
# the numbers of the opening, its approvals and a challenge's history, as many in every world.
ANEW = re.compile(
    rb"(?<=/notiser/oppna/)[a-z0-9]+|(?<=/outgoingmail/)\d+"
    rb'|(?<=name="_selected_action" value=")\d{9,}|challenges\.[a-z_]+:\d+'
    rb'|(?<=name="old" value=")\d+|(?<=name="new" value=")\d+|(?<=/history/)\d+'
)
MAILS = "/notifications/outgoingmail/"
NONCE = re.compile(r"'nonce-[^']+'")
ASKING = [
    *("submission__isnull=False", "submissions__isnull=False", "%2B__isnull=False"),
    *("%2B__pk__gt=0", "authored_submissions__isnull=False", "submissionauthor__isnull=False"),
    *("answer__isnull=False", "authors__isnull=False", "versions__isnull=False"),
    *("openedanswer__isnull=False", "opening__answers__isnull=False", "approvals__isnull=False"),
]


def prepared(cast):
    """The cast around one open challenge that the supplier has answered, and three who may."""
    people(cast)
    cast.things = in_state(cast, "open")
    cast.challenge = cast.things.challenge
    cast.by_state = {"open": cast.things}
    leave(cast.former)
    elsewhere(cast)
    ContentType.objects.get_for_models(*admin.site._registry)
    companies = [make.OrganisationFactory() for _each in range(3)]
    cast.more = [(company, employee(company)) for company in companies]
    cast.closes_at = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=1)
    return cast


@contextmanager
def world(cast):
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    cast.challenge.refresh_from_db()


def answer_more(cast):
    """One more submits again and again with a file and partners, one withdraws, one drafts."""
    drafts = []
    for company, author in cast.more:
        draft = actions.start_submission(cast.challenge, organisation=company, by=author)
        support.fill(draft, by=author)
        actions.save_partners(draft, language="sv", partners="Kompanjonen AB", by=author)
        actions.add_file(draft, support.upload(), by=author)
        drafts.append(draft)
    for draft, (_company, author) in zip(drafts[:2], cast.more, strict=False):
        for _time in range(2):
            support.submit_anew(draft, by=author)
    actions.withdraw(drafts[1], by=cast.more[1][1])
    cast.late = (drafts[2], cast.more[2][1])


def refuse_late(cast):
    draft, author = cast.late
    try:
        actions.submit(draft, submit_key=uuid4(), by=author)
    except actions.TooLate:
        return
    raise AssertionError("not refused")


def close(cast):
    times = {"closes_at": cast.closes_at, "opens_at": cast.closes_at - timedelta(days=2)}
    with pgtrigger.ignore():
        Challenge.objects.filter(pk=cast.challenge.pk).update(**times, questions_until=None)
    cast.challenge.refresh_from_db()
    support.promise_again(cast.challenge)


def open_answers(cast):
    for person in (cast.opener, cast.second):
        support.approve(cast.challenge, person)
    actions.open_submissions(cast.challenge)


def send_decisions(cast):
    """Everybody who answered is told, in every world at the same time, and the public waits."""
    for answer in OpenedAnswer.objects.filter(opening__challenge=cast.challenge):
        support.decided(answer, cast.team)
    actions.send_decisions(cast.challenge, by=cast.team)
    Challenge.objects.filter(pk=cast.challenge.pk).update(decisions_sent_at=cast.closes_at)
    Decision.objects.update(sent_at=cast.closes_at)


def seen(client, url):
    """All that an answer tells: status, headers, body, and how much the database was asked."""
    caches["process"].clear()
    connection.queries_log.clear()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
        streamed = response.streaming and b"".join(response.streaming_content)
    body = streamed or b"" if response.streaming else response.content
    body = unzipped(body) if body.startswith(b"PK") else body
    body = ANEW.sub(b"", CHANGING.sub(b"", body))
    if MAILS in url:
        body = sorted(body.split(b"<tr"))
    headers = {name: NONCE.sub("", value) for name, value in response.headers.items()}
    headers.pop("Content-Length", None)
    return response.status_code, headers, body, len(queries)


def unzipped(content):
    """What is in a file of Excel, but for when it was made."""
    with ZipFile(BytesIO(content)) as book:
        return b"\n".join(name.encode() + book.read(name) for name in book.namelist())


def everything_seen(cast, sign_in, role):
    """What a person finds at every address, in their notifications and in their mails."""
    person = getattr(cast, role)
    client = sign_in(person)
    found = {url: seen(client, url) for url in addresses(cast, role)}
    if person:
        told = Notification.objects.filter(user=person).order_by("pk")
        found["notifications"] = list(told.values_list("kind", flat=True))
        mails = OutgoingMail.objects.filter(address=person.email)
        found["mails"] = sorted(mails.values_list("kind", flat=True))
    return found


def addresses(cast, role):
    found = {reverse("challenges:list") + "?q=Utmaning&status=open"}
    found.add(reverse("search") + "?q=Utmaning")
    for name, pattern in patterns():
        is_told = name in TELLING or name.startswith("challenges:")
        if is_told and (role in AUTHORS or "reference" not in pattern.pattern.converters):
            found.add(address(cast, "open", name, pattern))
    if role == "superuser":
        found.update(admin_addresses(cast))
    return sorted(found)


def admin_addresses(cast):
    """Lists, also when asked for what has answers, their exports, and the pages of all that
    answers hang on.
    """
    things = [cast.challenge, cast.company, cast.supplier, cast.challenge.criteria.first()]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        changes = reverse(f"{name}_changelist")
        yield changes
        yield from (f"{changes}export/?format={kind}" for kind in ("csv", "xlsx"))
        if model in (type(thing) for thing in things):
            yield from (f"{changes}?{query}" for query in ASKING)
        for thing in things:
            if isinstance(thing, model):
                yield from (
                    reverse(f"{name}_{page}", args=[thing.pk])
                    for page in ("change", "delete", "history")
                )
    yield reverse("admin:index")


def compare(arena, sign_in, roles, *steps):
    """Look at everything in a world as it is and in one with more answers, as each of the roles.
    Returns what differs, and how many pages those could read who could read least.
    """
    with time_machine.travel(timezone.now(), tick=False):
        few, many = (look(arena, sign_in, roles, steps, more) for more in (False, True))
    readable = [sum(one[0] == 200 for one in pages(few[role])) for role in roles]
    return list(differences(few, many)), min(readable)


def look(arena, sign_in, roles, steps, more):
    with world(arena):
        if more:
            answer_more(arena)
        for step in steps:
            step(arena)
        if more and steps:
            refuse_late(arena)
        return {role: everything_seen(arena, sign_in, role) for role in roles}


def pages(found):
    return [one for one in found.values() if isinstance(one, tuple)]


def differences(few, many):
    parts = ("status", "headers", "body", "queries")
    for role, found in few.items():
        for url, before in found.items():
            after = many[role][url]
            if before != after:
                named = isinstance(before, tuple)
                which = [parts[i] for i in range(4) if named and before[i] != after[i]]
                yield role, url, which or (before, after)
