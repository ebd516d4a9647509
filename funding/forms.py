from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from afori.accounts.choices import Kind
from afori.common.lists import FilterForm
from afori.taxonomy.forms import topic_field
from afori.taxonomy.models import Level

from .models import Purpose


class FundingFilter(FilterForm):
    """An empty list of applicants, purposes or levels means that the source does not limit it."""

    q = forms.CharField(label=_("Search funding"), required=False, max_length=200)
    applicant = forms.ChoiceField(
        label=_("We are"), choices=[("", _("All")), *Kind.choices], required=False
    )
    purpose = forms.ChoiceField(
        label=_("We want to"), choices=[("", _("All")), *Purpose.choices], required=False
    )
    level = forms.MultipleChoiceField(
        label=_("Level"),
        choices=Level.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    topic = topic_field()

    conditions = {
        "applicant": lambda value: Q(applicants=[]) | Q(applicants__contains=[value]),
        "purpose": lambda value: Q(purposes=[]) | Q(purposes__contains=[value]),
        "level": lambda value: Q(levels=[]) | Q(levels__contains=[value]),
        "topic": lambda value: Q(topics__slug=value),
    }
