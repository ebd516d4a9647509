from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from afori.home import demo


class Command(BaseCommand):
    help = "Loads fictitious people and challenges. Only where AFORI_DEMO is set."

    def add_arguments(self, parser):
        parser.add_argument("--people", action="store_true", help="only print the log-ins")

    def handle(self, *, people: bool, **options):
        if not settings.AFORI_DEMO:
            raise CommandError("This is not a demo: AFORI_DEMO is not set.")
        if people:
            self.print_people()
        else:
            demo.load_demo()

    def print_people(self):
        rows = demo.people()
        labels = max(len(label) for label, _email, _hint in rows)
        emails = max(len(email) for _label, email, _hint in rows)
        for label, email, hint in rows:
            self.stdout.write(f"  {label:<{labels}}  {email:<{emails}}  {hint}")
        self.stdout.write(f"\n  Password for all of them: {demo.PASSWORD}")
