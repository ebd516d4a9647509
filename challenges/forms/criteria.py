"""All criteria of a challenge in one form, which adds, removes and moves them by its buttons."""

from django import forms
from django.utils.translation import gettext_lazy as _

from afori.common.fields import WholeNumberField, long_text

from ..models import Criterion, SectionName
from ..sections import CRITERION
from .writing import SectionForm, label_of

MOST = 30
EMPTY = {name: Criterion._meta.get_field(name).get_default() for name in CRITERION}
SCORES = [("", _("None")), *((score, str(score)) for score in range(1, 6))]


def words(name, longest, rows, **options):
    return long_text(label_of(name, Criterion), longest, rows=rows, **options)


def fields():
    """The fields of one criterion, by name."""
    return {
        "prompt_sv": words("prompt_sv", 300, 2),
        "prompt_en": words("prompt_en", 300, 2, required=False),
        "help_sv": words("help_sv", 4_000, 3, required=False),
        "help_en": words("help_en", 4_000, 3, required=False),
        "weight": WholeNumberField(label=label_of("weight", Criterion), min_value=0, max_value=100),
        "word_limit": WholeNumberField(
            label=label_of("word_limit", Criterion), min_value=1, max_value=10_000
        ),
        "minimum_score": forms.TypedChoiceField(
            label=label_of("minimum_score", Criterion),
            choices=SCORES,
            coerce=int,
            empty_value=None,
            required=False,
        ),
        "required": forms.BooleanField(label=_("Must be answered"), required=False),
    }


class CriteriaForm(SectionForm):
    section = SectionName.CRITERIA
    count = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=MOST, required=False
    )

    def __init__(self, data=None, *, challenge, revision=0, user=None):
        super().__init__(data, challenge=challenge, revision=revision)
        rows = self.initial.pop("criteria")
        self.number = self.counted(data) if data is not None else len(rows)
        self.initial["count"] = self.number
        for number in range(self.number):
            for name, field in fields().items():
                self.fields[f"{number}-{name}"] = field
            row = rows[number] if number < len(rows) else EMPTY
            self.initial |= {f"{number}-{name}": value for name, value in row.items()}

    @staticmethod
    def counted(data):
        try:
            return min(max(int(data.get("count", "")), 0), MOST)
        except ValueError:
            return 0

    @property
    def rows(self):
        """The bound fields of each criterion by name, in order."""
        return [
            {name: self[f"{number}-{name}"] for name in CRITERION} for number in range(self.number)
        ]

    @property
    def weight(self):
        """The sum of the weights as they stand in the fields."""
        typed = (str(row["weight"].value() or "") for row in self.rows)
        return sum(int(text) for text in typed if text.isdecimal() and len(text) < 4)

    @property
    def values(self):
        return {"criteria": [self.row(number) for number in range(self.number)]}

    def row(self, number):
        typed = {name: self.cleaned_data[f"{number}-{name}"] for name in CRITERION}
        for name in ("weight", "word_limit"):
            if typed[name] is None:
                typed[name] = EMPTY[name]
        return typed

    def changed_by(self, button):
        """The values after "add", or "remove-2", "up-2", "down-2" for the second criterion."""
        rows = self.values["criteria"]
        verb, _sign, number = button.partition("-")
        place = int(number) - 1 if number.isdecimal() and len(number) < 4 else -1
        if verb == "add" and len(rows) < MOST:
            rows.append(dict(EMPTY))
        elif 0 <= place < len(rows):
            move(rows, verb, place)
        return {"criteria": rows}


def move(rows, verb, place):
    if verb == "remove":
        del rows[place]
    elif verb == "up" and place > 0:
        rows.insert(place - 1, rows.pop(place))
    elif verb == "down":
        rows.insert(place + 1, rows.pop(place))
