"""Mails and notifications. They stand above this app, so the settings name who sends them."""

from django.conf import settings
from django.utils.module_loading import import_string

NOBODY = "nobody@afori.invalid"  # mails to this address are made up and never leave


def tell(users, kind, subject, *, once=""):
    """Notify people, each once, about the subject; `kind` is the name of a registered kind.

    `once` tells repetitions apart that people should hear of again.
    """
    import_string(settings.AFORI_TELL)(users, f"accounts.{kind}", subject, once=once)


def write_to(address, kind, subject, *, user=None):
    """Queue a mail about the subject to an address, in the language of `user` if there is one."""
    import_string(settings.AFORI_WRITE_TO)(address, f"accounts.{kind}", subject, user=user)


def queue_mail(template_prefix, email, context):
    """Queue one of allauth's mails in the transaction that makes it true."""
    import_string(settings.AFORI_ACCOUNT_MAIL)(template_prefix, email, context)
