"""allauth's forms in our words: plain labels, no placeholders, help where it is needed."""

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

EMAIL = _("E-mail address")
PASSWORD = _("Password")
NEW_PASSWORD = _("New password")
CODE = _("Code")
PASSWORD_HELP = _("At least 12 characters. Three or four words in a row are easy to remember.")


class OurWords:
    """Mixin: `labels` and `helps` by field, `left_out` for fields that are not asked."""

    labels = {}
    helps = {}
    left_out = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.left_out:
            self.fields.pop(name, None)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.helps.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class Code(OurWords):
    labels = {"code": CODE}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"autocapitalize": "characters", "spellcheck": "false"}


class SixDigits(OurWords):
    labels = {"code": CODE}
    helps = {"code": _("Six digits from the app, or one of your recovery codes.")}


class LoginForm(OurWords, account.LoginForm):
    labels = {
        "login": EMAIL,
        "password": PASSWORD,
        "remember": _("Stay logged in on this device for two weeks"),
    }


class SignupForm(OurWords, account.SignupForm):
    name = forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ["name", "email", "password1"]
    labels = {"name": _("Your name"), "email": EMAIL, "password1": PASSWORD}
    helps = {
        "email": _("Use your address at work: we can then find your organisation for you."),
        "password1": PASSWORD_HELP,
    }

    def signup(self, request, user):
        user.name = self.cleaned_data["name"]
        user.language = get_language()
        user.save(update_fields=["name", "language"])


class AddEmailForm(OurWords, account.AddEmailForm):
    labels = {"email": _("New e-mail address")}


class ChangePasswordForm(OurWords, account.ChangePasswordForm):
    labels = {"oldpassword": _("Current password"), "password1": NEW_PASSWORD}
    helps = {"password1": PASSWORD_HELP}
    left_out = ("password2",)


class NewPasswordForm(OurWords, account.ResetPasswordKeyForm):
    labels = {"password1": NEW_PASSWORD}
    helps = {"password1": PASSWORD_HELP}
    left_out = ("password2",)


class ResetPasswordForm(OurWords, account.ResetPasswordForm):
    labels = {"email": EMAIL}


class ReauthenticateForm(OurWords, account.ReauthenticateForm):
    labels = {"password": PASSWORD}


class ConfirmEmailForm(Code, account.ConfirmEmailVerificationCodeForm):
    pass


class ConfirmResetForm(Code, account.ConfirmPasswordResetCodeForm):
    pass


class AuthenticateForm(SixDigits, mfa.AuthenticateForm):
    pass


class ReauthenticateByCodeForm(SixDigits, mfa.ReauthenticateForm):
    pass


class ActivateTOTPForm(SixDigits, totp.ActivateTOTPForm):
    helps = {"code": _("The six digits that the app shows now.")}
