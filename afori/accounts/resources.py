"""Organisations as a table. Who is verified is decided by staff, not by a file."""

from django.core.exceptions import ValidationError
from import_export import widgets

from afori.common.sheets import (
    ChoicesWidget,
    ChoiceWidget,
    DateWidget,
    NumberWidget,
    SheetResource,
    SlugsWidget,
    YesNoWidget,
    column,
)
from afori.taxonomy.models import Topic, ValueOffer

from .choices import County, Kind, SizeClass
from .models import Organisation
from .numbers import clean_organisation_number


class OrganisationNumberWidget(widgets.Widget):
    """An organisation number, with or without a hyphen; none is no number."""

    def clean(self, value, row=None, **kwargs):
        try:
            return clean_organisation_number(value or "") or None
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from error

    def render(self, value, obj=None, **kwargs):
        return f"{value[:6]}-{value[6:]}" if value else ""


class OrganisationResource(SheetResource):
    kind = column("kind", ChoiceWidget(Kind.choices))
    number = column("number", OrganisationNumberWidget())
    county = column("county", ChoiceWidget(County.choices))
    population = column("population", NumberWidget())
    size_class = column("size_class", ChoiceWidget(SizeClass.choices))
    topics = column("topics", SlugsWidget(Topic))
    offers = column("offers", ChoicesWidget(ValueOffer.choices))
    facts_as_of = column("facts_as_of", DateWidget())
    is_example = column("is_example", YesNoWidget())

    class Meta(SheetResource.Meta):
        model = Organisation
        fields = [
            "slug",
            "name",
            "kind",
            "number",
            "website",
            "county",
            "population",
            "size_class",
            "profile_sv",
            "profile_en",
            "topics",
            "offers",
            "source",
            "facts_as_of",
            "is_example",
        ]

    def get_export_queryset(self, queryset):
        return queryset.prefetch_related("topics")
