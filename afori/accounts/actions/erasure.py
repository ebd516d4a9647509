"""Deleting an account: asking for it, changing one's mind, and the erasing itself."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone, translation

from afori.common import personal_data
from afori.common.states import NotAllowedNow, Refused

from ..models import User
from ..telling import queue_mail, tell

WAIT = timedelta(days=14)


class CannotBeDeleted(Refused):
    """Others depend on the person; `obstacles` says who and what to do."""

    def __init__(self, obstacles):
        super().__init__(obstacles[0].text, code="obstacles")
        self.obstacles = obstacles


def deleted_on(user):
    """When the account is erased; None if nobody has asked for it."""
    return user.deletion_requested_at and user.deletion_requested_at + WAIT


@transaction.atomic
def request_deletion(*, by):
    """Ask for one's own account to be erased after the waiting time."""
    if obstacles := personal_data.obstacles(by):
        raise CannotBeDeleted(obstacles)
    return begin_deletion(by)


@transaction.atomic
def begin_deletion(user):
    """Start the waiting time, whoever else depends on the person. The person is told."""
    user = locked(user)
    if user.erased_at or user.deletion_requested_at:
        return user
    user.deletion_requested_at = timezone.now()
    user.save(update_fields=["deletion_requested_at", "updated_at"])
    tell([user], "deletion_requested", user, once=user.deletion_requested_at.isoformat())
    return user


@transaction.atomic
def cancel_deletion(*, by):
    """Keep one's account after all."""
    user = locked(by)
    if user.erased_at or not user.deletion_requested_at:
        raise NotAllowedNow(translation.gettext("Your account is not about to be deleted."))
    user.deletion_requested_at = None
    user.save(update_fields=["deletion_requested_at", "updated_at"])


@transaction.atomic
def erase(user):
    """Take everything away that tells who the person was. May be done again, with the same result.

    Whoever logs in meanwhile waits for the lock and then meets a closed account.
    """
    user = locked(user)
    if not user.erased_at:
        with translation.override(user.language):
            queue_mail("account/email/account_erased", user.email, {})
    for holding in reversed(personal_data.holdings()):
        holding.erase(user)
    make_nameless(user)


def make_nameless(user):
    user.email = f"erased-{secrets.token_hex(8)}@invalid.invalid"
    user.name = user.profession = user.deactivation_reason = ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.set_unusable_password()
    user.erased_at = user.erased_at or timezone.now()
    user.save()


def locked(user):
    return User.objects.select_for_update().get(pk=user.pk)
