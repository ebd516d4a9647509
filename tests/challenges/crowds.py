"""Many answers ready to submit, made in a few statements."""

from itertools import islice
from uuid import uuid4

from django.utils import timezone

from afori.accounts.models import Membership, Organisation, User
from challenges.actions.opening import letters
from challenges.models import (
    Answer,
    Consensus,
    OpenedAnswer,
    Submission,
    SubmissionAuthor,
    SubmissionVersion,
)


def ready_drafts(challenge, number, *, text="Ett kort svar", prefix="bolag"):
    """(submission, its author) for that many new organisations with one person each."""
    names = [f"{prefix}-{each}" for each in range(number)]
    organisations = Organisation.objects.bulk_create(
        Organisation(name=name, slug=name, kind="company") for name in names
    )
    people = User.objects.bulk_create(
        User(email=f"{name}@example.org", name=name, password="!") for name in names
    )
    pairs = list(zip(organisations, people, strict=True))
    now = timezone.now()
    Membership.objects.bulk_create(
        Membership(user=user, organisation=organisation, state="active", decided_at=now)
        for organisation, user in pairs
    )
    submissions = Submission.objects.bulk_create(
        Submission(challenge=challenge, organisation=organisation) for organisation in organisations
    )
    ready = list(zip(submissions, people, strict=True))
    SubmissionAuthor.objects.bulk_create(
        SubmissionAuthor(submission=submission, user=user) for submission, user in ready
    )
    Answer.objects.bulk_create(
        Answer(submission=submission, criterion=criterion, text=text, revision=1)
        for submission in submissions
        for criterion in challenge.criteria.all()
    )
    return ready


def opened_answers(opening, number, *, by):
    """That many more answers as if they had been opened, each agreed on but with no text."""
    before = opening.answers.count()
    drafts = ready_drafts(opening.challenge, number, prefix=f"bolag-{before}")
    versions = SubmissionVersion.objects.bulk_create(
        SubmissionVersion(
            submission=submission,
            number=1,
            submit_key=uuid4(),
            received_at=opening.opened_at,
            received_from=user,
            manifest="[]",
            sha256="0" * 64,
            audit_head="0" * 64,
        )
        for submission, user in drafts
    )
    answers = OpenedAnswer.objects.bulk_create(
        OpenedAnswer(opening=opening, submission=version.submission, version=version, letter=letter)
        for version, letter in zip(
            versions, islice(letters(), before, before + number), strict=True
        )
    )
    Consensus.objects.bulk_create(
        Consensus(answer=answer, criterion=criterion, value=place % 6, reason="Ja", by=by)
        for place, answer in enumerate(answers)
        for criterion in opening.challenge.criteria.all()
    )
    return answers
