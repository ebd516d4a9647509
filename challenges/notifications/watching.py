"""Who is told what happens to a published challenge. Nobody sees who they are, or how many."""

from django.contrib.auth import get_user_model
from django.db.models import Q

from afori.notifications.following import followers
from afori.notifications.registry import Kind, register

from ..models import Challenge, SubmissionAuthor

FOLLOWED = "challenge"


def watchers(challenge):
    """Those who follow it and those who write an answer to it, each once, in one query."""
    authors = SubmissionAuthor.objects.active().filter(submission__challenge=challenge)
    return get_user_model().objects.filter(
        Q(pk__in=followers(FOLLOWED, challenge).values("pk"))
        | Q(pk__in=authors.order_by().values("user")),
        is_active=True,
    )


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
