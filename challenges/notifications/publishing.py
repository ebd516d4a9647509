"""What watchers are told of changes, and the team of how its challenge fares."""

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..changes import with_changes
from ..models import Amendment
from .watching import watched


def told(amendment):
    """The changes in words, for the mail."""
    [amendment] = with_changes([amendment], get_language())
    return {"title": amendment.title, "changes": amendment.changes}


AMENDED = watched(
    "amended",
    Amendment,
    lambda one: _("“%(challenge)s” has changed.") % {"challenge": one.challenge.title},
    path="challenge__",
    url=lambda one: reverse("challenges:amendments", args=[one.challenge.slug]) + f"#{one.anchor}",
    context=told,
)
