"""Naming those who open the answers: by the action, and in the admin."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from afori.accounts.groups import make_editors
from afori.common.states import Refused
from challenges import actions, personal_data
from challenges.models import AuditEntry, Challenge, ChallengeKey
from tests import factories as make
from tests.admin.forms import fields

from .support import approve, closes, name_openers, on_panel, on_team, opened, submit

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
    ChallengeKey.objects.get_or_create(challenge=challenge)
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


# After publishing


@pytest.fixture
def unkeyed(arena):
    """Published before the seal, without keys and without anybody who opens."""
    ChallengeKey.objects.filter(challenge=arena.challenge).delete()
    on_team(arena.challenge, arena.owner)
    return arena.challenge


def post(client, challenge, name, person):
    url = reverse(f"challenges:person_{name}", args=[challenge.slug, "openers"])
    return client.post(url, {"address": person.email, "person": person.email}, follow=True)


def test_a_challenge_without_keys_gets_them_once_two_are_named(arena, unkeyed, sign_in):
    client = sign_in(arena.owner)
    page = client.get(reverse("challenges:opening", args=[unkeyed.slug])).content.decode()
    assert "Utse två som öppnar" in page
    first, second, third = make.UserFactory.create_batch(3)
    for person, keys in ((first, 0), (second, 1)):
        assert person.name in post(client, unkeyed, "name", person).content.decode()
        assert ChallengeKey.objects.filter(challenge=unkeyed).count() == keys

    page = post(client, unkeyed, "name", third).content.decode()
    assert "Utse två som öppnar" not in page
    assert named(unkeyed) == {first.email, second.email}


def test_a_wrong_address_is_told_on_the_page_of_the_opening(arena, unkeyed, sign_in):
    nobody = SimpleNamespace(email="nobody@example.org")
    page = post(sign_in(arena.owner), unkeyed, "name", nobody).content.decode()
    assert "Ingen med konto har den här adressen" in page


def test_until_then_submits_say_that_the_seal_is_not_ready(arena, draft, unkeyed):
    with pytest.raises(Refused) as refusal:
        submit(draft, by=arena.supplier)
    assert refusal.value.code == "seal"


def test_nobody_is_named_once_the_time_is_over(arena, unkeyed):
    closes(unkeyed, seconds=-1)
    with pytest.raises(Refused):
        actions.name_opener(unkeyed, arena.user, by=arena.owner)


@pytest.mark.parametrize("number", [2, 3])
def test_one_who_opens_can_leave_where_two_others_stay(arena, sign_in, number):
    people = name_openers(arena.challenge, number)
    role = reverse("challenges:role", args=[arena.challenge.slug])
    client = sign_in(people[0])
    may = number > 2
    assert ("Överlåt till de andra" in client.get(role).content.decode()) is may
    client.post(role)
    assert (people[0].email not in named(arena.challenge)) is may
    assert bool(list(personal_data.named_opener(people[0]))) is not may


def test_a_closed_account_does_not_count_as_one_who_stays(arena):
    people = name_openers(arena.challenge, 3)
    people[2].is_active = False
    people[2].save()
    with pytest.raises(Refused):
        actions.remove_opener(arena.challenge.openers.get(user=people[0]), by=arena.owner)


def test_one_who_has_approved_stays(arena):
    people = name_openers(arena.challenge, 3)
    closes(arena.challenge, seconds=-1)
    approve(arena.challenge, people[0])
    with pytest.raises(Refused, match=people[0].name):
        actions.remove_opener(arena.challenge.openers.get(user=people[0]), by=arena.owner)


def test_the_team_takes_one_away_and_the_chain_tells(arena, sign_in):
    on_team(arena.challenge, arena.owner)
    people = name_openers(arena.challenge, 3)
    post(sign_in(arena.owner), arena.challenge, "remove", people[0])
    assert named(arena.challenge) == {person.email for person in people[1:]}
    assert AuditEntry.objects.filter(event="opener left").count() == 1


def test_once_opened_nothing_holds_one_who_opened(arena):
    people = name_openers(arena.challenge, 2)
    assert list(personal_data.named_opener(people[0]))
    opened(arena.challenge)
    assert not list(personal_data.named_opener(people[0]))


def test_one_who_only_judges_leaves_nothing(arena, sign_in):
    [judge] = on_panel(arena.challenge, 1)
    role = reverse("challenges:role", args=[arena.challenge.slug])
    assert sign_in(judge).post(role).status_code == 200
