"""Who works on a challenge, opens and judges; what a draft shows to whom; two at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from afori.accounts.actions import leave_organisation
from afori.common.states import Refused
from afori.notifications import registry
from afori.notifications.models import Notification, OutgoingMail
from challenges import actions
from challenges.models import Challenge, Panelist, SectionName, TeamMember
from tests import factories as make
from tests.cast import ROLES, employee

from .support import complete, opened
from .writing import save, section, typed

pytestmark = pytest.mark.django_db
SECRET = "Hemlig bakgrund"


@pytest.fixture
def draft(cast):
    """Written by Mona alone, of whose employer Olle is administrator."""
    challenge = actions.start_challenge(
        title="Dold titel", organisation=cast.municipality, by=cast.member
    )
    return complete(challenge, background_sv=SECRET)


def pages(challenge):
    """The addresses that one can open of a challenge under work."""
    names = ["work", "preview", "send_to_review", "team"]
    own = [reverse(f"challenges:{name}", args=[challenge.slug]) for name in names]
    return [*own, *(section(challenge, name) for name in SectionName)]


def posts(challenge):
    return [
        reverse("challenges:team_remove", args=[challenge.slug]),
        *(
            reverse(f"challenges:{name}", args=[challenge.slug, people])
            for name in ("person_name", "person_remove")
            for people in ("openers", "panel")
        ),
    ]


@pytest.mark.parametrize("state", ["draft", "in_review"])
@pytest.mark.parametrize("role", ROLES)
def test_a_draft_is_there_for_its_team_and_administrators_alone(cast, draft, sign_in, role, state):
    Challenge.objects.filter(pk=draft.pk).update(state=state)
    client = sign_in(getattr(cast, role))
    insider = role in ("member", "owner")
    reviewed = reverse("challenges:preview", args=[draft.slug])
    for address in pages(draft):
        answer = client.get(address)
        if insider:
            assert answer.status_code in (200, 302)
        elif role == "stranger":
            assert answer.headers["Location"].startswith(reverse("account_login"))
        elif role in ("staff", "superuser") and (address, state) == (reviewed, "in_review"):
            assert answer.status_code == 200
        else:
            assert (address, answer.status_code) == (address, 404)
            assert SECRET not in answer.content.decode()
    for address in posts(draft):
        assert client.post(address).status_code == (302 if role == "stranger" else 404) or insider
    posted = save(client, draft, "background", background_sv="Annan")
    assert posted.status_code == {"stranger": 403}.get(role, 404) or insider


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("member", "owner")])
def test_no_public_page_knows_of_a_draft(cast, draft, sign_in, role):
    client = sign_in(getattr(cast, role))
    for address in (
        reverse("challenges:list"),
        f"{reverse('search')}?q=dold",
        draft.owner.get_absolute_url(),
        cast.network.get_absolute_url(),
        reverse("challenges:new"),
    ):
        text = client.get(address).content.decode()
        assert "Dold titel" not in text
        assert draft.slug not in text
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_opener_and_panelist_learn_their_task_and_nothing_else(cast, draft, sign_in):
    actions.name_opener(draft, cast.buyer, by=cast.member)
    actions.name_panelist(draft, cast.rival, by=cast.member)
    address = reverse("challenges:role", args=[draft.slug])
    for person, task in [(cast.buyer, "Du öppnar svaren"), (cast.rival, "Du bedömer svaren")]:
        client = sign_in(person)
        text = client.get(address).content.decode()
        assert task in text
        assert SECRET not in text
        assert {client.get(page).status_code for page in pages(draft)} == {404}
    for person in (cast.user, cast.staff, cast.superuser, cast.member):
        assert sign_in(person).get(address).status_code == 404


def test_those_who_are_named_are_told(cast, draft):
    actions.add_team_member(draft, cast.coordinator, by=cast.member)
    actions.name_opener(draft, cast.buyer, by=cast.member)
    actions.name_panelist(draft, cast.rival, by=cast.member)
    told = {
        one.user: one.kind for one in Notification.objects.filter(kind__startswith="challenges")
    }
    assert told == {
        cast.coordinator: "challenges.added_to_team",
        cast.buyer: "challenges.named_opener",
        cast.rival: "challenges.named_panelist",
    }
    for mail in OutgoingMail.objects.filter(kind__in=told.values()):
        assert "Dold titel" in registry.get(mail.kind).letter(mail).text


def test_naming_oneself_sends_nothing(cast, draft):
    actions.name_opener(draft, cast.member, by=cast.member)
    assert not Notification.objects.filter(user=cast.member).exists()


@pytest.mark.parametrize("people", ["openers", "panel"])
def test_people_are_named_and_removed_by_address(cast, draft, sign_in, people):
    client = sign_in(cast.member)
    add = reverse("challenges:person_name", args=[draft.slug, people])
    remove = reverse("challenges:person_remove", args=[draft.slug, people])
    before = getattr(draft, people).count()
    client.post(add, {"address": cast.buyer.email.upper()})
    assert getattr(draft, people).count() == before + 1
    client.post(remove, {"person": cast.buyer.email})
    assert getattr(draft, people).count() == before


@pytest.mark.parametrize("people", ["openers", "panel"])
def test_one_without_an_account_is_said_plainly(cast, draft, sign_in, people):
    add = reverse("challenges:person_name", args=[draft.slug, people])
    answer = sign_in(cast.member).post(add, {"address": "ingen@example.org"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Ingen med konto har den här adressen" in text
    assert 'value="ingen@example.org"' in text
    assert not OutgoingMail.objects.filter(address="ingen@example.org").exists()


@pytest.mark.parametrize("people", ["openers", "panel"])
def test_one_who_is_named_already_is_said_to_be(cast, draft, sign_in, people):
    add = reverse("challenges:person_name", args=[draft.slug, people])
    client = sign_in(cast.member)
    told = [client.post(add, {"address": cast.buyer.email}, follow=True) for _again in range(2)]
    first, second = ([str(one) for one in answer.context["messages"]] for answer in told)
    assert first == [f"{cast.buyer} är utsedd och får veta det med e-post."]
    assert second == [f"{cast.buyer} är redan utsedd."]
    assert OutgoingMail.objects.filter(user=cast.buyer).count() == 1
    client.post(add, {"address": cast.member.email})
    assert "med e-post" not in str(*client.get(section(draft, people)).context["messages"])


@pytest.mark.parametrize("people", ["openers", "panel"])
def test_an_address_that_stands_there_when_one_saves_is_not_lost(cast, draft, sign_in, people):
    client = sign_in(cast.member)
    page = client.get(section(draft, people)).text
    assert page.count('id="section"') == 1
    assert page.count('form="section"') == 2
    data = {"revision": 0, "then": "next", "anonymous_reading": "on"}
    answer = client.post(section(draft, people), {**data, "address": cast.buyer.email})
    assert answer.headers["Location"] == section(draft, people)
    assert getattr(draft, people).filter(user=cast.buyer).exists()
    draft.refresh_from_db()
    assert draft.anonymous_reading is (people == "panel")
    Challenge.objects.filter(pk=draft.pk).update(anonymous_reading=False)
    page = client.post(section(draft, people), {**data, "revision": 1, "address": "ingen@example"})
    assert 'value="ingen@example"' in page.text
    assert page.context["person_form"].errors
    if people == "panel":
        assert page.context["form"]["anonymous_reading"].value()


@pytest.mark.parametrize("people", ["openers", "panel"])
def test_addresses_cannot_be_tried_without_end(cast, draft, sign_in, people, settings):
    settings.ACCOUNT_RATE_LIMITS = {"person_name": "2/h/user"}
    add = reverse("challenges:person_name", args=[draft.slug, people])
    client = sign_in(cast.member)
    tried = [client.post(add, {"address": "ingen@example.org"}).status_code for _each in range(2)]
    last = client.post(add, {"address": cast.buyer.email})
    assert (tried, last.status_code) == ([200, 200], 429)
    assert f'value="{cast.buyer.email}"' in last.text
    assert "Försök igen om en timme" in last.text
    assert not getattr(draft, people).filter(user=cast.buyer).exists()
    assert sign_in(cast.owner).post(add, {"address": cast.buyer.email}).status_code == 302


@pytest.mark.parametrize("name", ["background", "criteria"])
def test_people_are_named_to_open_and_to_judge_only(cast, draft, sign_in, name):
    address = reverse("challenges:person_name", args=[draft.slug, name])
    assert sign_in(cast.member).post(address, {"address": cast.buyer.email}).status_code == 404


def test_nobody_is_named_while_it_is_reviewed(cast, draft):
    Challenge.objects.filter(pk=draft.pk).update(state="in_review")
    for name in (actions.name_opener, actions.name_panelist):
        with pytest.raises(Refused):
            name(draft, cast.buyer, by=cast.member)


def test_a_panelist_who_has_declared_stays(cast, draft):
    panelist = actions.name_panelist(draft, cast.buyer, by=cast.member)
    panelist.has_conflict, panelist.declared_at = True, draft.created_at
    panelist.save()
    with pytest.raises(Refused):
        actions.remove_panelist(panelist, by=cast.member)


def test_colleagues_are_added_on_their_page_and_others_are_not(cast, draft, sign_in):
    client = sign_in(cast.member)
    address = reverse("challenges:team", args=[draft.slug])
    client.post(address, {"user": cast.rival.email})
    assert draft.team.count() == 1
    client.post(address, {"user": cast.coordinator.email})
    assert draft.team.count() == 2
    client.post(reverse("challenges:team_remove", args=[draft.slug]), {"user": cast.member.email})
    assert [member.user for member in draft.team.all()] == [cast.coordinator]
    assert client.get(reverse("challenges:work", args=[draft.slug])).status_code == 404


def test_what_an_administrator_sends_to_review_has_a_team(cast, draft, sign_in):
    draft.team.all().delete()
    sign_in(cast.owner).post(reverse("challenges:send_to_review", args=[draft.slug]))
    draft.refresh_from_db()
    assert draft.state == "in_review"
    assert [member.user for member in draft.team.all()] == [cast.owner]


def test_what_is_refused_gives_an_administrator_no_team(cast, draft, sign_in):
    draft.team.all().delete()
    draft.criteria.all().delete()
    answer = sign_in(cast.owner).post(reverse("challenges:send_to_review", args=[draft.slug]))
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.team.count()) == ("draft", 0)


def test_the_last_one_of_the_team_stays(cast, draft):
    with pytest.raises(Refused):
        actions.remove_team_member(draft, cast.member, by=cast.member)


def test_one_who_has_left_the_owner_no_longer_writes(cast, draft, sign_in):
    leave_organisation(cast.municipality, by=cast.member)
    assert save(sign_in(cast.member), draft, "background").status_code == 404
    with pytest.raises(Refused):
        actions.save_section(draft, "background", {}, revision=0, by=cast.member)


@pytest.mark.parametrize("phase", ["draft", "in_review", "published", "opened"])
def test_the_hub_of_each_phase_asks_little(cast, sign_in, phase, django_assert_max_num_queries):
    if phase in ("published", "opened"):
        challenge = cast.challenge
        TeamMember.objects.create(challenge=challenge, user=cast.member)
    else:
        challenge = complete(
            actions.start_challenge(title="L", organisation=cast.municipality, by=cast.member)
        )
        Challenge.objects.filter(pk=challenge.pk).update(state=phase)
    if phase == "opened":
        Panelist.objects.create(challenge=challenge, user=cast.member)
        opened(challenge)
    client = sign_in(cast.member)
    address = reverse("challenges:work", args=[challenge.slug])
    client.get(address)
    with django_assert_max_num_queries(12):
        assert client.get(address).status_code == 200


def test_after_publishing_administrators_are_out_and_the_team_is_in(cast, draft, sign_in):
    hub = reverse("challenges:work", args=[draft.slug])
    Challenge.objects.filter(pk=draft.pk).update(state="published", published_at=draft.created_at)
    assert sign_in(cast.member).get(hub).status_code == 200
    assert sign_in(cast.owner).get(hub).status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["background", "criteria"])
def test_of_two_saves_at_the_same_moment_one_is_stored_and_the_other_is_told(cast, name):
    draft = actions.start_challenge(title="Ljus", organisation=cast.municipality, by=cast.member)
    people = [cast.member, *(employee(cast.municipality) for _each in range(3))]
    for person in people[1:]:
        actions.add_team_member(draft, person, by=cast.member)
    barrier = Barrier(len(people))
    field = {"background": "background_sv", "criteria": "0-prompt_sv"}[name]

    def write(person):
        client = Client()
        client.force_login(person)
        client.get(section(draft, name))
        barrier.wait()
        try:
            mine = f"Text {person.pk}"
            return mine, client.post(
                section(draft, name), {**typed()[name], field: mine, "revision": 0}
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        answers = list(pool.map(write, people))
    stored = [mine for mine, answer in answers if answer.status_code == 302]
    told = [(mine, answer) for mine, answer in answers if answer.status_code == 409]

    assert (len(stored), len(told)) == (1, len(people) - 1)
    for mine, answer in told:
        assert mine in answer.content.decode()
        assert stored[0] in answer.content.decode()
    assert draft.sections.get(name=name).revision == 1


@pytest.mark.django_db(transaction=True)
def test_two_of_the_same_name_at_the_same_moment_get_their_own_addresses(cast):
    barrier = Barrier(4)

    def start(_number):
        barrier.wait()
        try:
            return actions.start_challenge(
                title="Ljus", organisation=cast.municipality, by=cast.member
            ).slug
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        slugs = list(pool.map(start, range(4)))
    assert len(set(slugs)) == 4


def test_a_company_cannot_be_made_owner_by_a_copy(cast, draft):
    with pytest.raises(Refused):
        actions.copy_challenge(draft, title="X", organisation=cast.company, by=cast.supplier)
    assert make.ChallengeFactory._meta.model.objects.filter(title_sv="X").count() == 0
