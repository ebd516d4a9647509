"""Naming those who open the answers: by the action, and in the admin."""

import pytest
from django.urls import reverse

from afori.accounts.groups import make_editors
from afori.common.states import Refused
from challenges import actions
from challenges.models import Challenge
from tests import factories as make
from tests.admin.forms import fields

pytestmark = pytest.mark.django_db


@pytest.fixture
def challenge():
    return make.ChallengeFactory(state=Challenge.State.DRAFT, published_at=None)


@pytest.fixture
def form(client, challenge, settings):
    settings.AFORI_REQUIRE_MFA = False
    editor = make.UserFactory(is_staff=True)
    editor.groups.add(make_editors())
    client.force_login(editor)
    return reverse("admin:challenges_challenge_change", args=[challenge.pk])


def send(client, form, addresses):
    data = fields(client.get(form), "challenge_form")
    rows = int(data["openers-INITIAL_FORMS"][0])
    data["openers-TOTAL_FORMS"] = rows + len(addresses)
    for number, address in enumerate(addresses, start=rows):
        data[f"openers-{number}-address"] = address
    return client.post(form, data)


def named(challenge):
    return {opener.user.email for opener in challenge.openers.all()}


def test_two_and_two_substitutes_and_no_more(challenge):
    *four, fifth = make.UserFactory.create_batch(5)
    for person in (*four, four[0]):
        actions.name_opener(challenge, person, by=fifth)
    assert named(challenge) == {person.email for person in four}
    with pytest.raises(Refused):
        actions.name_opener(challenge, fifth, by=fifth)
    actions.remove_opener(challenge.openers.get(user=four[0]), by=fifth)
    actions.name_opener(challenge, fifth, by=fifth)
    assert named(challenge) == {person.email for person in [*four[1:], fifth]}


def test_nobody_is_named_after_publishing():
    challenge, person = make.ChallengeFactory(), make.UserFactory()
    with pytest.raises(Refused):
        actions.name_opener(challenge, person, by=person)
    assert not challenge.openers.exists()


def test_an_editor_names_two_by_address(client, form, challenge):
    people = make.UserFactory.create_batch(2)
    assert send(client, form, [people[0].email.upper(), people[1].email]).status_code == 302
    assert named(challenge) == {person.email for person in people}
    data = fields(client.get(form), "challenge_form")
    data["openers-0-DELETE"] = "on"
    assert client.post(form, data).status_code == 302
    assert challenge.openers.count() == 1


@pytest.mark.parametrize(
    ("addresses", "why"),
    [
        (["a@example.org", "a@example.org"], "olika personer"),
        ([f"{name}@example.org" for name in "abcde"], "Högst fyra"),
        (["nobody@example.org"], "Ingen med konto"),
        (["gone@example.org"], "Ingen med konto"),
    ],
)
def test_the_admin_says_why_not(client, form, challenge, addresses, why):
    for name in "abcde":
        make.UserFactory(email=f"{name}@example.org")
    make.UserFactory(email="gone@example.org", is_active=False)
    response = send(client, form, addresses)
    assert (response.status_code, why in response.content.decode()) == (200, True)
    assert not challenge.openers.exists()


def test_what_is_published_keeps_its_openers(client, form, challenge):
    actions.name_opener(challenge, make.UserFactory(), by=make.UserFactory())
    Challenge.objects.filter(pk=challenge.pk).update(
        state="published", published_at="2026-01-01T00:00Z"
    )
    data = fields(client.get(form), "challenge_form")
    assert not any(name.endswith("-address") for name in data)
    data |= {"openers-0-DELETE": "on", "openers-TOTAL_FORMS": "2", "openers-1-address": "a@b.se"}
    client.post(form, data)
    assert challenge.openers.count() == 1
