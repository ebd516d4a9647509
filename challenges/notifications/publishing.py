"""What watchers are told of changes, and the team of how its challenge fares."""

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from afori.notifications.registry import Kind, register

from ..changes import with_changes
from ..models import Amendment, Challenge
from .watching import watched


def told(amendment):
    """The changes in words, for the mail."""
    [amendment] = with_changes([amendment], get_language())
    return {"title": amendment.title, "changes": amendment.changes}


AMENDED = watched(
    "amended",
    Amendment,
    lambda one: _("“%(challenge)s” has changed.") % {"challenge": one.challenge.title},
    url=lambda one: reverse("challenges:amendments", args=[one.challenge.slug]) + f"#{one.anchor}",
    context=told,
)


def of_own_team(user, ids):
    return Challenge.objects.of_team(user).filter(pk__in=ids).values_list("pk", flat=True)


def for_team(name, text, url, **fields):
    return register(
        Kind(
            name=f"challenges.{name}",
            model=Challenge,
            text=lambda challenge: text() % {"challenge": challenge.title},
            url=lambda challenge: reverse(url, args=[challenge.slug]),
            mail=f"challenges/{name}",
            visible_among=of_own_team,
            **fields,
        )
    )


def asked(challenge):
    return {"requests": challenge.change_requests.unsettled()}


CHANGES_ASKED = for_team(
    "changes_asked",
    lambda: _("The editors ask for changes in “%(challenge)s”."),
    "challenges:work",
    context=asked,
)
APPROVED = for_team(
    "approved",
    lambda: _("“%(challenge)s” is approved. You can publish it."),
    "challenges:publishing",
)
PUBLISHED = for_team("published", lambda: _("“%(challenge)s” is published."), "challenges:detail")
NOT_PUBLISHED = for_team(
    "not_published",
    lambda: _("“%(challenge)s” could not be published."),
    "challenges:publishing",
)
