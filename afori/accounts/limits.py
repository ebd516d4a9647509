"""How often one may try: per network address and per account. Counted by allauth's limiter."""

from functools import wraps
from ipaddress import ip_address, ip_network

from allauth.core.internal import ratelimit
from allauth.core.ratelimit import consume_or_429
from django.conf import settings

from .domains import address_key

UNKNOWN = ip_address(0)  # a visitor through a socket: all such share their limits


def network_address(request):
    """The visitor's address. X-Forwarded-For counts as far as our own proxies have written it."""
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    proxies = settings.AFORI_TRUSTED_PROXIES
    told = hops[-proxies] if 0 < proxies <= len(hops) else ""
    return parsed(told) or parsed(request.META.get("REMOTE_ADDR", "")) or UNKNOWN


def parsed(text):
    """The address in "192.0.2.1", "192.0.2.1:80", "2001:db8::1" or "[2001:db8::1]:80", or None."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def network_of(address, ipv4, ipv6):
    """The address without its last bits, as text: `ipv4` and `ipv6` say how many bits stay."""
    length = ipv4 if address.version == 4 else ipv6
    return str(ip_network((address, length), strict=False).network_address)


def limits_mail(view):
    """Wrap a view that mails whoever is named: one network cannot use up what an address gets."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        refusal = None
        if named := address_key(mailed_to(request)):
            key = f"{named}|{ratelimit.get_ip(request)}"
            refusal = consume_or_429(request, action="mail_from_network", key=key)
        return refusal or view(request, *args, **kwargs)

    return wrapped


def mailed_to(request):
    """The address that the form asks a mail for, as typed; "" if it asks for none."""
    if request.resolver_match.url_name != "account_login":
        return request.POST.get("email", "")
    return request.POST.get("login", "") if "by_code" in request.POST else ""


class Limits:
    """Mixin of the adapter.

    Wrong passwords are counted for each account and network, so that nobody is locked out by
    attempts from elsewhere, and more generously for the account, so that many networks together
    cannot go on guessing.
    """

    def get_client_ip(self, request):
        return str(network_address(request))

    def _get_login_attempts_cache_key(self, request, **credentials):
        return f"{credentials['email']}|{ratelimit.get_ip(request)}"

    def pre_authenticate(self, request, **credentials):
        super().pre_authenticate(request, **credentials)
        anywhere = ratelimit.consume(
            request,
            app="allauth.account",
            action="login_failed_anywhere",
            key=credentials["email"],
        )
        if not anywhere:
            raise self.validation_error("too_many_login_attempts")
        self._login_failed_rl_usage.usage += anywhere.usage
