"""Who is told what happens to a published challenge. Nobody sees who they are, or how many."""

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone

from afori.accounts.models import Membership
from afori.notifications.following import followers
from afori.notifications.registry import Kind, register

from ..models import Challenge, Submission, SubmissionAuthor

FOLLOWED = "challenge"


def watchers(challenge):
    """Those who follow it and those who write an answer to it, each once, in one query. Once it is
    closed also those to whom an answer is left.
    """
    authors = SubmissionAuthor.objects.active().filter(submission__challenge=challenge)
    return get_user_model().objects.filter(
        Q(pk__in=followers(FOLLOWED, challenge).values("pk"))
        | Q(pk__in=authors.order_by().values("user"))
        | Q(pk__in=heirs(challenge).values("user")),
        is_active=True,
    )


def heirs(challenge):
    """Administrators of organisations where nobody who wrote the answer is left."""
    closed = Submission.objects.filter(challenge__closes_at__lt=timezone.now())
    left = closed.left().answering(challenge).order_by()
    return Membership.objects.admins().filter(
        Q(organisation__in=left.values("organisation"))
        | Q(organisation__in=left.values("organisation__merged_into"))
    )


def responsible(submissions):
    """For each submission, by its key, those who write it still, or else the administrators of the
    organisation, who can take it over.
    """
    found = {}
    active = SubmissionAuthor.objects.active().filter(submission__in=submissions)
    for author in active.filter(user__is_active=True).select_related("user").order_by("pk"):
        found.setdefault(author.submission_id, []).append(author.user)
    left = Submission.objects.filter(pk__in=submissions).exclude(pk__in=found)
    for submission in left.select_related("organisation__merged_into"):
        admins = submission.home.memberships.admins().select_related("user")
        found[submission.pk] = [one.user for one in admins]
    return found


def team(challenge):
    """Those who work on the challenge and still belong to its owner."""
    people = get_user_model().objects.filter(is_active=True)
    return people.filter(pk__in=challenge.team.active().order_by().values("user"))


def published_among(model, path=""):
    """The rule for many subjects at once: they belong to a challenge that anyone may read."""

    def visible_among(user, ids):
        states = {f"{path}state__in": Challenge.PUBLIC_STATES}
        return model._default_manager.filter(pk__in=ids, **states).values_list("pk", flat=True)

    return visible_among


def watched(name, model, text, *, path="", **fields):
    """A kind for `watchers`. Sealed: the list of mails would tell staff who answers or follows.

    `path` leads from the subject to its challenge, as "challenge__".
    """
    return register(
        Kind(
            name=f"challenges.{name}",
            model=model,
            text=text,
            mail=f"challenges/{name}",
            sealed=True,
            **{
                "visible_among": published_among(model, path),
                "related": tuple(filter(None, [path.removesuffix("__")])),
                **fields,
            },
        )
    )
