from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class PersonForm(forms.Form):
    """Somebody by e-mail address. Gives the person."""

    address = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("Of somebody with an account here."),
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = people

    def clean_address(self):
        address = self.cleaned_data["address"].lower()
        person = self.people.filter(email=address, is_active=True).first()
        if person is None:
            raise ValidationError(
                _(
                    "Nobody with an account has this address. Ask them to create one, then name "
                    "them here. Nothing has been sent."
                ),
                code="unknown",
            )
        return person
