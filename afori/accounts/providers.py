"""Organisations' own log-ins (OIDC and SAML): how far each is trusted.

Staff describe one in the admin. Its `settings` say, beside what the library reads:
`domains`  e-mail domains whose addresses the organisation vouches for; no others are believed
`secret`   the client secret, encrypted
"""

import logging

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from afori.common.crypto import decrypt, encrypt

from .domains import address_key
from .guarded import is_guarded, owner_of

logger = logging.getLogger(__name__)
CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
MICROSOFT = "http://schemas.microsoft.com/identity/claims"
ATTRIBUTES = {
    "uid": ["urn:oasis:names:tc:SAML:attribute:subject-id", f"{MICROSOFT}/objectidentifier"],
    "email": ["urn:oid:0.9.2342.19200300.100.1.3", f"{CLAIMS}/emailaddress", "mail", "email"],
    "name": ["urn:oid:2.16.840.1.113730.3.1.241", f"{MICROSOFT}/displayname", "displayName"],
    "first_name": ["urn:oid:2.5.4.42", f"{CLAIMS}/givenname", "givenName"],
    "last_name": ["urn:oid:2.5.4.4", f"{CLAIMS}/surname", "sn"],
}


class ProviderAdapter(DefaultSocialAccountAdapter):
    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "connected_other": _("Another account uses this log-in."),
        "disconnect_last": _("You cannot remove your only way to log in."),
        "email_taken": _("Another account has this address. Log in to it first (%s)."),
        "no_password": _("Choose a password before you remove this log-in."),
        "no_verified_email": _("Confirm your e-mail address before you remove this log-in."),
    }

    def on_authentication_error(
        self, request, provider, error=None, exception=None, extra_context=None
    ):
        why = type(exception).__name__ if exception else error
        logger.warning("The log-in of %s failed: %s", provider.sub_id, why)

    def list_apps(self, request, provider=None, client_id=None):
        """What staff have described, as the library reads it."""
        return [hardened(one) for one in super().list_apps(request, provider, client_id)]

    def populate_user(self, request, sociallogin, data):
        """Name and language; what the provider itself says of an address is not believed."""
        user = super().populate_user(request, sociallogin, data)
        both = f"{data.get('first_name') or ''} {data.get('last_name') or ''}".strip()
        user.name = (data.get("name") or both)[:150]
        user.language = get_language()
        user.email = address_key(user.email) or user.email
        for address in sociallogin.email_addresses:
            address.email = address_key(address.email) or address.email
            address.verified = self.is_email_verified(sociallogin.provider, address.email)
        return user

    def is_email_verified(self, provider, email):
        return vouches_for(provider.app, email)

    def can_authenticate_by_email(self, login, email):
        """An existing account is entered only by an address that both sides have verified, and not
        if it is guarded: its owner connects the log-in first.
        """
        owner = owner_of(email)
        return vouches_for(login.provider.app, email) and bool(owner) and not is_guarded(owner)

    def pre_social_login(self, request, sociallogin):
        """Say what to do to whoever is kept out of their own account."""
        if request.user.is_authenticated or sociallogin.is_existing:
            return
        app = sociallogin.provider.app
        vouched = [one.email for one in sociallogin.email_addresses if vouches_for(app, one.email)]
        if any(owner and is_guarded(owner) for owner in map(owner_of, vouched)):
            context = {"name": app.name}
            page = render(request, "socialaccount/connect_first.html", context, status=403)
            raise ImmediateHttpResponse(page)

    def is_auto_signup_allowed(self, request, sociallogin):
        """The form is skipped where there is nothing left to ask."""
        return bool(sociallogin.user.name) and super().is_auto_signup_allowed(request, sociallogin)


def vouches_for(app, email):
    """Whether the organisation behind the log-in answers for the address."""
    domain = address_key(email).rpartition("@")[2]
    return bool(domain) and domain in app.settings.get("domains", [])


def hardened(app):
    """With the secret in the clear and the rules that always hold. It is never saved again."""
    stored = app.settings
    app.secret = open_secret(stored)
    app.settings = {
        **stored,
        "oauth_pkce_enabled": True,
        "attribute_mapping": ATTRIBUTES,
        "advanced": {
            "allow_single_label_domains": not settings.SECURE,
            "reject_idp_initiated_sso": not stored.get("allow_idp_initiated", False),
            "reject_deprecated_algorithm": True,
            "strict": True,
            "want_assertion_signed": True,
        },
    }
    return app


def seal_secret(secret):
    return encrypt(secret.encode()).decode()


def open_secret(stored):
    return decrypt(stored["secret"].encode()).decode() if stored.get("secret") else ""
