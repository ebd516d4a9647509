from types import SimpleNamespace

import pytest

from afori.accounts.actions import leave_organisation
from challenges import actions
from challenges.models import OpenedAnswer, TeamMember
from tests import factories as make
from tests.cast import employee

from .judges import TEXT
from .support import (
    answered,
    cleared,
    closes,
    fill,
    name_openers,
    on_panel,
    on_team,
    opened,
    submit,
    upload,
)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Files of a test land in a folder of its own; people are made fast."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return tmp_path / "media"


@pytest.fixture
def arena(cast):
    """The cast, criteria on the challenge and a colleague of the supplier who is no author."""
    for position, limit in enumerate([10, 20], start=1):
        make.CriterionFactory(challenge=cast.challenge, position=position, word_limit=limit)
    cast.criteria = list(cast.challenge.criteria.all())
    cast.colleague = employee(cast.company, name="Kim Kollega")
    return cast


@pytest.fixture
def draft(arena):
    """An answer of the supplier that is ready to submit."""
    submission = actions.start_submission(
        arena.challenge, organisation=arena.company, by=arena.supplier
    )
    fill(submission, by=arena.supplier)
    return submission


@pytest.fixture
def two(arena, draft):
    """Two authors of one draft."""
    actions.add_author(draft, arena.colleague, by=arena.supplier)
    return SimpleNamespace(draft=draft, one=arena.supplier, other=arena.colleague)


@pytest.fixture
def judged(arena):
    """Opened, with two answers, two on the panel of whom nobody has said anything, two openers,
    and the owner on the team.
    """
    challenge = arena.challenge
    on_team(challenge, arena.owner)
    people = SimpleNamespace(
        **vars(arena),
        panel=on_panel(challenge),
        openers=name_openers(challenge),
        former=make.UserFactory(name="Fanny Förra"),
    )
    make.MembershipFactory(user=people.former, organisation=arena.municipality)
    on_team(challenge, people.former)
    leave_organisation(arena.municipality, by=people.former)
    answered(challenge, arena.company, by=arena.supplier, text=TEXT)
    answered(challenge, arena.rival_company, by=arena.rival)
    opened(challenge)
    challenge.refresh_from_db()
    people.answers = list(OpenedAnswer.objects.order_by("letter"))
    people.theirs = OpenedAnswer.objects.get(submission__organisation=arena.company)
    return people


@pytest.fixture
def judging(judged):
    """The same with a panel that has said twice that it can judge."""
    for person in judged.panel:
        cleared(judged.challenge, person)
    return judged


@pytest.fixture
def openers(arena):
    return name_openers(arena.challenge, 3)


@pytest.fixture
def closed(arena, draft, openers):
    """A challenge with one answer, closed a moment ago."""
    actions.add_file(draft, upload(), by=arena.supplier)
    submit(draft, by=arena.supplier)
    closes(arena.challenge, seconds=-1)
    return arena.challenge


@pytest.fixture
def team(arena):
    """The owner's Mona works on the challenge, which is from before the seal and closed."""
    TeamMember.objects.create(challenge=arena.challenge, user=arena.member)
    closes(arena.challenge, seconds=-1)
    arena.key = arena.challenge.key
    arena.key.delete()
    return arena
