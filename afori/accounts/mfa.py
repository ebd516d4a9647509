"""Who must have a second factor to log in, and the way to it."""

from allauth.mfa.adapter import get_adapter
from django.conf import settings
from django.shortcuts import redirect

OPEN = {"accounts:second_factor", "account_logout", "account_reauthenticate"}


def needs_second_factor(user):
    """Staff, superusers, and administrators of verified buyers."""
    return user.is_authenticated and (
        user.is_staff or user.is_superuser or any(map(guards_buyer, user.active_memberships))
    )


def guards_buyer(membership):
    organisation = membership.organisation
    return membership.is_admin and organisation.is_buyer and organisation.is_verified


def has_second_factor(user):
    return get_adapter().is_mfa_enabled(user)


class RequireMFA:
    """Leads those who lack a second factor that they need to the page that sets one up."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not settings.AFORI_REQUIRE_MFA or is_open(request.resolver_match.view_name):
            return None
        if needs_second_factor(request.user) and not has_second_factor(request.user):
            return redirect("accounts:second_factor")
        return None


def is_open(name):
    return name in OPEN or name.startswith("mfa_")
