"""What people are told who get a part in a challenge, or lose it with the draft."""

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from afori.common.history import version_model
from afori.notifications.registry import Kind, register

from ..models import Challenge, Opener, Panelist, TeamMember

ThrownAway = version_model(Challenge)


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
OPENING_DUE = told(
    "opening_due",
    Opener,
    lambda: _("The answers to %(challenge)s can be opened now."),
    rows=lambda: Opener.objects.filter(
        challenge__state=Challenge.State.PUBLISHED, challenge__opening=None
    ),
    url="challenges:opening",
)
NAMED_PANELIST = told(
    "named_panelist",
    Panelist,
    lambda: _("You are asked to judge the answers to %(challenge)s."),
    rows=Panelist.objects.all,
    url="challenges:role",
)


def of_former_team(user, ids):
    """What is left of drafts that the person worked on."""
    worked_on = version_model(TeamMember).objects.filter(user_id=user.pk).values("challenge_id")
    found = ThrownAway.objects.filter(pk__in=ids, pgh_label="thrown_away")
    return found.filter(pgh_obj_id__in=worked_on).values_list("pk", flat=True)


def title(version):
    english = get_language() == "en" and version.title_en
    return english or version.title_sv


THROWN_AWAY = register(
    Kind(
        name="challenges.thrown_away",
        model=ThrownAway,
        text=lambda version: (
            _("The draft “%(challenge)s” has been thrown away.") % {"challenge": title(version)}
        ),
        url=lambda version: reverse("my_pages"),
        mail="challenges/thrown_away",
        visible_among=of_former_team,
        context=lambda version: {"challenge": title(version)},
    )
)
