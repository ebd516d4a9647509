from datetime import datetime, time, timedelta

from django.contrib.auth.models import AnonymousUser
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.generic import DetailView

from afori.common import formatting
from afori.common.calendars import attached
from afori.common.lists import FilteredList
from afori.common.views import require
from afori.events.models import Event
from challenges.models import Challenge
from challenges.rows import challenge_rows
from funding.models import FundingCall
from funding.rows import call_rows

from ..calendars import week_calendar
from ..forms import ThemeWeekFilter
from ..models import Article, Phase, ThemeQuestion, ThemeWeek, ThemeWeekMail
from ..programme import from_today, programme
from ..rows import article_rows, starts_in, week_row, week_rows
from .articles import BODIES

MOST_EVENTS = 200


class ThemeWeekList(FilteredList):
    model = ThemeWeek
    form_class = ThemeWeekFilter
    template_name = "knowledge/theme_week_list.html"

    def base_queryset(self):
        return ThemeWeek.objects.published()

    def get_queryset(self):
        return super().get_queryset().prefetch_related("topics").defer(*ThemeWeek.LONG_TEXTS)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        weeks = context["object_list"]
        return context | {
            "dated": week_rows(week for week in weeks if week.starts_on),
            "planned": week_rows(week for week in weeks if not week.starts_on),
        }


class ThemeWeekDetail(DetailView):
    template_name = "knowledge/theme_week_detail.html"
    context_object_name = "week"

    def get_queryset(self):
        return ThemeWeek.objects.published()

    def get_context_data(self, **kwargs):
        shown = week_context(self.object, self.request.user, timezone.now())
        return super().get_context_data(**kwargs) | shown


def events_of(week, user):
    events = Event.objects.visible_to(user).filter(theme_weeks=week)
    return events.order_by("starts_at", "pk").defer(*Event.LONG_TEXTS)[:MOST_EVENTS]


def week_context(week, user, now):
    """What the page of a week shows besides the week, to that person at that moment."""
    today = timezone.localtime(now).date()
    days = programme(week, events_of(week, user), now)
    phase = week.phase(on=today)
    ahead, earlier = from_today(days) if phase == Phase.RUNNING else (days, [])
    articles = Article.objects.published().filter(theme_weeks=week)
    calls = FundingCall.objects.published().filter(theme_weeks=week)
    challenges = Challenge.objects.published().filter(theme_weeks=week)
    questions = list(week.questions.all())
    return {
        "row": week_row(week),
        "phase": phase,
        "tells_recap": bool(week.recap) and tells_recap(week, phase, now),
        "starts_in": starts_in(week, today, get_language()),
        "days": ahead,
        "earlier": earlier,
        "has_events": any(day.events for day in days),
        "has_recordings": any(one["recording"] for day in days for one in day.events),
        "questions": questions if len(questions) == ThemeQuestion.NUMBER else [],
        "articles": article_rows(articles.prefetch_related("topics").defer(*BODIES)),
        "challenges": challenge_rows(
            challenges.select_related("owner", "outcome")
            .soonest_first(at=now)
            .defer(*Challenge.LONG_TEXTS),
            at=now,
        ),
        "calls": call_rows(calls.with_next_cutoff().select_related("funder"), at=now),
    }


def tells_recap(week, phase, now):
    """From when its mail goes out, and when the week is over in any case."""
    if phase != Phase.RUNNING:
        return phase == Phase.OVER
    recap = week.mails.filter(which=ThemeWeekMail.Which.RECAP, send_at__lte=now)
    return recap.exists()


def theme_week_preview(request, slug):
    """A week's page as strangers will see it on a chosen day, for editors, published or not."""
    require(request.user, "knowledge.change_themeweek")
    week = get_object_or_404(ThemeWeek, slug=slug)
    choices = preview_days(week)
    chosen = request.GET.get("on", "")
    known = [day["value"] for day in choices]
    on = chosen if chosen in known else ""
    context = {
        "week": week,
        "is_preview": True,
        "choices": choices,
        "chosen": on,
        **week_context(week, AnonymousUser(), moment_of(on)),
    }
    return render(request, "knowledge/theme_week_detail.html", context)


def moment_of(day):
    """That day at 08:00 in Sweden, now if none is given."""
    if not day:
        return timezone.now()
    morning = datetime.combine(datetime.fromisoformat(day).date(), time(8))
    return timezone.make_aware(morning)


def preview_days(week):
    """Days on which the page looks different: before, each day of the week, after."""
    if week.starts_on is None:
        return []
    length = (week.ends_on - week.starts_on).days + 1
    first = week.starts_on
    shown = [first + timedelta(days=offset) for offset in range(-1, min(length, 14) + 1)]
    language = get_language()
    return [
        {
            "value": day.isoformat(),
            "label": formatting.day(day, language, style="short", year=False),
        }
        for day in shown
    ]


def theme_week_calendar(request, slug):
    week = get_object_or_404(ThemeWeek.objects.published(), slug=slug)
    return attached(week_calendar(week, events_of(week, request.user)), week.slug)
