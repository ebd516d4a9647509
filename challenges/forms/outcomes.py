"""What the team tells of a challenge's outcome, and some time later of what became of it."""

from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from afori.accounts.models import Organisation
from afori.common.fields import SPACES, DayField, long_text
from afori.common.lists import FilterForm

from ..ending import sent_decisions, told_chosen
from ..models import FollowUp, Outcome
from ..overdue import Overdue

Kind = Outcome.Kind
MOST_CHARACTERS = 20_000
FOUND = 10
HTTPS = URLValidator(schemes=["https"], message=_("Write an address that begins with https://."))


def link_field(label, help_text=""):
    return forms.URLField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=200,
        assume_scheme="https",
        validators=[HTTPS],
    )


def in_english():
    return long_text(
        _("In English"),
        MOST_CHARACTERS,
        rows=6,
        required=False,
        help_text=_("Swedish is shown if empty."),
    )


class MarkedForm(forms.Form):
    """Carries the mark of what the person started from: see `afori.common.models.Marked`."""

    mark = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class CancelForm(MarkedForm):
    """Why a challenge is stopped."""

    text_sv = long_text(
        _("Why it is cancelled, and what happens now"),
        MOST_CHARACTERS,
        rows=6,
        help_text=_("Everybody can read this. Write so that those who have worked understand."),
    )
    text_en = in_english()


@dataclass(frozen=True)
class Suppliers:
    """Whom one may choose among. `decided` are those whose decision says that they are chosen, or
    None where no decisions were sent: else there are no others, and nothing to search.
    """

    offered: QuerySet
    decided: list | None

    @classmethod
    def of(cls, challenge, *, named=(), text=""):
        """From the decisions, or else those named by slug and those whose name holds the text."""
        if sent_decisions(challenge).exists():
            decided = list(told_chosen(challenge))
            return cls(Organisation.objects.filter(pk__in=[one.pk for one in decided]), decided)
        others = Organisation.objects.active().exclude(pk=challenge.owner_id)
        text = text.strip()
        found = others.named(text).values_list("pk", flat=True)[:FOUND] if text else ()
        shown = others.filter(Q(slug__in=named) | Q(pk__in=list(found)))
        return cls(shown.order_by("name", "pk"), None)


class OutcomeForm(MarkedForm):
    """What was decided. A search for suppliers by name is another button of the same form."""

    kind = forms.ChoiceField(
        label=_("What came of it?"),
        choices=[(one.value, one.label) for one in (Kind.CHOSEN, Kind.NONE)],
        widget=forms.RadioSelect,
    )
    chosen = forms.ModelMultipleChoiceField(
        label=_("Chosen suppliers"),
        queryset=Organisation.objects.none(),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    find = forms.CharField(label=_("Find a supplier by name"), required=False, max_length=200)
    text_sv = long_text(
        _("What was decided and why, and what happens now"),
        MOST_CHARACTERS,
        rows=6,
        help_text=_("Everybody can read this. Name no supplier that was not chosen."),
    )
    text_en = in_english()
    decided_on = DayField(
        label=_("Day of the decision"), help_text=_("Follow-ups are counted from it.")
    )
    notice_url = link_field(
        _("Link to the published notice"), _("In TED or another database, if there is one.")
    )

    def __init__(self, *args, challenge, suppliers, **kwargs):
        super().__init__(*args, **kwargs)
        self.challenge = challenge
        self.fields["chosen"].queryset = suppliers.offered
        if suppliers.decided is not None:
            del self.fields["find"]

    def clean_decided_on(self):
        day = self.cleaned_data["decided_on"]
        if day > timezone.localdate():
            raise ValidationError(_("The day of the decision is ahead."))
        closes_at = self.challenge.closes_at
        if closes_at and day < timezone.localdate(closes_at):
            raise ValidationError(_("Nothing is decided before the time to answer is over."))
        return day

    def clean(self):
        data = super().clean()
        data.pop("find", None)
        return data


class AmountField(forms.DecimalField):
    """A number as people write it, with spaces between thousands and a comma or a point."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value):
        if isinstance(value, str):
            value = SPACES.sub("", value).replace(",", ".").replace("\u2212", "-")
        return super().to_python(value)


class FollowUpForm(MarkedForm):
    state = forms.ChoiceField(
        label=_("What has become of it?"),
        choices=FollowUp.State.choices,
        widget=forms.RadioSelect,
    )
    text_sv = long_text(
        _("Tell in a few sentences"),
        MOST_CHARACTERS,
        rows=6,
        required=False,
        help_text=_("If it was stopped: why, so that others can learn from it."),
    )
    text_en = in_english()
    effect = AmountField(
        label=_("Effect in numbers"),
        help_text=_("If you have measured it, for example 1 250 or 0,4."),
        required=False,
        max_digits=14,
        decimal_places=2,
        min_value=Decimal("-999999999999"),
    )
    effect_unit_sv = forms.CharField(
        label=_("Of what, in Swedish"),
        help_text=_("For example “färre fallolyckor om året”."),
        required=False,
        max_length=80,
    )
    effect_unit_en = forms.CharField(
        label=_("In English"),
        help_text=_("For example “fewer falls a year”."),
        required=False,
        max_length=80,
    )
    link = link_field(_("Link to more"), _("For example a report or an evaluation."))

    def clean(self):
        data = super().clean()
        if data.get("state") == FollowUp.State.STOPPED and not data.get("text_sv"):
            self.add_error("text_sv", _("Say why it was stopped."))
        if data.get("effect") is not None and not data.get("effect_unit_sv"):
            self.add_error("effect_unit_sv", _("Say what the number counts."))
        if data.get("effect") is None and data.get("effect_unit_sv"):
            self.add_error("effect", _("Write the number, or leave out what it counts."))
        return data


class OverdueFilter(FilterForm):
    q = None
    what = forms.MultipleChoiceField(
        label=_("What is missing"),
        choices=Overdue.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
