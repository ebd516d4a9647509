from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from afori.common.lists import FilterForm
from afori.taxonomy.forms import topic_field

from .models import Event


class EventFilter(FilterForm):
    TIMES = [("coming", _("Coming")), ("past", _("Past"))]

    q = forms.CharField(label=_("Search events"), required=False, max_length=200)
    when = forms.ChoiceField(label=_("When"), choices=[("", _("All")), *TIMES], required=False)
    kind = forms.MultipleChoiceField(
        label=_("Kind"),
        choices=Event.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    topic = topic_field()

    conditions = {
        "when": lambda value: (
            Q(ends_at__gte=timezone.now()) if value == "coming" else Q(ends_at__lt=timezone.now())
        ),
        "kind": lambda value: Q(kind=value),
        "topic": lambda value: Q(topics__slug=value),
    }
