import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

NUMBER = re.compile("[a-z0-9]{16}")
SHA256 = re.compile("[0-9a-f]{64}")
BETWEEN = re.compile(r"[\s:-]+")


class ReceiptForm(forms.Form):
    """A receipt's number and one of its checksums. Authors may leave the number out."""

    number = forms.CharField(
        label=_("Number of the receipt"),
        help_text=_("Sixteen characters, as in K7QF-29XM-WD4T-A3BC."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    checksum = forms.CharField(
        label=_("Checksum (SHA-256)"),
        help_text=_("That of the answer, of one of its files or of the log. Spaces do not matter."),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args, may_skip_number, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["number"].required = not may_skip_number

    def clean_number(self):
        number = squeezed(self.cleaned_data["number"])
        if number and not NUMBER.fullmatch(number):
            raise ValidationError(_("A receipt's number has sixteen letters and digits."))
        return number

    def clean_checksum(self):
        checksum = squeezed(self.cleaned_data["checksum"])
        if not SHA256.fullmatch(checksum):
            raise ValidationError(_("A checksum has 64 characters, 0–9 and a–f."))
        return checksum


def squeezed(text):
    return BETWEEN.sub("", text).lower()
