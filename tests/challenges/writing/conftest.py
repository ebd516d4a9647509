import pytest

from afori.accounts.groups import make_editors
from challenges import actions
from tests import factories as make


@pytest.fixture
def draft(cast):
    """Begun by Mona; Olle administers its owner."""
    return actions.start_challenge(title="Ljus", organisation=cast.municipality, by=cast.member)


@pytest.fixture
def author(draft, cast, sign_in):
    return sign_in(cast.member)


@pytest.fixture
def editor(client, settings):
    settings.AFORI_REQUIRE_MFA = False
    person = make.UserFactory(is_staff=True, name="Edit Redaktör")
    person.groups.add(make_editors())
    client.force_login(person)
    return person
