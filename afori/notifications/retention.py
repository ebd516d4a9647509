"""How long notifications and mails are kept, and accounts that nobody uses."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from afori.accounts.actions.erasure import begin_deletion
from afori.accounts.models import User
from afori.common.retention import YEAR, Rule, Sweep, register

from . import mailbox, outbox, subscribing
from .actions import notify
from .models import BounceReport, MailAddress, Notification, OutgoingMail, Reader
from .notifications import INACTIVE_ACCOUNT

UNUSED = 3 * YEAR
WARNED = 30
DONE = (OutgoingMail.State.SENT, OutgoingMail.State.WITHHELD, OutgoingMail.State.DEAD)


def unused(before):
    """Active accounts that nobody has logged in to since then; staff look after their own."""
    people = User.objects.filter(
        is_active=True, is_staff=False, is_superuser=False, deletion_requested_at=None
    )
    return people.alias(used=Coalesce("last_login", "created_at")).filter(used__lt=before)


def warnings():
    """Warnings given since the person last used the account."""
    return Notification.objects.filter(
        user=OuterRef("pk"),
        kind=INACTIVE_ACCOUNT.name,
        created_at__gt=Coalesce(OuterRef("last_login"), OuterRef("created_at")),
    )


def to_warn(before):
    return unused(before).filter(~Exists(warnings()))


def warn(users):
    for user in users:
        notify(user, INACTIVE_ACCOUNT, user, once=str(timezone.localdate()))


def to_delete(before):
    """Those who were warned before then and have not logged in since."""
    since = timezone.now() - timedelta(days=UNUSED)
    return unused(since).filter(Exists(warnings().filter(created_at__lt=before)))


def begin_each(users):
    for user in users:
        begin_deletion(user)


def old_mailbox(before):
    """Files of the demo's mailbox, the oldest first."""
    for path in sorted(Path(settings.AFORI_MAILBOX_DIR).glob(f"[0-9]*{mailbox.ENDING}")):
        if mailbox.arrived(path.stem) >= before:
            return
        yield path


register(
    Rule(
        name="notifications",
        what=_("Notifications, after you have read them"),
        days=YEAR,
        due=lambda before: Notification.objects.filter(read_at__lt=before),
    )
)
register(
    Rule(
        name="mail_addresses",
        what=_("To what address a mail was sent, after it was sent or given up"),
        days=90,
        due=lambda before: OutgoingMail.objects.filter(
            ~Q(address=""), state__in=DONE, updated_at__lt=before
        ),
        carry_out=lambda mails: mails.update(address=""),
    )
)
register(
    Rule(
        name="mail_codes",
        what=_("Codes in mails that could not be sent"),
        days=3,
        due=lambda before: OutgoingMail.objects.filter(
            state=OutgoingMail.State.QUEUED, secret__isnull=False, created_at__lt=before
        ).defer("secret"),
        carry_out=outbox.withhold,
    )
)
register(
    Rule(
        name="bounces",
        what=_("That mail to an address came back, after the last time, unless its mail stopped"),
        days=YEAR,
        due=lambda before: MailAddress.objects.filter(stopped_at=None, updated_at__lt=before),
    )
)
register(
    Rule(
        name="bounce_reports",
        what=_("Marks of reports about mail that came back, after they were counted"),
        days=30,
        due=lambda before: BounceReport.objects.filter(created_at__lt=before),
    )
)
register(
    Rule(
        name="unconfirmed_addresses",
        what=_("Addresses that somebody asked for news to and that nobody confirmed"),
        days=subscribing.DAYS,
        due=lambda before: Reader.objects.filter(
            user=None, confirmed_at=None, updated_at__lt=before
        ),
    )
)
register(
    Rule(
        name="unused_accounts_warned",
        what=_("Accounts that nobody logs in to: a mail warns that they will be deleted"),
        days=UNUSED,
        due=to_warn,
        carry_out=warn,
    )
)
register(
    Rule(
        name="unused_accounts",
        what=_("Accounts that stay unused after that warning: deletion begins, as if asked for"),
        days=WARNED,
        due=to_delete,
        carry_out=begin_each,
    )
)
register(
    Sweep(
        name="demo_mailbox",
        what=_("Mails in the mailbox of the demonstration"),
        days=30,
        find=old_mailbox,
        remove=lambda path: path.unlink(missing_ok=True),
    )
)
