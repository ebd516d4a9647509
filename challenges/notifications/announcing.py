"""New challenges, for those who follow their network, needs, topics or owner; and what closes."""

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from afori.common import formatting
from afori.notifications.followed import whole
from afori.notifications.groups import Followable, Group, register_followable, register_group
from afori.notifications.news import News, topics_of
from afori.notifications.registry import register

from ..models import Challenge
from .watching import FOLLOWED, published_among

CHALLENGES = register_group(
    Group(
        name="challenges",
        label=gettext_lazy("New challenges"),
        what=gettext_lazy("New challenges, and when they close."),
    )
)
register_followable(
    Followable(
        name=FOLLOWED,
        label=gettext_lazy("Challenge"),
        what=gettext_lazy("Changes, answers to questions, meetings, deadlines and outcome."),
        model=Challenge,
        url=lambda challenge: challenge.get_absolute_url(),
        visible_among=lambda user, ids: published_among(Challenge)(ids),
        reason=lambda challenge: _("You follow the challenge."),
        rank=10,
    )
)
whole(
    "every_challenge",
    gettext_lazy("All new challenges"),
    gettext_lazy("Each new challenge, and when it closes."),
    "challenges:list",
    gettext_lazy("You follow all new challenges."),
)


def closing(after, until):
    """Published challenges that close between, by key."""
    published = Challenge.objects.filter(state=Challenge.State.PUBLISHED)
    found = published.filter(closes_at__gt=after, closes_at__lte=until)
    return dict(found.values_list("pk", "closes_at"))


def around(challenge):
    return [
        (FOLLOWED, challenge.pk),
        ("network", challenge.network_id),
        ("organisation", challenge.owner_id),
        *(("need", need.pk) for need in challenge.needs.all()),
        *topics_of(challenge),
        ("every_challenge", 0),
    ]


def shown(challenge):
    closes = challenge.closes_at and timezone.localtime(challenge.closes_at)
    times = _("Closes %s") % formatting.when(closes, get_language()) if closes else ""
    return {
        "title": challenge.title,
        "summary": challenge.summary,
        "label": _("New challenge"),
        "meta": ". ".join(filter(None, [challenge.owner.name, times])),
    }


ANNOUNCED = register(
    News(
        name="challenges.announced",
        model=Challenge,
        group=CHALLENGES,
        text=lambda challenge: _("New challenge: %(challenge)s") % {"challenge": challenge.title},
        url=lambda challenge: challenge.get_absolute_url(),
        mail="notifications/news",
        context=shown,
        shown=shown,
        targets=around,
        public_among=published_among(Challenge),
        deadlines=closing,
        related=("owner",),
        prefetch=("needs", "topics"),
    )
)
