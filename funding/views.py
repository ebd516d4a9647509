from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.views.generic import DetailView

from afori.common.lists import FilteredList

from .forms import FundingFilter
from .models import CutOff, FundingCall
from .rows import call_rows, terms, timing


class FundingList(FilteredList):
    """Calls by their next cut-off, those without dates (standing programmes) last."""

    model = FundingCall
    form_class = FundingFilter
    template_name = "funding/call_list.html"

    def base_queryset(self):
        return FundingCall.objects.published()

    def get_queryset(self):
        cutoffs = CutOff.objects.filter(call=OuterRef("pk"))
        return (
            super()
            .get_queryset()
            .with_next_cutoff()
            .filter(Q(next_cutoff__isnull=False) | ~Exists(cutoffs))
            .select_related("funder")
            .defer("body_sv", "body_en", "search_sv", "search_en")
            .order_by(F("next_cutoff").asc(nulls_last=True), "-is_rolling", "title_sv", "pk")
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        calls = context["object_list"]
        dated = [call for call in calls if call.next_cutoff or call.is_rolling]
        standing = [call for call in calls if not (call.next_cutoff or call.is_rolling)]
        return context | {"calls": call_rows(dated), "programmes": call_rows(standing)}


class FundingDetail(DetailView):
    template_name = "funding/call_detail.html"
    context_object_name = "call"

    def get_queryset(self):
        return (
            FundingCall.objects.published()
            .with_next_cutoff()
            .select_related("funder")
            .prefetch_related("topics", "cutoffs")
            .defer("search_sv", "search_en")
        )

    def get_context_data(self, **kwargs):
        now = timezone.localtime()
        language = self.request.LANGUAGE_CODE
        return super().get_context_data(**kwargs) | {
            "timing": timing(self.object, now, language),
            "terms": terms(self.object, language),
            "is_over": self.is_over(now),
        }

    def is_over(self, now):
        cutoffs = self.object.cutoffs.all()
        return bool(cutoffs) and all(cutoff.at < now for cutoff in cutoffs)
