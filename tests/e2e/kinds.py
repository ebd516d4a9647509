"""What a page type is, and whose address it takes."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import override

from . import checks
from .arena import OPEN
from .judged import OPENED

STRANGER = "stranger"


class Page(NamedTuple):
    """`args` are the address's, or a function of the arena; `send` is a form to submit on it,
    with what `fill` says in its fields. Each of the strangers has a browser of their own.
    """

    name: str
    url: str
    args: list | Callable[[Any], list] = []
    who: str = ""
    query: str = ""
    send: str = ""
    status: int = 200
    fill: dict[str, str] = {}

    @property
    def is_admin(self):
        return self.url.startswith("admin:")

    @property
    def axe(self):
        return checks.ADMIN_AXE if self.is_admin else checks.AXE

    def address(self, arena, language):
        args = self.args(arena) if callable(self.args) else self.args
        with override(language):
            return reverse(self.url, args=args) + self.query


def answer_of(arena):
    return [arena.submitted.challenge.slug, arena.submitted.reference]


def ready_of(arena):
    return [arena.ready.challenge.slug, arena.ready.reference]


def opened_of(arena):
    return [arena.opened.challenge.slug, arena.opened.reference]


def draft_of(arena):
    return [arena.draft.challenge.slug, arena.draft.reference]


def written_of(arena):
    return [arena.written.slug]


def waiting_of(arena):
    return [arena.waiting.slug]


def part_of(name):
    """A section of the challenge that is being written."""
    return lambda arena: [arena.written.slug, name]


def judged_of(place):
    return lambda arena: [OPENED, arena.judged[place].token]


def invitation_of(arena):
    return [arena.invitation.token]


def check_of(arena):
    return [arena.check.pk]


def declined_of(arena):
    return [arena.declined.pk]


def buyer_of(arena):
    return [arena.check.organisation_id]


def both_of(arena):
    return [arena.check.organisation_id, arena.declined.organisation_id]


def person_of(arena):
    return [arena.people["applicant"].pk]


def week_of(arena):
    return [arena.week.pk]


def week_mail_of(arena):
    return [arena.week.mails.get(which="start").pk]


def question_of(name):
    return lambda arena: [OPEN, arena.questions[name].token]


def meeting_of(name):
    return lambda arena: [OPEN, arena.meetings[name].slug]
