import pytest
from django.core.management import CommandError, call_command

from afori.accounts.models import User
from afori.home import arena, demo
from challenges.models import Challenge
from networks.models import Need

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded():
    arena.load_arena()
    demo.load_demo()


def test_demo_is_complete_and_can_be_run_again(loaded):
    before = counts()
    demo.load_demo()
    assert counts() == before
    assert Challenge.objects.open().count() == 3
    assert Challenge.objects.upcoming().exists()
    assert Challenge.objects.closed().exists()


def counts():
    return [model.objects.count() for model in (User, Challenge, Need)]


def test_every_demo_person_can_sign_in(loaded, client):
    for _label, email, _hint in demo.people():
        assert client.login(email=email, password=demo.PASSWORD), email


def test_all_that_the_demo_makes_is_marked_fictitious(loaded):
    assert set(User.objects.values_list("is_example", flat=True)) == {True}
    dated = Challenge.objects.filter(state="published")
    assert set(dated.values_list("is_example", flat=True)) == {True}


def test_demo_refuses_to_run_elsewhere(settings):
    settings.AFORI_DEMO = False
    with pytest.raises(CommandError):
        call_command("demo")
