from django.core.management.base import BaseCommand

from afori.accounts.groups import make_editors


class Command(BaseCommand):
    help = "Make the group of editors, or give it the permissions that it should have."

    def handle(self, **options):
        group = make_editors()
        self.stdout.write(f"{group.name}: {group.permissions.count()} permissions")
