from django import forms
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from afori.common.lists import FilterForm
from afori.taxonomy.forms import level_field, method_field, topic_field

from ..models import Became, Challenge, Outcome


class Status(models.TextChoices):
    """Where a challenge stands, as readers see it: by its state and by the clock."""

    OPEN = "open", _("Open")
    UPCOMING = "upcoming", _("Upcoming")
    CLOSED = "closed", _("Closed, decision awaited")
    FINISHED = "finished", _("Finished")

    @property
    def condition(self):
        return Challenge.objects.status_condition(self.value)


class CameOfIt(models.TextChoices):
    """What came of a finished challenge, and what became of that."""

    CHOSEN = Outcome.Kind.CHOSEN.value, Outcome.Kind.CHOSEN.label
    NONE = Outcome.Kind.NONE.value, Outcome.Kind.NONE.label
    CANCELLED = Outcome.Kind.CANCELLED.value, Outcome.Kind.CANCELLED.label
    PROCURED = Became.PROCURED.value, Became.PROCURED.label
    IN_USE = Became.IN_USE.value, Became.IN_USE.label
    STOPPED = Became.STOPPED.value, Became.STOPPED.label

    @property
    def condition(self):
        """Of challenges that are over: until then an outcome is the team's alone."""
        field = "became" if self.value in Became.values else "kind"
        return Q(state__in=Challenge.OVER, **{f"outcome__{field}": self.value})


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
    outcome = forms.MultipleChoiceField(
        label=_("What came of it"),
        choices=CameOfIt.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    topic = topic_field()
    method = method_field()

    conditions = {
        "level": lambda value: Q(level=value),
        "status": lambda value: Status(value).condition,
        "outcome": lambda value: CameOfIt(value).condition,
        "topic": lambda value: Q(topics__slug=value),
        "method": lambda value: Q(method=value),
    }
