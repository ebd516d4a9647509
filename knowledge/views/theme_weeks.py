from django.utils.translation import get_language
from django.views.generic import DetailView

from afori.common.lists import FilteredList
from afori.events.models import Event
from afori.events.rows import event_rows
from challenges.models import Challenge
from funding.models import FundingCall
from funding.rows import call_rows

from ..forms import ThemeWeekFilter
from ..models import Article, ThemeWeek
from ..rows import article_rows, starts_in, week_row, week_rows


class ThemeWeekList(FilteredList):
    model = ThemeWeek
    form_class = ThemeWeekFilter
    template_name = "knowledge/theme_week_list.html"

    def base_queryset(self):
        return ThemeWeek.objects.published()

    def get_queryset(self):
        return super().get_queryset().prefetch_related("topics").defer("body_sv", "body_en")

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
        week = self.object
        user = self.request.user
        events = Event.objects.visible_to(user).filter(theme_weeks=week)
        articles = Article.objects.published().filter(theme_weeks=week)
        calls = FundingCall.objects.published().filter(theme_weeks=week)
        return super().get_context_data(**kwargs) | {
            "row": week_row(week),
            "starts_in": starts_in(week, get_language()),
            "events": event_rows(events.order_by("starts_at").defer(*Event.LONG_TEXTS)),
            "articles": article_rows(articles.prefetch_related("topics")),
            "challenges": Challenge.objects.published().filter(theme_weeks=week),
            "calls": call_rows(calls.with_next_cutoff().select_related("funder")),
        }
