from django.core.management.base import BaseCommand, CommandError

from challenges import audit


class Command(BaseCommand):
    help = "Reads the whole audit chain and says whether every entry fits the one before."

    def handle(self, **options):
        verdict = audit.verify()
        if verdict.broken:
            raise CommandError(f"Broken after {verdict.entries} entries: {verdict.broken}")
        self.stdout.write(f"{verdict.entries} entries in order. Head: {verdict.head}")
