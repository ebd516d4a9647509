"""Dialogue meetings of a challenge: planned by its team, open to all, with notes for all."""

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from afori.common.models import new_token
from afori.common.states import Refused
from afori.notifications.actions import tell_all
from challenges.actions import Overtaken
from challenges.actions.challenges import locked
from challenges.locks import database_now
from challenges.models import Challenge

from .models import Event
from .notifications import MEETING_CHANGED, MEETING_PLANNED, NOTES_PUBLISHED
from .plain_text import as_html

FACTS = ("title_sv", "title_en", "starts_at", "ends_at", "place", "link")
WORTH_TELLING = ("starts_at", "ends_at", "place", "link")


@transaction.atomic
def plan_meeting(challenge, *, by, body_sv="", body_en="", **facts):
    """Make a public meeting, and tell all who watch the challenge.

    Raises Refused for a challenge that is not published, and unless the meeting is ahead and
    ends before the challenge closes.
    """
    challenge = locked(challenge)
    require_time(challenge, facts["starts_at"], facts["ends_at"])
    event = Event(
        kind=Event.Kind.DIALOGUE_MEETING,
        slug=free_slug(facts["title_sv"]),
        challenge=challenge,
        host_id=challenge.owner_id,
        is_example=challenge.is_example,
    )
    keep(event, body_sv=body_sv, body_en=body_en, **facts)
    event.topics.set(challenge.topics.all())
    tell_all(MEETING_PLANNED, event)
    return event


@transaction.atomic
def change_meeting(event, *, seen, by, body_sv="", body_en="", **facts):
    """Change a meeting that has not begun. Another time or place is told to all who watch."""
    challenge = locked(event.challenge)
    event = unchanged(event, seen)
    now = database_now()
    if event.starts_at <= now:
        raise Refused(_("The meeting has begun. Write what was said in the notes."), code="begun")
    require_time(challenge, facts["starts_at"], facts["ends_at"])
    is_news = any(getattr(event, name) != facts[name] for name in WORTH_TELLING)
    keep(event, body_sv=body_sv, body_en=body_en, **facts)
    if is_news:
        tell_all(MEETING_CHANGED, event, once=str(event.updated_at))
    return event


@transaction.atomic
def publish_notes(event, *, seen, notes_sv, notes_en, by):
    """Publish what was said to everybody at the same moment; those who watch are told each time."""
    challenge = locked(event.challenge)
    event = unchanged(event, seen)
    if event.starts_at > database_now():
        raise Refused(_("The meeting has not begun yet."), code="early")
    if not challenge.is_public:
        raise Refused(_("The challenge is not published."), code="state")
    event.notes_sv, event.notes_en = as_html(notes_sv), as_html(notes_en)
    save(event)
    tell_all(NOTES_PUBLISHED, event, once=str(event.updated_at))
    return event


def keep(event, *, body_sv, body_en, **facts):
    for name in FACTS:
        setattr(event, name, facts[name])
    event.body_sv, event.body_en = as_html(body_sv), as_html(body_en)
    save(event)


def save(event):
    """`clean_fields` cleans the rich texts."""
    event.clean_fields()
    event.save()


def unchanged(event, seen):
    """The meeting, locked, if it is still what the page was opened with."""
    event = (
        Event.objects.select_for_update(of=("self",)).select_related("challenge").get(pk=event.pk)
    )
    if event.updated_at.isoformat() != seen:
        raise Overtaken
    return event


def require_time(challenge, starts_at, ends_at):
    if challenge.state != Challenge.State.PUBLISHED:
        raise Refused(_("Only a published challenge has dialogue meetings."), code="state")
    if starts_at <= database_now():
        raise Refused(_("The meeting must be ahead."), code="past")
    if ends_at > challenge.closes_at:
        raise Refused(
            _("The meeting must end before the challenge closes, or nobody can use what is said."),
            code="late",
        )


def free_slug(title):
    slug = slugify(title)[:60].strip("-") or "dialogmote"
    return f"{slug}-{new_token()[:4]}" if Event.objects.filter(slug=slug).exists() else slug
