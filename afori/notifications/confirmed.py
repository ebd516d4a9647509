"""What follows from an address that its owner has shown to be theirs."""

from allauth.account.signals import email_confirmed
from django.dispatch import receiver

from .bounces import start_again


@receiver(email_confirmed)
def mail_may_come_again(email_address, **kwargs):
    start_again(email_address.email)
