"""allauth's pages under translated addresses; the names are allauth's."""

from allauth.account import views as account
from allauth.decorators import rate_limit
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from allauth.socialaccount.providers.saml import views as saml
from allauth.usersessions import views as sessions
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

from .account_views import counts_as_confirmed, leaves_by_a_page, leaves_nothing, says_when_over
from .even import LOGIN_CODE, RESET_CODE, SIGN_UP_CODE, answers_alike, mails_alike
from .limits import limits_mail


def mails_code(view, template, then):
    """A page that mails a code to whoever is named: limited, and alike for all."""
    return limits_mail(mails_alike(template, then)(view))


def asks_for_code(view, template, reads=1):
    """A page that asks for a code: limited, alike for all, and clear when the code is over."""
    return rate_limit(action="confirm_code")(says_when_over(answers_alike(template, reads)(view)))


password_urls = [
    path(_("change/"), account.password_change, name="account_change_password"),
    path(_("set/"), account.password_set, name="account_set_password"),
    path(
        _("reset/"),
        mails_code(account.password_reset, RESET_CODE, "account_confirm_password_reset_code"),
        name="account_reset_password",
    ),
    path(
        _("reset/code/"),
        asks_for_code(account.confirm_password_reset_code, RESET_CODE),
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
    path(_("on/"), counts_as_confirmed(totp.activate_totp), name="mfa_activate_totp"),
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
passkey_urls = [
    path("", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path(_("new/"), counts_as_confirmed(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path(_("login/"), passkeys.login_webauthn, name="mfa_login_webauthn"),
    path(_("first/"), passkeys.signup_webauthn, name="mfa_signup_webauthn"),
    path(_("confirm/"), passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path(_("<int:pk>/rename/"), passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path(_("<int:pk>/remove/"), passkeys.remove_webauthn, name="mfa_remove_webauthn"),
]
provider_urls = [
    path("", social.connections, name="socialaccount_connections"),
    path(_("cancelled/"), social.login_cancelled, name="socialaccount_login_cancelled"),
    path(_("create/"), social.signup, name="socialaccount_signup"),
    path(
        "oidc/<slug:provider_id>/",
        leaves_by_a_page(openid_connect.login),
        name="openid_connect_login",
    ),
    path("saml/<slug:organization_slug>/", leaves_by_a_page(saml.login), name="saml_login"),
]
urlpatterns = [
    path(
        _("login/"),
        mails_code(account.login, LOGIN_CODE, "account_confirm_login_code"),
        name="account_login",
    ),
    path(
        _("login/code/"),
        mails_code(account.request_login_code, LOGIN_CODE, "account_confirm_login_code"),
        name="account_request_login_code",
    ),
    path(
        _("login/code/enter/"),
        asks_for_code(account.confirm_login_code, LOGIN_CODE),
        name="account_confirm_login_code",
    ),
    path(_("logout/"), leaves_nothing(account.logout), name="account_logout"),
    path(_("closed/"), account.account_inactive, name="account_inactive"),
    path(_("create/"), account.signup, name="account_signup"),
    path(
        _("create/code/"),
        asks_for_code(account.email_verification_sent, SIGN_UP_CODE, reads=3),
        name="account_email_verification_sent",
    ),
    path(_("create/passkey/"), account.signup_by_passkey, name="account_signup_by_passkey"),
    path(_("confirm/"), account.reauthenticate, name="account_reauthenticate"),
    path(_("email/"), account.email, name="account_email"),
    path(_("password/"), include(password_urls)),
    path(_("two-step/"), include(two_step_urls)),
    path(_("passkeys/"), include(passkey_urls)),
    path(_("organisation-login/"), include(provider_urls)),
    path(_("sessions/"), sessions.list_usersessions, name="usersessions_list"),
]
