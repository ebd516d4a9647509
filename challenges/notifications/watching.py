"""Who is told what happens to a published challenge. Nobody sees who they are, or how many."""

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from afori.accounts.models import Membership
from afori.notifications.groups import Group, register_group
from afori.notifications.models import Preference
from afori.notifications.news import News
from afori.notifications.registry import register

from ..models import Challenge, Submission, SubmissionAuthor

FOLLOWED = "challenge"
FOLLOWED_CHALLENGES = register_group(
    Group(
        name="followed_challenges",
        label=_("Challenges that you follow"),
        what=_("Changes, answers to questions, meetings, outcome and follow-up."),
        mail=Preference.Mail.AT_ONCE,
    )
)


def authors(challenge):
    """Those who write an answer to it: they are told whatever happens, followers or not. Once it
    is closed also those to whom an answer is left.
    """
    active = SubmissionAuthor.objects.active().filter(submission__challenge=challenge)
    return get_user_model().objects.filter(
        Q(pk__in=active.order_by().values("user")) | Q(pk__in=heirs(challenge).values("user")),
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

    def public_among(ids):
        states = {f"{path}state__in": Challenge.PUBLIC_STATES}
        return model._default_manager.filter(pk__in=ids, **states).values_list("pk", flat=True)

    return public_among


def challenge_of(subject, path):
    for name in filter(None, path.split("__")):
        subject = getattr(subject, name)
    return subject


def watched(name, model, text, *, path="challenge__", also=None, **fields):
    """News for those who follow or answer a challenge, and for `also(challenge)`. Sealed: the list
    of mails would tell staff who answers or follows.

    `path` leads from the subject to its challenge.
    """
    return register(
        News(
            name=f"challenges.{name}",
            model=model,
            text=text,
            mail=f"challenges/{name}",
            sealed=True,
            group=FOLLOWED_CHALLENGES,
            targets=lambda subject: [(FOLLOWED, challenge_of(subject, path).pk)],
            also=lambda subject: told_besides(subject, challenge_of(subject, path), also),
            **{
                "public_among": published_among(model, path),
                "related": tuple(filter(None, [path.removesuffix("__")])),
                **fields,
            },
        )
    )


def told_besides(subject, challenge, also):
    return authors(challenge) | also(subject) if also else authors(challenge)
