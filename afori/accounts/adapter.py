from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from afori.common.crypto import decrypt, encrypt

from .limits import Limits
from .models import SignIn, User
from .sign_in_history import note_failure, note_success
from .telling import queue_mail

WRONG_CODE = _("The code is not right. Check it, or ask for a new one.")
# Ways to show once more that it is you, the quickest first.
WAYS = {
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
    "reauthenticate": _("Use your password"),
    "mfa_reauthenticate": _("Use a code from the app, or a recovery code"),
}


class AccountAdapter(Limits, DefaultAccountAdapter):
    """allauth with our mail queue, our way after sign-up and our words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "cannot_remove_primary_email": _("You cannot remove the address that you log in with."),
        "duplicate_email": _("This is your address already."),
        "email_password_mismatch": _(
            "E-mail address or password is wrong. Check both, or choose a new password."
        ),
        "email_taken": _("Another account has this address."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": WRONG_CODE,
        "incorrect_password": _("The password is wrong."),
        "rate_limited": _("Too many attempts. Wait a few minutes and try again."),
        "too_many_login_attempts": _(
            "Too many attempts. Wait five minutes, at most an hour, or log in in another way."
        ),
    }

    def send_mail(self, template_prefix, email, context):
        self.request.mail_queued = True
        queue_mail(template_prefix, email, context)

    def authentication_failed(self, request, **credentials):
        if request.user.is_authenticated:  # confirms a log-in, is none
            return
        user = User.objects.filter(email=credentials["email"]).only("pk").first()
        note_failure(request, user, SignIn.Method.PASSWORD)

    def post_login(self, request, user, **kwargs):
        note_success(request, user, signed_up=kwargs["signup"])
        return super().post_login(request, user, **kwargs)

    def is_safe_url(self, url):
        """Only paths of this site."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_signup_redirect_url(self, request):
        return reverse("accounts:organisation_start")

    def get_reauthentication_methods(self, user):
        known = {one["id"]: one for one in super().get_reauthentication_methods(user)}
        ways = ((known[key], words) for key, words in WAYS.items() if key in known)
        return [{**one, "description": words} for one, words in ways]

    def get_password_change_redirect_url(self, request):
        return reverse("accounts:settings")


class MFAAdapter(DefaultMFAAdapter):
    """Keys of second factors are encrypted at rest."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("The code is not right. Wait for the next one in the app and try it."),
        "unverified_email": _("Verify your e-mail address first."),
    }

    def generate_authenticator_name(self, user, type):  # noqa: A002
        number = user.authenticator_set.filter(type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}

    def encrypt(self, text):
        return encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return decrypt(encrypted_text.encode()).decode()
