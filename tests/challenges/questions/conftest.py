import pytest

from challenges.models import TeamMember
from tests.cast import employee

from .support import ask


@pytest.fixture
def team(cast):
    """The cast, with the owner and a colleague on the challenge's team."""
    cast.second = employee(cast.municipality, name="Tage Team")
    cast.colleague = employee(cast.company, name="Kim Kollega")
    for person in (cast.owner, cast.second):
        TeamMember.objects.create(challenge=cast.challenge, user=person)
    return cast


@pytest.fixture
def question(team):
    return ask(team.challenge, team.supplier)
