"""Funding calls as a table."""

from import_export import fields, widgets

from afori.accounts.choices import Kind
from afori.accounts.models import Organisation
from afori.common.sheets import (
    ChoicesWidget,
    DateWidget,
    MomentWidget,
    NumberWidget,
    SheetResource,
    SlugsWidget,
    SlugWidget,
    YesNoWidget,
    column,
    moment,
    moment_text,
    split,
)
from afori.taxonomy.models import Level, Topic

from .models import CutOff, FundingCall, Purpose


class CutOffsWidget(widgets.ManyToManyWidget):
    """Times with commas between."""

    def __init__(self):
        super().__init__(CutOff)

    def clean(self, value, row=None, **kwargs):
        return [moment(text) for text in split(value)]

    def render(self, value, obj=None, **kwargs):
        times = sorted(one.at for one in value.all()) if value is not None else []
        return ", ".join(moment_text(at) for at in times)


class CutOffsField(fields.Field):
    def get_value(self, instance):
        return instance.cutoffs if instance.pk else None

    def save(self, instance, row, is_m2m=False, **kwargs):
        wanted = self.clean(row)
        instance.cutoffs.exclude(at__in=wanted).delete()
        for at in wanted:
            instance.cutoffs.get_or_create(at=at)


class FundingCallResource(SheetResource):
    funder = column("funder", SlugWidget(Organisation))
    applicants = column("applicants", ChoicesWidget(Kind.choices))
    purposes = column("purposes", ChoicesWidget(Purpose.choices))
    levels = column("levels", ChoicesWidget(Level.choices))
    topics = column("topics", SlugsWidget(Topic))
    amount_min = column("amount_min", NumberWidget())
    amount_max = column("amount_max", NumberWidget())
    co_financing = column("co_financing", NumberWidget())
    opens_at = column("opens_at", MomentWidget())
    cutoffs = CutOffsField(attribute="cutoffs", column_name="cutoffs", widget=CutOffsWidget())
    is_rolling = column("is_rolling", YesNoWidget())
    checked_on = column("checked_on", DateWidget())
    is_published = column("is_published", YesNoWidget())
    facts_as_of = column("facts_as_of", DateWidget())
    is_example = column("is_example", YesNoWidget())

    class Meta(SheetResource.Meta):
        model = FundingCall
        fields = [
            "slug",
            "title_sv",
            "title_en",
            "funder",
            "programme",
            "summary_sv",
            "summary_en",
            "body_sv",
            "body_en",
            "applicants",
            "purposes",
            "levels",
            "topics",
            "amount_min",
            "amount_max",
            "co_financing",
            "opens_at",
            "cutoffs",
            "is_rolling",
            "link",
            "checked_on",
            "is_published",
            "source",
            "facts_as_of",
            "is_example",
        ]

    def get_export_queryset(self, queryset):
        deferred = queryset.defer(None).defer("search_sv", "search_en")
        return deferred.select_related("funder").prefetch_related("topics", "cutoffs")
