"""allauth's pages under translated addresses; the names are allauth's."""

from functools import wraps

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.usersessions import views as sessions
from django.contrib import messages
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _


def says_when_over(view):
    """Say so when a code has run out: allauth only leads away."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        away = response.get("Location") in {reverse("account_login"), reverse("account_email")}
        if away and not messages.get_messages(request).added_new:
            messages.warning(
                request, _("The code has been used or has expired. Ask for a new one.")
            )
        return response

    return wrapped


password_urls = [
    path(_("change/"), account.password_change, name="account_change_password"),
    path(_("set/"), account.password_set, name="account_set_password"),
    path(_("reset/"), account.password_reset, name="account_reset_password"),
    path(
        _("reset/code/"),
        says_when_over(account.confirm_password_reset_code),
        name="account_confirm_password_reset_code",
    ),
    path(_("reset/new/"), account.complete_password_reset, name="account_complete_password_reset"),
    path(
        _("reset/done/"),
        account.password_reset_from_key_done,
        name="account_password_reset_completed",
    ),
]
two_step_urls = [
    path("", mfa.index, name="mfa_index"),
    path(_("code/"), mfa.authenticate, name="mfa_authenticate"),
    path(_("confirm/"), mfa.reauthenticate, name="mfa_reauthenticate"),
    path(_("on/"), totp.activate_totp, name="mfa_activate_totp"),
    path(_("off/"), totp.deactivate_totp, name="mfa_deactivate_totp"),
    path(_("recovery-codes/"), recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        _("recovery-codes/new/"),
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        _("recovery-codes/download/"),
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
urlpatterns = [
    path(_("login/"), account.login, name="account_login"),
    path(_("logout/"), account.logout, name="account_logout"),
    path(_("closed/"), account.account_inactive, name="account_inactive"),
    path(_("create/"), account.signup, name="account_signup"),
    path(
        _("create/code/"),
        says_when_over(account.email_verification_sent),
        name="account_email_verification_sent",
    ),
    path(_("confirm/"), account.reauthenticate, name="account_reauthenticate"),
    path(_("email/"), account.email, name="account_email"),
    path(_("password/"), include(password_urls)),
    path(_("two-step/"), include(two_step_urls)),
    path(_("sessions/"), sessions.list_usersessions, name="usersessions_list"),
]
