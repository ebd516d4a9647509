"""allauth's forms for passkeys. What a device answers arrives as JSON in `credential`."""

from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .account_forms import OurWords

NAME = _("What you call it")
NAME_HELP = _("So that you can tell it from others, for example My phone.")
REFUSED = _("The passkey was not accepted. Try again, or choose another way.")
# What the library raises on answers that no device gives.
NONSENSE = (ValidationError, AttributeError, KeyError, TypeError, ValueError)


class Creating(OurWords):
    labels = {"name": NAME}
    helps = {"name": NAME_HELP}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].max_length = 50
        self.fields["name"].widget.attrs["maxlength"] = 50

    def clean_name(self):
        return super().clean_name()[:50]

    def clean(self):
        try:
            return super().clean()
        except NONSENSE:
            raise ValidationError(REFUSED, code="passkey") from None


class AddPasskeyForm(Creating, webauthn.AddWebAuthnForm):
    """`passwordless` is not asked: each passkey is one that can be logged in with alone."""

    passwordless = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)


class SignupForm(Creating, webauthn.SignupWebAuthnForm):
    pass


class RenamePasskeyForm(OurWords, webauthn.EditWebAuthnForm):
    name = forms.CharField(max_length=50)
    labels = {"name": NAME}
    helps = {"name": NAME_HELP}


class Answering:
    def clean_credential(self):
        try:
            return super().clean_credential()
        except NONSENSE as error:
            if getattr(error, "code", "") == "too_many_login_attempts":
                raise
            raise ValidationError(REFUSED, code="passkey") from None


class LoginForm(Answering, webauthn.LoginWebAuthnForm):
    pass


class AuthenticateForm(Answering, webauthn.AuthenticateWebAuthnForm):
    pass


class ReauthenticateForm(Answering, webauthn.ReauthenticateWebAuthnForm):
    pass
