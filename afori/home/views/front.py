from django.db.models import Count
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from afori.taxonomy.models import Level
from challenges.models import Challenge
from challenges.rows import challenge_rows, result
from funding.models import FundingCall
from funding.rows import call_rows
from knowledge.models import Article, ThemeWeek
from knowledge.rows import starts_in, week_row
from networks.models import Need
from networks.rows import need_rows

ROWS = 3


def front(request):
    """The front page: what waits for an answer, what gathers demand, and where to go next."""
    now = timezone.now()
    open_challenges = Challenge.objects.open(at=now).select_related("owner")
    context = {
        "steps": steps(now),
        "challenges": challenge_rows(
            open_challenges.defer(*Challenge.LONG_TEXTS).order_by("closes_at", "pk")[:ROWS]
        ),
        "needs": need_rows(needs_with_most_demand(), network=False),
        "story": story(),
        "week": next_week(),
        "call": next_call(now),
        "articles": newest_articles(),
    }
    return render(request, "home/front.html", context)


def steps(now):
    """The staircase with the number of open challenges on each step."""
    counts = dict(
        Challenge.objects.open(at=now).order_by().values_list("level").annotate(number=Count("pk"))
    )
    return [step(level, text, counts.get(level, 0)) for level, text in level_texts()]


def level_texts():
    return [
        (Level.INITIATE, _("No solution exists. We ask for development and research.")),
        (Level.INTRODUCE, _("Solutions are on their way. Someone has to be first to buy and try.")),
        (Level.IMPLEMENT, _("The solution exists on a small scale. Now it should reach many.")),
    ]


def step(level, text, number):
    if number:
        action = ngettext("%d open challenge", "%d open challenges", number) % number
    else:
        action = _("Challenges at this level")
    url = f"{reverse('challenges:list')}?level={level}"
    return {"title": level.label, "text": text, "url": url, "action": action}


def needs_with_most_demand():
    needs = Need.objects.public().with_demand().select_related("network")
    return needs.filter(demand_total__gt=0).order_by("-demand_total", "pk")[:ROWS]


def story():
    """A finished challenge whose whole chain can be shown, the latest one told."""
    told = Challenge.objects.finished().filter(
        outcome__isnull=False, network__isnull=False, needs__isnull=False, is_example=False
    )
    challenge = (
        told.select_related("network", "outcome")
        .prefetch_related("needs")
        .order_by("-year")
        .first()
    )
    if challenge is None:
        return None
    need = challenge.needs.all()[0]
    return {
        "title": challenge.title,
        "links": [
            link(_("Network"), challenge.network.name, challenge.network.get_absolute_url()),
            link(_("Need"), need.title, need.get_absolute_url()),
            link(_("Challenge"), challenge.title, challenge.get_absolute_url()),
            outcome_link(challenge),
        ],
    }


def link(label, text, url, state="done"):
    return {"label": label, "text": text, "url": url, "state": state}


def outcome_link(challenge):
    if challenge.outcome.kind == "unknown":
        return link(_("Outcome"), _("The source does not say"), "", "todo")
    return link(_("Outcome"), result(challenge), f"{challenge.get_absolute_url()}#outcome")


def next_week():
    week = ThemeWeek.objects.current_or_next().first()
    return week and {
        **week_row(week),
        "starts_in": starts_in(week, timezone.localdate(), get_language()),
    }


def next_call(now):
    """The funding call whose cut-off comes next."""
    calls = FundingCall.objects.published().with_next_cutoff(at=now).select_related("funder")
    soonest = calls.filter(next_cutoff__isnull=False).order_by("next_cutoff", "pk")[:1]
    return next(iter(call_rows(soonest)), None)


def newest_articles():
    articles = Article.objects.published().exclude(kind=Article.Kind.TERM)
    return articles.defer("body_sv", "body_en").order_by("-publish_at", "pk")[:ROWS]
