"""Short ways to what tests of an opening need."""

from datetime import timedelta

from challenges import actions
from challenges.locks import database_now
from challenges.models import Approval

from .support import approve, fill


def approve_both(challenge, openers):
    for person in openers[:2]:
        approve(challenge, person)


def move_approval(person, **ago):
    Approval.objects.filter(opener__user=person).update(at=database_now() - timedelta(**ago))


def answered_by_rival(arena, *, text="Rivalens svar"):
    draft = actions.start_submission(
        arena.challenge, organisation=arena.rival_company, by=arena.rival
    )
    fill(draft, by=arena.rival, text=text)
    return draft
