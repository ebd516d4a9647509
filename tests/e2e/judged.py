"""Challenges whose answers are opened and judged half-way, or wait to be opened."""

from afori.accounts.models import Organisation
from challenges.models import OpenedAnswer, Opener, Panelist
from tests import factories as make
from tests.challenges import support

OPENED, WAITING = "ljus-i-gangen", "ljus-pa-parkeringen"


def judge(arena):
    """On OPENED the procurer has scored one of two answers, the newcomer has declared once."""
    support.closes(closed(arena, WAITING, "Ljus på parkeringen"), seconds=-1)
    challenge = closed(arena, OPENED, "Ljus i gången")
    people = arena.people
    for name in ("procurer", "newcomer", "opener2"):
        Panelist.objects.create(challenge=challenge, user=people[name])
    support.opened(challenge)
    support.cleared(challenge, people["procurer"])
    support.actions.declare(challenge, has_conflict=False, statement="", by=people["newcomer"])
    arena.judged = list(
        OpenedAnswer.objects.filter(opening__challenge=challenge).order_by("letter")
    )
    first = arena.judged[0]
    support.scored(first, people["procurer"], comment="Tydligt beskrivet.")
    support.agreed(first, people["coordinator"])
    support.decided(first, people["coordinator"])


def closed(arena, slug, title):
    """Answered by two, with two openers and the coordinator on the team."""
    ekhamra = Organisation.objects.get(slug="ekhamra-kommun")
    challenge = make.ChallengeFactory(
        slug=slug, title_sv=title, title_en="", owner=ekhamra, wait_days=10
    )
    for position in (1, 2):
        make.CriterionFactory(challenge=challenge, position=position, minimum_score=position)
    support.on_team(challenge, arena.people["coordinator"])
    for name in ("opener1", "opener2"):
        Opener.objects.create(challenge=challenge, user=arena.people[name])
    for name in ("supplier", "supplier2"):
        person = arena.people[name]
        company = person.memberships.get().organisation
        support.answered(challenge, company, by=person)
    return challenge
