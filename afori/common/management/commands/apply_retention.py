from django.core.management.base import BaseCommand, CommandError

from afori.common import retention


class Command(BaseCommand):
    help = "Removes what has been kept for long enough, as each night."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="count only, change nothing")

    def handle(self, *args, dry_run, **options):
        if dry_run:
            done = {rule.name: rule.count() for rule in retention.rules()}
        else:
            done = retention.apply_all()
        for name, number in done.items():
            self.stdout.write(f"{name}: {'failed' if number is None else number}")
        if None in done.values():
            raise CommandError("Some rules failed; the log says why.")
