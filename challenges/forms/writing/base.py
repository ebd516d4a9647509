"""A section of a challenge as a form, and the fields that sections are made of."""

from django import forms
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.text import capfirst

from afori.common.fields import WholeNumberField, long_text

from ...models import Challenge, SectionName
from ...sections import stored
from ..answering import MOST_CHARACTERS

capital = lazy(capfirst, str)
MOST_KRONOR = 10**12
BIGGEST_REVISION = 2_000_000_000


def label_of(name, model=Challenge):
    """The field's name, as a label begins; translated when it is shown."""
    return capital(model._meta.get_field(name).verbose_name)


def line(name, **options):
    """One line of text, as long as the model's field."""
    longest = Challenge._meta.get_field(name).max_length
    return forms.CharField(label=label_of(name), max_length=longest, **options)


def long(name, rows=10, **options):
    return long_text(label_of(name), MOST_CHARACTERS, rows=rows, **options)


def boxes(name, choices, **options):
    return forms.MultipleChoiceField(
        label=label_of(name), choices=choices, widget=forms.CheckboxSelectMultiple, **options
    )


def radios(name, choices, **options):
    return forms.ChoiceField(
        label=label_of(name), choices=choices, widget=forms.RadioSelect, **options
    )


def described(choices, texts):
    """Choices for the eye, each with what it means below its name."""
    layout = '{}<br><span class="small muted">{}</span>'
    return [(value, format_html(layout, label, texts[value])) for value, label in choices]


def money(name, **options):
    return WholeNumberField(
        label=label_of(name), min_value=0, max_value=MOST_KRONOR, required=False, **options
    )


class SectionForm(forms.Form):
    """One section, with the revision that it was opened with."""

    section: SectionName
    use_required_attribute = False
    revision = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=BIGGEST_REVISION, required=False
    )

    def __init__(self, data=None, *, challenge, revision=0, user=None):
        self.challenge = challenge
        initial = {**stored(challenge, self.section), "revision": revision}
        super().__init__(data, initial=initial)

    def full_clean(self):
        wanted = [field for field in self.fields.values() if field.required]
        for field in wanted:
            field.required = False
        super().full_clean()
        for field in wanted:
            field.required = True

    @property
    def values(self):
        """What was typed, by field of the challenge."""
        return {name: typed for name, typed in self.cleaned_data.items() if name != "revision"}

    @property
    def from_revision(self):
        return self.cleaned_data["revision"] or 0

    @property
    def has_english(self):
        return any(name.endswith("_en") for name in self.fields)
