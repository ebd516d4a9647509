from django.core.management.base import BaseCommand, CommandError

from afori.accounts.actions import begin_deletion
from afori.accounts.models import User


class Command(BaseCommand):
    help = "Begins to delete the account of a person who cannot ask for it by logging in."

    def add_arguments(self, parser):
        parser.add_argument("address", help="the e-mail address of the account")

    def handle(self, *args, address, **options):
        user = User.objects.filter(email=address.strip().lower()).first()
        if user is None:
            raise CommandError("There is no account with this address.")
        begin_deletion(user)
