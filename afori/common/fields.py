import re

from django import forms

SPACES = re.compile(r"\s")


class WholeNumberField(forms.IntegerField):
    """A whole number as people write it, with spaces between the thousands."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def to_python(self, value):
        return super().to_python(SPACES.sub("", value) if isinstance(value, str) else value)
