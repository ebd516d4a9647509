"""Nobody but its authors learns of an answer, or that there is one."""

import re

import pytest
import time_machine
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from afori.accounts.actions import leave_organisation
from afori.common.states import Refused
from afori.notifications.models import Notification
from challenges import actions, models
from challenges.models import Submission

from .support import fill, submit

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
