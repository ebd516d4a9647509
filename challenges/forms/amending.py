from django import forms
from django.utils.text import normalize_newlines
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from afori.common.fields import DayField, WholeNumberField, long_text, text_area

from .. import amendable
from ..locks import database_now
from ..models import AmendedField
from .answering import MOST_CHARACTERS
from .moments import MomentField

MOST_KRONOR = 10**12
SUMS = ("budget_min", "budget_max", "prize")


class AmendmentForm(forms.Form):
    """All that may be changed, as it stands, and why. What is left alone stays as it is.

    Valid only if something has changed and holds at this moment; `changes` then holds the new
    values.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=30_000)
    reason_sv = long_text(
        _("Why, in Swedish"), 2_000, help_text=_("All who follow the challenge read this.")
    )
    reason_en = long_text(_("Why, in English"), 2_000, required=False)

    def __init__(self, *args, challenge, seen, **kwargs):
        super().__init__(*args, initial={"seen": seen}, **kwargs)
        self.challenge = challenge
        self.changes = {}
        for name in amendable.NAMES:
            self.fields[name] = field_for(name)
            self.fields[name].help_text = HELP.get(name, "")
            self.fields[name].required = stays_filled(name, getattr(challenge, name))
            self.initial[name] = getattr(challenge, name)
        self.fields["opens_at"].disabled = has_opened(challenge)

    def groups(self):
        """(heading, fields, whether to show them at once) for each group."""
        for number, (heading, names) in enumerate(amendable.GROUPS):
            fields = [self[column] for name in names for column in amendable.columns(name)]
            touched = self.is_bound and any(one.errors or is_new(self, one) for one in fields)
            yield heading, fields, number == 0 or touched

    def why(self):
        return [self["reason_sv"], self["reason_en"]]

    def clean(self):
        super().clean()
        given = {name: value for name, value in self.cleaned_data.items() if name in NAMES}
        self.changes = {
            name: settled(value)
            for name, value in given.items()
            if settled(value) != settled(getattr(self.challenge, name))
        }
        if self.errors.keys() & NAMES:
            return
        if not self.changes:
            self.add_error(None, _("Nothing is changed yet. Change at least one field."))
        self.tell(amendable.problems(self.challenge, self.changes, database_now()))

    def rebased(self, seen):
        """What was typed, over the challenge as it has become since: (data for a new form, labels
        of what others have changed and this person too).
        """
        data, both = self.data.copy(), []
        data["seen"] = seen
        for name, before in self.before_others().items():
            if name in self.errors or settled(self.cleaned_data[name]) != settled(before):
                both.append(str(self.fields[name].label))
            else:
                data.update(as_typed(self.fields[name], name, getattr(self.challenge, name)))
        return data, both

    def before_others(self):
        """Fields that others have changed since the form was shown, with what they were then."""
        since = AmendedField.objects.filter(
            amendment__challenge=self.challenge, amendment__number__gt=self.cleaned_data["seen"]
        )
        found = {}
        for row in since.order_by("amendment__number"):
            found.setdefault(row.name, amendable.restored(row.name, row.before))
        return found

    def tell(self, problems):
        """Put each sentence at its field."""
        for name, sentence in problems.items():
            self.add_error(name, sentence)


NAMES = set(amendable.NAMES)
HELP = {
    "closes_at": _("Swedish time. It can only be moved later, and not once it has passed."),
    "questions_until": _("It can only be moved later."),
    "opens_at": _(
        "From then on one can answer. Questions can be asked already. It cannot be changed once "
        "it has passed."
    ),
}


def has_opened(challenge):
    return challenge.opens_at is not None and challenge.opens_at <= database_now()


def stays_filled(name, value):
    """What stands there may be changed, not taken away; other languages and sums may."""
    return bool(value) and not name.endswith("_en") and name not in SUMS


def is_new(form, bound):
    return bound.name in form.changes


def settled(value):
    """A value without what the form does not show: line ends, spaces around, seconds."""
    if isinstance(value, str):
        return normalize_newlines(value).strip()
    return value.replace(second=0, microsecond=0) if hasattr(value, "hour") else value


def as_typed(field, name, value):
    """What a browser would send for the value, as pairs of name and text."""
    if isinstance(field, MomentField):
        parts = zip(field.widget.widgets, field.widget.decompress(value), strict=True)
        return {f"{name}_{i}": one.format_value(part) or "" for i, (one, part) in enumerate(parts)}
    return {name: field.widget.format_value(field.prepare_value(value)) or ""}


def field_for(name):
    column = amendable.FIELDS[name]
    label = amendable.label(name, get_language())
    if name in SUMS:
        return WholeNumberField(label=label, required=False, min_value=0, max_value=MOST_KRONOR)
    if name == "decision_expected_on":
        return DayField(label=label, required=False)
    if not amendable.is_text(name):
        return MomentField(label=label, required=False)
    length = column.max_length or MOST_CHARACTERS
    rows = 10 if column.max_length is None else 3
    widget = text_area(rows) if length > 200 else forms.TextInput()
    return forms.CharField(label=label, required=False, max_length=length, widget=widget)
