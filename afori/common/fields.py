import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

SPACES = re.compile(r"\s")
FIRST_YEAR, LAST_YEAR = 2000, 2100


def text_area(rows, **attrs):
    return forms.Textarea(attrs={"rows": rows, **attrs})


def long_text(label, most, *, rows=3, field=forms.CharField, **options):
    """A text of several lines, of at most so many characters."""
    return field(label=label, max_length=most, widget=text_area(rows), **options)


def check_year(value):
    """For each day and time that people write: a slip such as the year 27 is told at once."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValidationError(
            _("Write a year from %(first)s to %(last)s."),
            code="year",
            params={"first": str(FIRST_YEAR), "last": str(LAST_YEAR)},
        )


def day_input():
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day as people write it."""

    widget = day_input()
    default_error_messages = {"invalid": _("Write the date as 2027-01-31.")}
    default_validators = [check_year]


class WholeNumberField(forms.IntegerField):
    """A whole number as people write it, with spaces between the thousands."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def to_python(self, value):
        return super().to_python(SPACES.sub("", value) if isinstance(value, str) else value)
