"""Mails about a person's own account: codes, changed addresses, second factors. allauth asks."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from afori.accounts.telling import NOBODY
from afori.common.models import new_token

from .actions import queue_mail
from .letters import Withheld, absolute, letter
from .registry import register

CODE_LIVES = timedelta(minutes=15)
LEFT_OUT = {"request", "current_site", "ip", "user_agent", "user"}


@dataclass(frozen=True)
class AccountMail:
    """Mail whose content lives encrypted in the outbox until it is sent."""

    name: str

    def letter(self, mail):
        if mail.address == NOBODY:
            raise Withheld("nobody")
        content = json.loads(mail.secret)
        if mail.user and not mail.user.is_active:
            raise Withheld("inactive")
        if content["until"] and datetime.fromisoformat(content["until"]) < timezone.now():
            raise Withheld("expired")
        prefix = content["template"]
        templates = [f"{prefix}_subject.txt", f"{prefix}_message.txt", f"{prefix}_message.html"]
        return letter(mail.address, templates, {**content["context"], "user": mail.user})


ACCOUNT_MAIL = register(AccountMail("account"))


def queue_account_mail(template_prefix, email, context, user=None, language=None):
    """Queue one of allauth's mails, for example "account/email/email_confirmation".

    Its templates `<prefix>_subject.txt`, `_message.txt` and `_message.html` extend `emails/base`
    and get the texts, numbers and truth values of `context` (not the request, the site, the
    person's network address or browser), `email`, and `user` (None for strangers). Addresses of
    pages become absolute. With a `code` in it, the mail is withheld when it cannot be sent within
    fifteen minutes. `user` defaults to the context's, `language` to the page's.
    """
    known = user or context.get("user")
    user = known if known is not None and known.pk else None
    secret = {
        "template": template_prefix,
        "context": {**reduced(context), "email": email},
        "until": (timezone.now() + CODE_LIVES).isoformat() if "code" in context else None,
    }
    queue_mail(
        kind=ACCOUNT_MAIL.name,
        key=f"account:{template_prefix.rpartition('/')[2]}:{new_token()}",
        address=email,
        user=user,
        language=language,
        secret=json.dumps(secret),
    )


def reduced(context):
    """What of the context can wait as JSON. Lazy texts and other objects are left out."""
    simple = {
        key: value
        for key, value in context.items()
        if key not in LEFT_OUT and (value is None or isinstance(value, str | int | float | bool))
    }
    links = {key: absolute(value) for key, value in simple.items() if key.endswith("url") and value}
    return {**simple, **links}
