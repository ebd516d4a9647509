from django import forms
from django.utils.translation import gettext_lazy as _

from afori.common.fields import long_text

from ..models import HIGHEST, LOWEST, Decision
from .answering import DraftField

SCORES = [(str(score), str(score)) for score in range(LOWEST, HIGHEST + 1)]
COMMENT, STATEMENT, FEEDBACK = 5_000, 1_000, 20_000


class ScoreField(forms.TypedChoiceField):
    """A score that may still be missing, though it must be there to hand in."""

    def __init__(self, **options):
        super().__init__(
            choices=SCORES, coerce=int, empty_value=None, widget=forms.RadioSelect, **options
        )

    def validate(self, value):
        if value not in self.empty_values:
            super().validate(value)


class DeclarationForm(forms.Form):
    """Whether there is a conflict of interest, and which."""

    use_required_attribute = False
    has_conflict = forms.TypedChoiceField(
        label=_("Your declaration"),
        choices=[
            ("no", _("I have no conflict of interest")),
            ("yes", _("I have, or may have, a conflict of interest")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    statement = long_text(
        _("What the conflict is"),
        STATEMENT,
        field=DraftField,
        help_text=_("Only if you have one. The challenge's team reads this."),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("has_conflict") and not cleaned.get("statement"):
            self.add_error("statement", _("Say in a few words what the conflict is."))
        return cleaned


class ConflictsForm(forms.Form):
    """For each of those who answered: a tick if there is a conflict, and which.

    Its fields go by the organisations: nothing on the page leads to the answers' addresses.
    """

    use_required_attribute = False

    def __init__(self, *args, answers, **kwargs):
        super().__init__(*args, **kwargs)
        self.answers = answers
        for answer in answers:
            name = answer.submission.home.name
            self.fields[f"conflict-{key_of(answer)}"] = forms.BooleanField(
                label=name, required=False
            )
            self.fields[f"reason-{key_of(answer)}"] = long_text(
                _("What the conflict with %(name)s is") % {"name": name},
                STATEMENT,
                rows=2,
                field=DraftField,
            )

    def rows(self):
        """Pairs of fields, one an organisation."""
        for answer in self.answers:
            yield self[f"conflict-{key_of(answer)}"], self[f"reason-{key_of(answer)}"]

    def clean(self):
        cleaned = super().clean()
        for answer in self.answers:
            name = f"reason-{key_of(answer)}"
            if cleaned.get(f"conflict-{key_of(answer)}") and not cleaned.get(name):
                self.add_error(name, _("Say in a few words what the conflict is."))
        return cleaned

    def conflicts(self):
        """A dict from answers to reasons."""
        return {
            answer: self.cleaned_data[f"reason-{key_of(answer)}"]
            for answer in self.answers
            if self.cleaned_data[f"conflict-{key_of(answer)}"]
        }


def key_of(answer):
    return answer.submission.home.slug


class ScoresForm(forms.Form):
    """One's own scores and comments, by criterion. Nothing is required until they are handed in."""

    use_required_attribute = False

    def __init__(self, *args, criteria, scores, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for criterion in criteria:
            stored = scores.get(criterion.pk)
            self.fields[f"score-{criterion.position}"] = ScoreField(
                label=_("Your score"),
                initial=None if stored is None or stored.value is None else str(stored.value),
            )
            self.fields[f"comment-{criterion.position}"] = long_text(
                _("Your comment"), COMMENT, required=False, initial=stored.comment if stored else ""
            )

    def scores(self):
        """A dict from criteria to pairs of value and comment."""
        return {
            criterion: (
                self.cleaned_data[f"score-{criterion.position}"],
                self.cleaned_data[f"comment-{criterion.position}"],
            )
            for criterion in self.criteria
        }


class ConsensusForm(forms.Form):
    """What was agreed, by criterion: score and reason, both or none. `mark`: see `agree`."""

    use_required_attribute = False

    def __init__(self, *args, criteria, stored, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for criterion in criteria:
            agreed = stored.get(criterion.pk)
            self.fields[f"agreed-{criterion.position}"] = ScoreField(
                label=_("Agreed score"),
                initial=str(agreed.value) if agreed else None,
            )
            self.fields[f"reason-{criterion.position}"] = long_text(
                _("Reason"),
                COMMENT,
                field=DraftField,
                initial=agreed.reason if agreed else "",
            )
            self.fields[f"mark-{criterion.position}"] = forms.CharField(
                required=False,
                max_length=40,
                widget=forms.HiddenInput,
                initial=agreed.mark if agreed else "",
            )

    def clean(self):
        cleaned = super().clean()
        for criterion in self.criteria:
            value, reason, _mark = self.written(criterion)
            if value is not None and not reason:
                self.add_error(f"reason-{criterion.position}", _("Give the reason."))
            if reason and value is None:
                self.add_error(f"agreed-{criterion.position}", _("Choose the agreed score."))
        if not self.errors and not any(self.is_written(one) for one in self.criteria):
            raise forms.ValidationError(
                _("Nothing was saved. Choose the agreed score of at least one criterion, and why.")
            )
        return cleaned

    def is_written(self, criterion):
        return self.written(criterion)[0] is not None

    def written(self, criterion):
        names = ("agreed", "reason", "mark")
        value, *texts = (self.cleaned_data.get(f"{name}-{criterion.position}") for name in names)
        return value, *(one or "" for one in texts)


class DecisionForm(forms.Form):
    result = forms.ChoiceField(
        label=_("Decision"), choices=Decision.Result.choices, widget=forms.RadioSelect
    )
    feedback = long_text(
        _("Feedback to the supplier"),
        FEEDBACK,
        rows=10,
        help_text=_(
            "Say why, and what was good and what was missing. Only this supplier reads it."
        ),
    )
    mark = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
