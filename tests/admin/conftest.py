import pytest

from afori.accounts.groups import make_editors
from tests.factories import UserFactory


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.AFORI_REQUIRE_MFA = False


@pytest.fixture
def editor(db):
    person = UserFactory(name="Petra Redaktör", email="petra@example.org", is_staff=True)
    person.groups.add(make_editors())
    return person


@pytest.fixture
def desk(client, editor):
    """The test client, signed in as an editor."""
    client.force_login(editor)
    return client
