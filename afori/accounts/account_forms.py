"""allauth's forms in our words: plain labels, no placeholders, help where it is needed."""

from allauth.account import forms as account
from allauth.account.fields import EmailField
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.socialaccount import forms as social
from django import forms
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .domains import address_key, clean_address
from .even import EvenSignUp

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


class AddressField(EmailField):
    def clean(self, value):
        return clean_address(super().clean(value))


class LoginForm(OurWords, account.LoginForm):
    """The password, or a code by mail: `by_code` is the name of the button that asks for one."""

    labels = {
        "login": EMAIL,
        "password": PASSWORD,
        "remember": _("Stay logged in on this device for two weeks"),
    }

    def clean_login(self):
        return address_key(self.cleaned_data["login"]) or self.cleaned_data["login"]

    def clean(self):
        if "by_code" in self.data:
            self._errors.pop("password", None)
            self.cleaned_data.pop("password", None)
        return super().clean()


class Named(OurWords, forms.Form):
    """Mixin for new accounts: whoever makes one says what they are called."""

    email = AddressField()
    name = forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ["name", "email", "password1"]
    labels = {"name": _("Your name"), "email": EMAIL, "password1": PASSWORD}
    helps = {
        "email": _("Use your address at work: we can then find your organisation for you."),
        "password1": format_lazy(
            "{} {}",
            PASSWORD_HELP,
            _("Leave it empty if you would rather get a code by e-mail each time."),
        ),
    }

    def signup(self, request, user):
        user.name = self.cleaned_data["name"]
        user.language = get_language()
        user.save(update_fields=["name", "language"])


class SignupForm(EvenSignUp, Named, account.SignupForm):
    pass


class ProviderSignupForm(Named, social.SignupForm):
    pass


class DisconnectForm(OurWords, social.DisconnectForm):
    pass


class AddEmailForm(OurWords, account.AddEmailForm):
    email = AddressField()
    labels = {"email": _("New e-mail address")}


class ChangePasswordForm(OurWords, account.ChangePasswordForm):
    labels = {"oldpassword": _("Current password"), "password1": NEW_PASSWORD}
    helps = {"password1": PASSWORD_HELP}
    left_out = ("password2",)


class SetPasswordForm(OurWords, account.SetPasswordForm):
    labels = {"password1": NEW_PASSWORD}
    helps = {"password1": PASSWORD_HELP}
    left_out = ("password2",)


class NewPasswordForm(OurWords, account.ResetPasswordKeyForm):
    labels = {"password1": NEW_PASSWORD}
    helps = {"password1": PASSWORD_HELP}
    left_out = ("password2",)


class ResetPasswordForm(OurWords, account.ResetPasswordForm):
    email = AddressField()
    labels = {"email": EMAIL}


class RequestLoginCodeForm(OurWords, account.RequestLoginCodeForm):
    email = AddressField()
    labels = {"email": EMAIL}


class ReauthenticateForm(OurWords, account.ReauthenticateForm):
    labels = {"password": PASSWORD}


class ConfirmEmailForm(Code, account.ConfirmEmailVerificationCodeForm):
    pass


class ConfirmLoginForm(Code, account.ConfirmLoginCodeForm):
    pass


class ConfirmResetForm(Code, account.ConfirmPasswordResetCodeForm):
    pass


class AuthenticateForm(SixDigits, mfa.AuthenticateForm):
    pass


class ReauthenticateByCodeForm(SixDigits, mfa.ReauthenticateForm):
    pass


class ActivateTOTPForm(SixDigits, totp.ActivateTOTPForm):
    helps = {"code": _("The six digits that the app shows now.")}
