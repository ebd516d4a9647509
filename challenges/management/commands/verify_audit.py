from django.core.management.base import BaseCommand, CommandError

from challenges import audit


class Command(BaseCommand):
    help = "Says whether the audit chain is whole and holds what receipts and protocols tell."

    def handle(self, **options):
        verdict = audit.verify()
        if verdict.broken:
            raise CommandError(f"Broken after {verdict.entries} entries: {verdict.broken}")
        self.stdout.write(f"{verdict.entries} entries in order. Head: {verdict.head}")
