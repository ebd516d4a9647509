from django import forms
from django.utils.translation import gettext_lazy as _


class VerificationForm(forms.Form):
    message = forms.CharField(
        label=_("Message to those who check"),
        help_text=_("Say what has changed, or what they should know."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
