"""How long things about people and organisations are kept."""

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from afori.common.retention import YEAR, Rule, Sweep, register

from .actions.erasure import WAIT, erase
from .actions.texts import empty_texts, with_texts
from .models import Invitation, Membership, SignIn, User
from .personal_data import forget_in_log

State = Membership.State


def sessions_over(before):
    """The session itself has gone; a day's margin spares those that are just being made."""
    session = Session.objects.filter(session_key=OuterRef("session_key"))
    return UserSession.objects.filter(~Exists(session), last_seen_at__lt=before)


def old_invitations(before):
    unanswered = Q(state=Invitation.State.PENDING, expires_at__lt=before)
    return Invitation.objects.filter(unanswered | Q(answered_at__lt=before))


def old_texts(before):
    declined = Q(state=State.DECLINED, decided_at__lt=before)
    return with_texts(Membership.objects.filter(declined | Q(ended_at__lt=before)))


def never_confirmed(before):
    """Accounts that were begun with an address that nobody showed to be theirs."""
    own = EmailAddress.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(
        Exists(own),
        ~Exists(own.filter(verified=True)),
        ~Exists(Membership.objects.filter(user=OuterRef("pk"))),
        created_at__lt=before,
        last_login=None,
        is_staff=False,
        is_superuser=False,
        erased_at=None,
    )


def asked_to_be_deleted(before):
    return User.objects.filter(deletion_requested_at__lte=before, erased_at=None)


def logged_in_while_erased(before):
    """A log-in that waited for the erasing may have written down the address once more."""
    own = {"user": OuterRef("pk")}
    return User.objects.filter(
        Exists(EmailAddress.objects.filter(**own))
        | Exists(UserSession.objects.filter(**own))
        | Exists(SignIn.objects.filter(**own))
        | Q(last_login__isnull=False),
        erased_at__lt=before,
    )


def delete_each(users):
    """With what the admin's log says about them."""
    for user in users:
        forget_in_log(user)
    users.delete()


def erase_each(users):
    for user in users:
        erase(user)


def table():
    return connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])


def expired_limits(before):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT cache_key FROM {table()} WHERE expires < %s", [before])  # noqa: S608
        return [key for (key,) in cursor.fetchall()]


def remove_limit(key):
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table()} WHERE cache_key = %s AND expires < %s",  # noqa: S608
            [key, timezone.now()],
        )


register(
    Rule(
        name="sessions",
        what=_("Log-ins that have run out"),
        days=0,
        due=lambda before: Session.objects.filter(expire_date__lt=before),
    )
)
register(
    Rule(
        name="session_devices",
        what=_("From what device you were logged in, after the log-in has ended"),
        days=1,
        due=sessions_over,
    )
)
register(
    Rule(
        name="sign_ins",
        what=_("The history of your log-ins, with part of the network address"),
        days=180,
        due=lambda before: SignIn.objects.filter(at__lt=before),
    )
)
register(
    Sweep(
        name="limits",
        what=_("Counts of attempts by network address, after they have lost their effect"),
        days=0,
        find=expired_limits,
        remove=remove_limit,
    )
)
register(
    Rule(
        name="invitations",
        what=_("Invitations with their addresses, after they were answered or have expired"),
        days=90,
        due=old_invitations,
    )
)
register(
    Rule(
        name="organisation_texts",
        what=_("Messages and reasons in requests to join an organisation, after they ended"),
        days=YEAR,
        due=old_texts,
        carry_out=empty_texts,
    )
)
register(
    Rule(
        name="unconfirmed_accounts",
        what=_("Accounts whose e-mail address was never confirmed"),
        days=30,
        due=never_confirmed,
        carry_out=delete_each,
    )
)
register(
    Rule(
        name="deletion_requests",
        what=_("Accounts whose owners have asked for it"),
        days=WAIT.days,
        due=asked_to_be_deleted,
        carry_out=erase_each,
        batch=1,
    )
)
register(
    Rule(
        name="erased_accounts",
        what=_("Traces of a log-in made at the very moment an account was erased"),
        days=1,
        due=logged_in_while_erased,
        carry_out=erase_each,
        batch=1,
    )
)
