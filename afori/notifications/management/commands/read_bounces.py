import imaplib

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from afori.notifications.bounce_mailbox import read_mailbox


class Command(BaseCommand):
    help = "Read the mailbox of delivery reports now, instead of when beat asks for it."

    def handle(self, **options):
        if not settings.AFORI_BOUNCE_MAILBOX:
            raise CommandError("AFORI_BOUNCE_MAILBOX is not set.")
        try:
            number = read_mailbox(settings.AFORI_BOUNCE_MAILBOX)
        except (OSError, imaplib.IMAP4.error) as error:
            raise CommandError(f"The mailbox cannot be read: {type(error).__name__}") from error
        self.stdout.write(f"{number} reports")
