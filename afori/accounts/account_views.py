"""What allauth's views leave out: saying that a code has run out, and calm when others fail."""

import logging
from functools import wraps
from traceback import extract_tb
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import record_authentication
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.saml.utils import build_saml_config, get_app_or_404
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from onelogin.saml2.errors import OneLogin_Saml2_Error
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from requests import RequestException

LANGUAGE_KEY = "entered_in"
# Answers that are late, broken, forged or used before.
FAILURES = (
    KeyError,
    OAuth2Error,
    OneLogin_Saml2_Error,
    PermissionDenied,
    RequestException,
    SyntaxError,
    TypeError,
    ValueError,
)
logger = logging.getLogger(__name__)


def says_when_over(view):
    """Say so when a code has run out: allauth only leads away."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        starts = ["account_login", "account_email", "account_request_login_code"]
        away = response.get("Location") in map(reverse, starts)
        if away and not messages.get_messages(request).added_new:
            messages.warning(
                request, _("The code has been used or has expired. Ask for a new one.")
            )
        return response

    return wrapped


def counts_as_confirmed(view):
    """Whoever has just set up a second factor need not show it again to see its recovery codes."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if response.get("Location") == reverse("mfa_view_recovery_codes"):
            record_authentication(request, request.user, "mfa", reauthenticated=True)
        return response

    return wrapped


def leaves_by_a_page(view):
    """To an organisation's own log-in by way of a page: our forms may lead to this site alone."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        request.session[LANGUAGE_KEY] = get_language()
        response = calm(view, request, *args, **kwargs)
        address = response.get("Location", "")
        if not urlsplit(address).netloc:
            return response
        return render(request, "socialaccount/leaving.html", {"address": address})

    return wrapped


def returns_in_language(view):
    """The addresses that others send people back to are the same in all languages."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        language = request.session.get(LANGUAGE_KEY, get_language())
        with override(language):
            response = calm(view, request, *args, **kwargs)
        response.headers["Content-Language"] = language
        return response

    return wrapped


def calm(view, request, *args, **kwargs):
    try:
        return view(request, *args, **kwargs)
    except FAILURES as error:
        name, place = "".join(kwargs.values()), extract_tb(error.__traceback__)[-1]
        fault = f"{type(error).__name__} in {place.name}, line {place.lineno}"
        logger.warning("The log-in of %s failed: %s", name, fault)
        return render(request, "socialaccount/authentication_error.html", status=502)


@require_safe
def saml_metadata(request, organization_slug):
    """What an organisation needs to know of us. We do not log people out of others' services."""
    app = get_app_or_404(request, organization_slug)
    config = build_saml_config(request, app.settings, organization_slug)
    del config["sp"]["singleLogoutService"]
    described = OneLogin_Saml2_Settings(settings=config, sp_validation_only=True)
    return HttpResponse(described.get_sp_metadata(), content_type="application/samlmetadata+xml")


def no_single_logout(request, organization_slug):
    raise Http404


saml_metadata.login_required = no_single_logout.login_required = False


def leaves_nothing(view):
    """Logging out also clears what pages have kept in the browser, such as text not saved yet."""

    @wraps(view)
    def cleared(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            response.headers["Clear-Site-Data"] = '"storage"'
        return response

    return cleared
