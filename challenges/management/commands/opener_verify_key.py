import base64

from django.core.management.base import BaseCommand, CommandError

from challenges import opener, seal


class Command(BaseCommand):
    help = "Prints AFORI_OPENER_VERIFY_KEY. Run it where AFORI_OPENER_KEK is."
    requires_system_checks = []

    def handle(self, **options):
        try:
            verify_key = seal.verify_key(opener.kek())
        except opener.NotTheOpener as error:
            raise CommandError(str(error)) from error
        self.stdout.write(base64.urlsafe_b64encode(verify_key).decode())
