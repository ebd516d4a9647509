"""Many answers ready to submit, made in a few statements."""

from django.utils import timezone

from afori.accounts.models import Membership, Organisation, User
from challenges.models import Answer, Submission, SubmissionAuthor


def ready_drafts(challenge, number, *, text="Ett kort svar"):
    """(submission, its author) for that many new organisations with one person each."""
    names = [f"bolag-{each}" for each in range(number)]
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
