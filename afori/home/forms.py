from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from afori.accounts.choices import BUYER_KINDS, County, Kind
from afori.common.lists import FilterForm
from afori.taxonomy.forms import topic_field
from afori.taxonomy.models import ValueOffer

BUYER, SUPPLIER = "buyer", "supplier"
ON_SIDE = {BUYER: Q(kind__in=BUYER_KINDS), SUPPLIER: ~Q(kind__in=BUYER_KINDS)}


class OrganisationFilter(FilterForm):
    """The county is chosen on the map and in the list beside it; the form carries it along."""

    q = forms.CharField(label=_("Search organisations"), required=False, max_length=200)
    side = forms.MultipleChoiceField(
        label=_("Side"),
        choices=[(BUYER, _("Buyers")), (SUPPLIER, _("Suppliers and others"))],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All")), *Kind.choices], required=False
    )
    offer = forms.MultipleChoiceField(
        label=_("Offers"),
        choices=ValueOffer.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    topic = topic_field()
    county = forms.ChoiceField(
        label=_("County"), choices=County.choices, required=False, widget=forms.HiddenInput
    )

    conditions = {
        "side": ON_SIDE.__getitem__,
        "kind": lambda value: Q(kind=value),
        "offer": lambda value: Q(offers__contains=[value]),
        "topic": lambda value: Q(topics__slug=value),
        "county": lambda value: Q(county=value),
    }
