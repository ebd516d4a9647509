"""What the pages of logging in need to know of the ways in."""

import json
from dataclasses import dataclass
from ipaddress import ip_address

from allauth.socialaccount.adapter import get_adapter
from django import template
from django.core.exceptions import ObjectDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@dataclass(frozen=True)
class Passkeys:
    """Whether passkeys work at this address, and else one where they do, if there is one."""

    work: bool
    address: str = ""


@register.simple_tag(takes_context=True)
def passkeys_here(context):
    """Browsers bind a passkey to a name: not to a number, and not without encryption."""
    request = context["request"]
    host, colon, port = request.get_host().partition(":")
    if host == "localhost" or (request.is_secure() and not is_number(host)):
        return Passkeys(True)
    if is_number(host) and ip_address(host).is_loopback:
        return Passkeys(False, f"http://localhost{colon}{port}{request.get_full_path()}")
    return Passkeys(False)


def is_number(host):
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


@register.simple_tag(takes_context=True)
def organisation_logins(context):
    """The organisations that have a log-in of their own, by name."""
    return sorted(
        get_adapter().list_providers(context["request"]), key=lambda one: one.name.casefold()
    )


@register.simple_tag(takes_context=True)
def login_address(context, provider, **query):
    return provider.get_login_url(context["request"], **query)


@register.filter
def as_json(value):
    """For a data attribute that a script reads."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.simple_tag
def provider_name(account):
    """What the log-in that an account is connected to is called; its own key if it is gone."""
    try:
        return account.get_provider().name
    except ObjectDoesNotExist:
        return account.provider
