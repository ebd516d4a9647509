"""Mails and notifications. They stand above this app, so the settings name who sends them."""

from django.conf import settings
from django.utils.module_loading import import_string

NOBODY = "nobody@afori.invalid"  # mails to this address are made up and never leave


def tell(users, kind, subject):
    """Notify people, each once, about the subject; `kind` is the name of a registered kind."""
    import_string(settings.AFORI_TELL)(users, f"accounts.{kind}", subject)


def queue_mail(template_prefix, email, context):
    """Queue one of allauth's mails in the transaction that makes it true."""
    import_string(settings.AFORI_ACCOUNT_MAIL)(template_prefix, email, context)
