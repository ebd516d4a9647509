"""The mails of theme weeks: planned, moved, sent in sets, cancelled. Only here does their state
change.
"""

import logging
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from afori.common.models import new_token
from afori.common.states import NotAllowedNow, Refused, check_move
from afori.notifications import outbox
from afori.notifications.actions import queue_mail, tell_all
from afori.notifications.mailing import queue_to_readers
from afori.notifications.models import OutgoingMail

from ..models import ThemeWeek, ThemeWeekMail
from ..models.theme_week_mails import shifted, soonest
from ..notifications import THEME_WEEK_MAIL, THEME_WEEK_TEST, WEEK_ANNOUNCED, recipients

logger = logging.getLogger(__name__)
State = ThemeWeekMail.State
Which = ThemeWeekMail.Which


# Planning


@transaction.atomic
def plan_mails(week):
    """Make the week's three mails, and let those that have not gone follow its days.

    Safe to repeat. Returns the mails that are new or have another time than before.
    """
    week = ThemeWeek.objects.select_for_update().get(pk=week.pk)
    if week.starts_on is None:
        return []
    now = timezone.now()
    known = {mail.which: mail for mail in week.mails.select_for_update()}
    return [
        mail for which in Which if (mail := planned(week, which, known.get(which), now)) is not None
    ]


def planned(week, which, mail, now):
    """A mail with the time that the week's days give it, stored; None if it already has it."""
    anchor = ThemeWeekMail.usual_anchor(week, which)
    if mail is None:
        at = soonest(ThemeWeekMail.usual_time(week, which), now)
        return timed(ThemeWeekMail(week=week, which=which, anchor=anchor), at)
    mail.week = week
    if mail.anchor == anchor or mail.started_at:
        return None
    days = (anchor - mail.anchor).days
    mail.anchor = anchor
    return timed(mail, soonest(shifted(mail.send_at, days), now))


def timed(mail, at):
    """Store a mail with a time; it stays cancelled, and is withheld if it would be too late."""
    mail.send_at = at
    if mail.state != State.CANCELLED:
        is_late = not mail.is_true(at)
        mail.state = State.WITHHELD if is_late else State.PLANNED
        mail.reason = mail.late if is_late else ""
    mail.save()
    return mail


@transaction.atomic
def reschedule_mail(mail, *, at, by):
    """Give a mail that has not gone another time. Raises Refused where that makes no sense."""
    mail = locked(mail)
    if mail.state not in (State.PLANNED, State.WITHHELD):
        raise Refused(_("The mail has gone or is cancelled: its time cannot change."), code="gone")
    if at <= timezone.now():
        raise Refused(_("Choose a time in the future."), code="past")
    if not mail.is_true(at):
        raise Refused(_("By then it is too late: %s") % mail.late.label, code="late")
    return timed(mail, at)


@transaction.atomic
def cancel_mail(mail, *, by):
    """Stop a mail: what has not reached the mail server stays here."""
    mail = move(locked(mail), State.CANCELLED)
    outbox.withhold(outgoing(mail))
    return mail


@transaction.atomic
def plan_again(mail, *, by):
    """Take back that a mail was cancelled before it began to go out."""
    mail = locked(mail)
    if mail.started_at:
        raise NotAllowedNow(_("The mail has begun to go out and cannot be planned again."))
    at = soonest(mail.send_at, timezone.now())
    if not mail.is_true(at):
        raise Refused(_("By then it is too late: %s") % mail.late.label, code="late")
    mail.send_at = at
    return move(mail, State.PLANNED)


def send_test(mail, language, *, by):
    """Send the mail as it stands now to the editor alone, marked as a test."""
    queue_mail(
        kind=THEME_WEEK_TEST.name,
        key=f"{THEME_WEEK_TEST.name}:{mail.pk}:{new_token()}",
        address=by.email,
        user=by,
        language=language,
        subject_id=mail.pk,
        priority=OutgoingMail.Priority.PERSONAL,
    )


# Sending


def send_due():
    """What the clock asks for, each mail in its own transaction. Any number may run at once."""
    now = timezone.now()
    each(plan_mails, unplanned(now))
    due = ThemeWeekMail.objects.due(now).values_list("pk", flat=True)
    each(lambda pk: start_mail(pk, now), list(due))
    close_finished()


def each(act, things):
    """One that fails is tried again the next minute and holds up no other."""
    for thing in things:
        try:
            act(thing)
        except Exception:
            logger.exception("Theme weeks: %s could not be dealt with", getattr(thing, "pk", thing))


def unplanned(now):
    """Weeks with dates whose mails are missing, or counted from other days than theirs."""
    first, last = Q(anchor=OuterRef("starts_on")), Q(anchor=OuterRef("ends_on"))
    right = Q(first, ~Q(which=Which.RECAP)) | Q(last, which=Which.RECAP)
    adrift = ThemeWeekMail.objects.filter(~right, week=OuterRef("pk"), started_at=None)
    today = timezone.localtime(now).date()
    weeks = ThemeWeek.objects.filter(ends_on__gte=today).annotate(known=Count("mails"))
    return weeks.filter(Q(known__lt=len(Which)) | Exists(adrift)).defer(*ThemeWeek.LONG_TEXTS)


@transaction.atomic
def start_mail(pk, now):
    """Let a mail go out, or withhold it for good if its time has passed it by."""
    due = ThemeWeekMail.objects.due(now).filter(pk=pk)
    mail = due.select_for_update(skip_locked=True, of=("self",)).select_related("week").first()
    if mail is None:
        return
    if why := overtaken(mail, now):
        move(mail, State.WITHHELD, reason=why)
        return
    if mail.which != Which.RECAP:
        tell_all(WEEK_ANNOUNCED, mail.week)
    move(
        mail,
        State.STARTED,
        started_at=now,
        receivers=queue_to_readers(
            recipients(mail.week, on=timezone.localtime(now).date()),
            kind=THEME_WEEK_MAIL,
            key=f"theme_week:{mail.pk}",
            subject_id=mail.pk,
            run=mail.run,
        ),
    )


def overtaken(mail, now):
    """Why a mail that was held up should not go out any more; "" if it should."""
    if not mail.is_true(now):
        return mail.late
    order = list(Which)
    later = order[order.index(Which(mail.which)) + 1 :]
    if ThemeWeekMail.objects.due(now).filter(week=mail.week, which__in=later).exists():
        return ThemeWeekMail.Reason.OVERTAKEN
    return ""


def close_finished():
    """Mark as sent what has no mail left to send."""
    now = timezone.now()
    waiting = OutgoingMail.objects.filter(
        kind=THEME_WEEK_MAIL.name,
        subject_id=OuterRef("pk"),
        state__in=[OutgoingMail.State.QUEUED, OutgoingMail.State.SENDING],
    )
    for mail in ThemeWeekMail.objects.filter(~Exists(waiting), state=State.STARTED):
        with transaction.atomic():
            mail = locked(mail)
            if mail.state == State.STARTED:
                move(mail, State.SENT, sent_at=max(now, mail.started_at))


def outgoing(mail):
    return OutgoingMail.objects.filter(run=mail.run, kind=THEME_WEEK_MAIL.name, subject_id=mail.pk)


# The state


def locked(mail):
    found = ThemeWeekMail.objects.select_for_update(of=("self",)).select_related("week")
    return found.get(pk=mail.pk)


def move(mail, state, **facts):
    """The only writer of a mail's state, besides `timed`. The row must be locked."""
    try:
        check_move(mail.state, state, ThemeWeekMail.NEXT)
    except NotAllowedNow as error:
        raise NotAllowedNow(
            _("The mail is “%(current)s” and cannot become “%(wanted)s”.")
            % {"current": mail.get_state_display(), "wanted": State(state).label},
            code=error.code,
        ) from error
    mail.state = state
    for name, value in {"reason": "", **facts}.items():
        setattr(mail, name, value)
    mail.save()
    return mail


# A week that moves


@dataclass(frozen=True)
class Moved:
    """What another first day has moved, and what it has not."""

    mails: list
    gone: list
    events: list


def moved_dates(week, moved):
    """What to tell an editor once the week's days have changed, and `plan_mails` gave `moved`."""
    outside = Q(starts_at__date__lt=week.starts_on) | Q(starts_at__date__gt=week.ends_on)
    return Moved(
        mails=moved,
        gone=list(week.mails.filter(Q(state__in=ThemeWeekMail.GONE) | Q(started_at__isnull=False))),
        events=list(week.events.filter(outside).order_by("starts_at")[:10]),
    )
