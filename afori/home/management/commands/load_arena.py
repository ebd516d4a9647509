from django.core.management.base import BaseCommand

from afori.home.arena import load_arena


class Command(BaseCommand):
    help = "Loads the reference content. Run again, it adds only what is missing."

    def add_arguments(self, parser):
        parser.add_argument(
            "--refresh",
            action="store_true",
            help="overwrite what is there with the files, editors' changes included",
        )

    def handle(self, *, refresh, **options):
        written = load_arena(refresh=refresh)
        for kind, count in written.items():
            if count:
                self.stdout.write(f"{kind}: {count}")
        if not any(written.values()):
            self.stdout.write("Nothing to add.")
