"""Nobody but its authors learns of an answer, or that there is one."""

import base64
import logging
import re
from uuid import uuid4

import pytest
import time_machine
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from afori.accounts.actions import leave_organisation
from afori.common.states import Refused
from afori.notifications import outbox
from afori.notifications.models import Notification
from challenges import actions, models
from challenges.models import Submission
from tests import factories as make

from .support import closes, fill, submit, text_of

pytestmark = pytest.mark.django_db

OTHERS = [
    *["stranger", "user", "rival", "buyer", "member", "coordinator", "owner", "staff", "superuser"],
    "colleague",
]
CHANGING = re.compile(rb'(name="csrfmiddlewaretoken" value="|nonce="|data-csrf=")[^"]+')


def seen(client, address):
    response = client.get(address)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    location = response.headers.get("Location")
    return response.status_code, location, CHANGING.sub(b"", body)


def test_colleague_learns_only_that_there_are_colleagues(arena, draft, sign_in):
    """The same whatever state the answer is in, and no names."""
    address = reverse("challenges:answer", args=[arena.challenge.slug])
    client = sign_in(arena.colleague)
    with time_machine.travel(timezone.now(), tick=False):
        while_draft = seen(client, address)
        submit(draft, by=arena.supplier)
        submitted = seen(client, address)
        actions.withdraw(draft, by=arena.supplier)
        withdrawn = seen(client, address)

    assert while_draft == submitted == withdrawn
    assert "sköter svaret".encode() in while_draft[2]
    assert arena.supplier.name.encode() not in while_draft[2]
    assert draft.reference.encode() not in while_draft[2]


def test_colleague_cannot_start_a_second_answer(arena, draft):
    with pytest.raises(Refused):
        actions.start_submission(arena.challenge, organisation=arena.company, by=arena.colleague)
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("role", OTHERS)
def test_visible_to_authors_alone(arena, draft, role):
    person = getattr(arena, role) or AnonymousUser()
    assert list(Submission.objects.visible_to(person)) == []
    assert list(Submission.objects.visible_to(arena.supplier)) == [draft]


def test_removed_member_loses_access_with_the_next_request(arena, draft, sign_in):
    client = sign_in(arena.supplier)
    assert client.get(draft.get_absolute_url()).status_code == 200

    leave_organisation(arena.company, by=arena.supplier)

    assert client.get(draft.get_absolute_url()).status_code == 404
    with pytest.raises(Refused):
        submit(draft, by=arena.supplier)


def test_administrator_takes_over_when_no_author_is_left(arena, draft):
    leave_organisation(arena.company, by=arena.supplier)
    with pytest.raises(Refused):
        actions.start_submission(arena.challenge, organisation=arena.company, by=arena.colleague)

    arena.colleague.memberships.update(role="admin")
    colleague = type(arena.colleague).objects.get(pk=arena.colleague.pk)
    taken = actions.start_submission(arena.challenge, organisation=arena.company, by=colleague)

    assert taken == draft
    assert list(Submission.objects.visible_to(colleague)) == [draft]


def test_nothing_of_answers_is_in_admin_history_or_permissions():
    sealed = {
        models.Submission,
        models.SubmissionAuthor,
        models.SubmissionFile,
        models.SubmissionVersion,
        models.Answer,
        models.SetAside,
        models.Attempt,
    }
    assert not sealed & set(admin.site._registry)
    for model in sealed:
        assert not hasattr(model, "pgh_event_model")
        assert model._meta.default_permissions == ()


def test_only_authors_are_told(arena, two):
    submit(two.draft, by=two.one)
    told = Notification.objects.filter(kind__startswith="challenges.")
    assert {each.user for each in told} == {two.one, two.other}


CANARY = {
    "text": "Kanariefågeln sjunger 7f3a9c1d",
    "partners": "Hemlig Partner 51bd0e77 AB",
    "name": "hemligskiss-c0ffee42.txt",
    "content": "Innehållet bär märket 9e8d7c6b",
}


def forms_of(word):
    raw = word.encode()
    middle = base64.b64encode(raw)[4:-4].decode()
    return [word, raw.hex(), raw.hex().upper(), middle]


def test_no_canary_in_database_files_logs_or_mails(
    arena, sign_in, media, caplog, mailoutbox, django_capture_on_commit_callbacks
):
    caplog.set_level(logging.DEBUG)
    client = sign_in(arena.supplier)
    client.post(reverse("challenges:answer", args=[arena.challenge.slug]))
    draft = Submission.objects.get()
    args = [arena.challenge.slug, draft.reference]
    for criterion in arena.criteria:
        part = reverse("challenges:answer_edit", args=[*args, criterion.position])
        client.post(part, {"text": CANARY["text"], "revision": 0})
        client.post(part, {"text": f"{CANARY['text']} igen", "revision": 0})
        client.post(f"{part}spara/", {"text": CANARY["text"], "revision": 1})
    client.post(
        reverse("challenges:partners", args=args),
        {"language": "sv", "partners": CANARY["partners"]},
    )
    file = SimpleUploadedFile(CANARY["name"], CANARY["content"].encode())
    client.post(reverse("challenges:files", args=args), {"file": file})
    client.logout()
    client.post(reverse("challenges:partners", args=args), {"partners": CANARY["partners"]})
    submit(draft, by=arena.supplier, key=uuid4())
    actions.withdraw(draft, by=arena.supplier)
    closes(arena.challenge, seconds=-1)
    with pytest.raises(actions.TooLate):
        submit(draft, by=arena.supplier)
    outbox.drain()

    assert text_of(draft.versions.get()).count(CANARY["text"]) == 2
    assert len(draft.files.all()) == 1
    assert len(mailoutbox) == 3
    everything = dump() + caplog.text + "".join(mail_texts(mailoutbox))
    everything += "".join(path.read_bytes().hex() for path in media.rglob("*") if path.is_file())
    everything += "".join(str(path) for path in media.rglob("*"))
    found = [word for word in CANARY.values() for form in forms_of(word) if form in everything]
    assert found == []


def mail_texts(mails):
    for mail in mails:
        yield mail.subject + mail.body
        yield from (content for content, _kind in mail.alternatives)


def dump():
    """Every column of every table as text; binary ones in hexadecimal."""
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows)


def test_canary_would_be_found(arena):
    """The search of the test above finds what is not encrypted."""
    make.TopicFactory(name_sv=CANARY["text"])
    assert CANARY["text"] in dump()


def test_answering_leaves_no_trace_in_the_history(arena, sign_in):
    client = sign_in(arena.supplier)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pghistory_context")
        [before] = cursor.fetchone()
    client.post(reverse("challenges:answer", args=[arena.challenge.slug]))
    draft = Submission.objects.get()
    fill(draft, by=arena.supplier)
    args = [arena.challenge.slug, draft.reference]
    page = client.get(reverse("challenges:submit", args=args)).context["form"].initial
    page["confirmed"] = "on"
    client.post(reverse("challenges:submit", args=args), page)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pghistory_context")
        [after] = cursor.fetchone()

    assert draft.versions.count() == 1
    assert before == after
