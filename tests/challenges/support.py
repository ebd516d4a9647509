"""Short ways to what tests of answers need."""

from datetime import timedelta
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from afori.common.files import checked
from challenges import actions
from challenges.locks import database_now
from challenges.models import Challenge


def fill(submission, *, by, text="Ett kort svar"):
    for criterion in submission.challenge.criteria.all():
        write(submission, criterion, text, by=by)


def write(submission, criterion, text, *, by):
    answer = submission.answers.filter(criterion=criterion).first()
    revision = answer.revision if answer else 0
    return actions.save_answer(submission, criterion, text, revision=revision, by=by).answer


def submit(submission, *, by, key=None):
    return actions.submit(submission, submit_key=key or uuid4(), by=by)


def upload(name="skiss.txt", content=b"En skiss"):
    return checked(SimpleUploadedFile(name, content))


def closes(challenge, **ago):
    """Let the challenge close that long from now, by the database's clock."""
    closes_at = database_now() + timedelta(**ago)
    Challenge.objects.filter(pk=challenge.pk).update(
        closes_at=closes_at, opens_at=closes_at - timedelta(days=2), questions_until=None
    )
    challenge.refresh_from_db()
    return closes_at
