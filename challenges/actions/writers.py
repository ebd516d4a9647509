"""Who has a part of an answer open: the only writer of `Answer.writer` and its times.

The lease runs out by itself. It is a courtesy between colleagues; that no text is overwritten is
for `Answer.revision` to see to.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from ..locks import database_now
from ..models import Answer
from .guards import locked_draft

LEASE = timedelta(minutes=5)


def open_part(submission, criterion, *, by, at, answer=None):
    """Take the part for the person if nobody else has it. Returns the answer as it then is.

    `at` is the database's time, `answer` the row if it has been read. Of two who ask at once, one
    gets it.
    """
    if answer is None:
        answer, _new = Answer.objects.get_or_create(submission=submission, criterion=criterion)
    free = Q(writer=None) | Q(writer=by) | Q(writing_until__lte=at)
    if take(Answer.objects.filter(free, pk=answer.pk), by, at):
        answer.writer, answer.writing_since, answer.writing_until = by, at, at + LEASE
        return answer
    return Answer.objects.select_related("writer", "saved_by").get(pk=answer.pk)


@transaction.atomic
def take_over(submission, criterion, *, by):
    """Take the part from whoever has it. What they have not saved is kept beside when they do."""
    submission = locked_draft(submission, by)
    answers = Answer.objects.filter(submission=submission, criterion=criterion)
    take(answers, by, database_now())


def leave_part(submission, criterion, *, by, since=None):
    """Give the part back. With `since`, only if it has not been opened again meanwhile."""
    held = Answer.objects.filter(submission=submission, criterion=criterion, writer=by)
    if since is not None:
        held = held.filter(writing_since=since)
    held.update(writer=None, writing_since=None, writing_until=None)


def renew(answer, *, by):
    """Go on writing: hold the part for another while."""
    now = database_now()
    since = answer.writing_since if answer.writer_id == by.pk and answer.writing_since else now
    Answer.objects.filter(pk=answer.pk).update(
        writer=by, writing_since=since, writing_until=now + LEASE
    )


def take(answers, by, now):
    return answers.update(writer=by, writing_since=now, writing_until=now + LEASE)
