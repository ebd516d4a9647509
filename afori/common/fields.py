import re

from django import forms

SPACES = re.compile(r"\s")


def text_area(rows, **attrs):
    return forms.Textarea(attrs={"rows": rows, **attrs})


def long_text(label, most, *, rows=3, field=forms.CharField, **options):
    """A text of several lines, of at most so many characters."""
    return field(label=label, max_length=most, widget=text_area(rows), **options)


class WholeNumberField(forms.IntegerField):
    """A whole number as people write it, with spaces between the thousands."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def to_python(self, value):
        return super().to_python(SPACES.sub("", value) if isinstance(value, str) else value)
