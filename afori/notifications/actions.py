"""Telling people. Call these inside the transaction that makes the news true."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from .models import Activity, ActivityTarget, Notification, OutgoingMail
from .waking import wake

BATCH = 1_000


def notify(user, kind, subject, *, once=""):
    """Tell one person about the subject: a notification, and a mail where the kind has one.

    The same kind, subject and person are told once; `once` tells such repetitions apart, for
    example the number of a reminder.
    """
    notify_all([user], kind, subject, once=once)


def notify_all(users, kind, subject, *, once=""):
    """Tell many people, each once, in two queries a thousand receivers."""
    users = list(users)
    keys = [key_of(kind, subject, user, once) for user in users]
    Notification.objects.bulk_create(
        [
            Notification(key=key, user=user, kind=kind.name, subject_id=subject.pk)
            for key, user in zip(keys, users, strict=True)
        ],
        ignore_conflicts=True,
        batch_size=BATCH,
    )
    if kind.mail:
        mails = [
            mail(key, kind.name, user=user, subject_id=subject.pk, priority=kind.priority)
            for key, user in zip(keys, users, strict=True)
        ]
        queue(mails)


def key_of(kind, subject, user, once=""):
    return ":".join(filter(None, [kind.name, str(subject.pk), str(user.pk), once]))


def queue_mail(
    *,
    kind,
    key,
    address,
    language=None,
    secret=None,
    user=None,
    subject_id=None,
    priority=OutgoingMail.Priority.RECEIPT,
):
    """Queue one mail to an address, such as a verification code or an invitation.

    `kind` is the name under which a kind is registered, `key` is unique to this mail, `secret` is
    kept encrypted and erased once the mail is sent or given up. `language` defaults to the
    person's, then to that of the page.
    """
    about = {"subject_id": subject_id, "secret": secret, "priority": priority}
    queue([mail(key, kind, user, address, language, **about)])


def mail(key, kind, user=None, address=None, language=None, **fields):
    known = dict(settings.LANGUAGES)
    wanted = language or (user.language if user else get_language())
    return OutgoingMail(
        key=key,
        kind=kind,
        user=user,
        address=address or user.email,
        language=wanted if wanted in known else settings.LANGUAGE_CODE,
        next_attempt_at=timezone.now(),
        **fields,
    )


def queue(mails):
    """Store mails whose keys are not yet there and wake a worker when the transaction commits."""
    OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True, batch_size=BATCH)
    transaction.on_commit(wake, robust=True)


def mark_read(user, notifications=None):
    """Mark a person's notifications as read, all of them by default. Returns how many were not."""
    own = Notification.objects.of(user).unread()
    if notifications is not None:
        own = own.filter(pk__in=[one.pk for one in notifications])
    return own.update(read_at=timezone.now(), updated_at=timezone.now())


def tell_all(kind, subject, *, once=""):
    """Tell all who follow what the news is about, whatever their number, in a few queries.

    A worker finds them once this transaction is committed. The same kind and subject are told
    once; `once` tells repetitions apart.
    """
    activity, is_new = Activity.objects.get_or_create(
        kind=kind.name,
        subject_id=subject.pk,
        once=once,
        defaults={"happened_at": timezone.now()},
    )
    if is_new:
        targets = {(name, pk) for name, pk in kind.targets(subject) if pk is not None}
        ActivityTarget.objects.bulk_create(
            ActivityTarget(activity=activity, kind=name, subject_id=pk) for name, pk in targets
        )
        transaction.on_commit(wake, robust=True)
