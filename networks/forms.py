from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from afori.common.fields import DayField, WholeNumberField
from afori.common.files import UploadField
from afori.common.lists import FilterForm
from afori.taxonomy.forms import level_field, topic_field

from . import refusals
from .actions import why_not_appoint
from .choices import Competence
from .models import Commitment, Need, Network, NetworkMembership

MOST_VOLUME = 100_000_000
MOST_COST = 1_000_000_000_000

DEGREES_MEAN = {
    Commitment.Degree.INTEREST: _("You want to follow the work and be consulted."),
    Commitment.Degree.LETTER_OF_INTENT: _(
        "You intend to buy if the solution delivers what it promises."
    ),
    Commitment.Degree.PLEDGE: _(
        "You promise to procure on certain conditions. Someone with the authority to do so signs."
    ),
}


def choices_field(label, choices):
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class NetworkFilter(FilterForm):
    q = forms.CharField(
        label=_("Search networks"), required=False, max_length=200, widget=forms.SearchInput
    )
    status = choices_field(_("State"), Network.Status.choices)
    initiator = choices_field(_("Start"), Network.Initiator.choices)
    level = level_field()
    topic = topic_field()

    conditions = {
        "status": lambda value: Q(status=value),
        "initiator": lambda value: Q(initiator=value),
        "level": lambda value: Q(levels__contains=[value]),
        "topic": lambda value: Q(topics__slug=value),
    }


class NeedFilter(FilterForm):
    q = forms.CharField(
        label=_("Search needs"), required=False, max_length=200, widget=forms.SearchInput
    )
    level = level_field()
    state = choices_field(_("State"), Need.State.choices)
    topic = topic_field()

    conditions = {
        "level": lambda value: Q(level=value),
        "state": lambda value: Q(state=value),
        "topic": lambda value: Q(topics__slug=value),
    }


class RequestForm(forms.Form):
    """What one tells the coordinator when asking to join."""

    competence = forms.ChoiceField(
        label=_("What can you contribute?"),
        choices=[("", _("Choose")), *Competence.choices],
        required=False,
    )
    message = forms.CharField(
        label=_("Message to the coordinator"),
        help_text=_("Say which need you have, and why."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The person gets this by e-mail."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DecisionForm(forms.Form):
    """Accept, or decline with a reason."""

    ACCEPT, DECLINE = "accept", "decline"

    decision = forms.ChoiceField(choices=[(ACCEPT, ACCEPT), (DECLINE, DECLINE)])
    reason = forms.CharField(
        label=_("Why do you decline?"),
        help_text=_("The person gets this by e-mail. You need no reason to accept."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self):
        values = super().clean()
        if values.get("decision") == self.DECLINE and not values.get("reason"):
            self.add_error("reason", refusals.ReasonMissing.text)
        return values


class CommitmentForm(forms.Form):
    """An organisation's share of the pooled demand of one need."""

    degree = forms.ChoiceField(
        label=_("How firm is your promise?"),
        choices=Commitment.Degree.choices,
        widget=forms.RadioSelect,
    )
    volume_a_year = WholeNumberField(
        label=_("Volume"), min_value=0, max_value=MOST_VOLUME, required=False
    )
    cost_a_year = WholeNumberField(
        label=_("What does the unmet need cost you a year, in SEK?"),
        help_text=_("Your own estimate. Others see only the sum of all."),
        min_value=0,
        max_value=MOST_COST,
        required=False,
    )
    contract_ends_on = DayField(label=_("Your present contract ends"), required=False)
    budget_year = WholeNumberField(label=_("Budget year"), required=False)
    conditions = forms.CharField(
        label=_("Conditions"),
        help_text=_("What must be in place for you to buy?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    signatory = forms.CharField(
        label=_("Signatory"),
        help_text=_("Name and title of the person who may sign. Needed for a pledge."),
        max_length=200,
        required=False,
    )
    shown_by_name = forms.BooleanField(label=_("Show our name to others"), required=False)

    def __init__(self, *args, unit="", **kwargs):
        super().__init__(*args, **kwargs)
        if unit:
            self.fields["volume_a_year"].label = _("Volume, in %(unit)s") % {"unit": unit}

    @property
    def degrees(self):
        """The radio buttons of the degree, each with what it means."""
        return [(radio, DEGREES_MEAN[radio.data["value"]]) for radio in self["degree"]]

    def clean_budget_year(self):
        year = self.cleaned_data["budget_year"]
        now = timezone.localdate().year
        if year is not None and not now - 1 <= year <= now + 20:
            raise forms.ValidationError(
                _("Give a year between %(first)d and %(last)d."),
                params={"first": now - 1, "last": now + 20},
            )
        return year

    def clean(self):
        values = super().clean()
        if values.get("degree") == Commitment.Degree.PLEDGE and not values.get("signatory"):
            self.add_error("signatory", refusals.SignatoryMissing.text)
        return values


class DocumentForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    file = UploadField(label=_("File"))


class AppointForm(forms.ModelForm):
    """For the agency: give somebody a role in a network."""

    class Meta:
        model = NetworkMembership
        fields = ["network", "user", "organisation", "role", "competence"]

    def clean(self):
        values = super().clean()
        if {"user", "organisation", "role"} <= values.keys():
            refusal = why_not_appoint(values["user"], values["organisation"], values["role"])
            if refusal:
                raise forms.ValidationError(refusal.message)
        return values

    def validate_constraints(self):
        """One membership at a time: the action changes the one that is there."""
