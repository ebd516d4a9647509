"""What people are told who get a part in a challenge."""

from django.urls import reverse
from django.utils.translation import gettext as _

from afori.notifications.registry import Kind, register

from ..models import Opener, Panelist, TeamMember


def own(rows):
    """The rule for many subjects at once: they name the person."""

    def visible_among(user, ids):
        return rows().filter(user_id=user.pk, pk__in=ids).values_list("pk", flat=True)

    return visible_among


def told(name, model, text, *, rows, url):
    return register(
        Kind(
            name=f"challenges.{name}",
            model=model,
            text=lambda subject: text() % {"challenge": subject.challenge.title},
            url=lambda subject: reverse(url, args=[subject.challenge.slug]),
            mail=f"challenges/{name}",
            related=("challenge__owner",),
            visible_among=own(rows),
        )
    )


ADDED_TO_TEAM = told(
    "added_to_team",
    TeamMember,
    lambda: _("You now work on the challenge %(challenge)s."),
    rows=TeamMember.objects.active,
    url="challenges:work",
)
NAMED_OPENER = told(
    "named_opener",
    Opener,
    lambda: _("You are named to open the answers to %(challenge)s."),
    rows=Opener.objects.all,
    url="challenges:role",
)
NAMED_PANELIST = told(
    "named_panelist",
    Panelist,
    lambda: _("You are asked to judge the answers to %(challenge)s."),
    rows=Panelist.objects.all,
    url="challenges:role",
)
