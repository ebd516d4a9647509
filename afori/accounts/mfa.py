"""Who must have a second factor to log in, and the way to it."""

from allauth.mfa.adapter import get_adapter
from django.conf import settings
from django.core.cache import caches
from django.shortcuts import redirect

OPEN = {
    "accounts:second_factor",
    "account_email",
    "account_email_verification_sent",
    "account_logout",
    "account_reauthenticate",
}
HEADING_KEY = "heading_for"
ORDINARY = 60  # seconds that a process remembers of somebody that nothing requires it of them
reasons = []


def required_for(predicate):
    """Require a second factor of those for whom the predicate holds.

    Apps above this one add theirs in their `rules.py`. It is asked about those whom nothing else
    requires it of, once a minute in each process: one short question to the database at most.
    """
    reasons.append(predicate)
    return predicate


def needs_second_factor(user):
    """Staff, superusers, administrators of organisations, and those that other apps name."""
    return user.is_authenticated and (
        user.is_staff
        or user.is_superuser
        or any(membership.is_admin for membership in user.active_memberships)
        or is_named(user)
    )


def is_named(user):
    """Whether another app requires it. Who is named anew is led to the page within a minute."""
    key = f"ordinary-{user.pk}"
    if caches["process"].get(key):
        return False
    named = any(reason(user) for reason in reasons)
    if not named:
        caches["process"].set(key, True, ORDINARY)
    return named


def has_second_factor(user):
    return get_adapter().is_mfa_enabled(user)


def take_heading(request):
    """Where the person was heading when the second factor stopped them, "" if nowhere."""
    return request.session.pop(HEADING_KEY, "")


class RequireMFA:
    """Leads those who lack a second factor that they need to the page that sets one up."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not settings.AFORI_REQUIRE_MFA or is_open(request.resolver_match.view_name):
            return None
        if not needs_second_factor(request.user) or has_second_factor(request.user):
            return None
        if request.method == "GET":
            request.session[HEADING_KEY] = request.get_full_path()
        return redirect("accounts:second_factor")


def is_open(name):
    return name in OPEN or name.startswith("mfa_")
