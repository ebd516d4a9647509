from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class PersonForm(forms.Form):
    """Somebody by e-mail address. Gives the person.

    Where `is_limited` it does not tell whether the address has an account.
    """

    address = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"form": "section"}),
        help_text=_("Of somebody with an account here."),
    )

    def __init__(self, *args, people, is_limited=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.people, self.is_limited = people, is_limited

    def clean_address(self):
        if self.is_limited:
            raise ValidationError(
                _("You have given many addresses lately. Try again in an hour."), code="limited"
            )
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
