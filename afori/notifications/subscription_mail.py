"""Mails to those who ask for news by e-mail alone, and what becomes of that with an account."""

import json
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, user_signed_up
from django.dispatch import receiver
from django.urls import reverse

from afori.taxonomy.models import Topic

from .letters import Withheld, absolute, letter
from .models import Reader
from .registry import register
from .subscribing import has_account, link_to_confirm, take_over


def templates(name):
    return [f"emails/notifications/{name}.{ending}" for ending in ("subject.txt", "txt", "html")]


@dataclass(frozen=True)
class AskedMail:
    """To an address: do you want this? The topics wait encrypted until it is sent."""

    name: str

    def letter(self, mail):
        reader = Reader.objects.filter(pk=mail.subject_id, user=None).first()
        if reader is None or has_account(mail.address):
            raise Withheld("gone")
        ids = json.loads(mail.secret)
        context = {"topics": Topic.objects.filter(pk__in=ids), "url": link_to_confirm(reader, ids)}
        return letter(mail.address, templates("asked"), context)


@dataclass(frozen=True)
class HasAccountMail:
    """To an address that is an account's: log in instead."""

    name: str

    def letter(self, mail):
        url = absolute(reverse("account_login"))
        return letter(mail.address, templates("has_account"), {"url": url})


ASKED = register(AskedMail("notifications.asked"))
HAS_ACCOUNT = register(HasAccountMail("notifications.has_account"))


@receiver(email_confirmed)
def take_over_confirmed(request, email_address, **kwargs):
    take_over(email_address.user, email_address.email)


@receiver(user_signed_up)
def take_over_signed_up(request, user, **kwargs):
    """Those who come from a service that has confirmed their address confirm none here."""
    for address in EmailAddress.objects.filter(user=user, verified=True):
        take_over(user, address.email)
