from django import forms
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from afori.common.lists import FilterForm
from afori.taxonomy.forms import level_field, method_field, topic_field

from ..models import Challenge


class Status(models.TextChoices):
    """Where a challenge stands, as readers see it: by its state and by the clock."""

    OPEN = "open", _("Open")
    UPCOMING = "upcoming", _("Upcoming")
    CLOSED = "closed", _("Closed, decision awaited")
    FINISHED = "finished", _("Finished")

    @property
    def condition(self):
        return Challenge.objects.status_condition(self.value)


class ChallengeFilter(FilterForm):
    q = forms.CharField(
        label=_("Search challenges"), required=False, max_length=200, widget=forms.SearchInput
    )
    level = level_field()
    status = forms.MultipleChoiceField(
        label=_("Status"),
        choices=Status.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    topic = topic_field()
    method = method_field()

    conditions = {
        "level": lambda value: Q(level=value),
        "status": lambda value: Status(value).condition,
        "topic": lambda value: Q(topics__slug=value),
        "method": lambda value: Q(method=value),
    }
