"""How a challenge begins: empty, as a copy, from a need; and who may."""

import pytest
from django.test import Client
from django.urls import reverse

from afori.common.states import Refused
from challenges import actions
from challenges.models import Challenge, SectionName
from tests import factories as make
from tests.admin.forms import fields

from ..support import complete
from . import lacks, save

pytestmark = pytest.mark.django_db


def test_the_one_who_starts_is_on_the_team(cast, draft):
    assert (draft.slug, draft.state, draft.owner) == ("ljus", "draft", cast.municipality)
    assert [member.user for member in draft.team.all()] == [cast.member]


@pytest.mark.parametrize("title", ["Ny", "new", "Ljus", "!!!", "å" * 200, "Granskning"])
def test_addresses_are_unique_and_never_a_word_of_ours(cast, draft, title):
    other = actions.start_challenge(title=title, organisation=cast.municipality, by=cast.member)
    assert other.slug not in {"ny", "new", "granskning", "ljus", ""}
    assert len(other.slug) <= 80


@pytest.mark.parametrize("role", ["supplier", "user", "staff"])
def test_only_people_of_a_buyer_start(cast, role):
    organisation = cast.company if role == "supplier" else cast.municipality
    with pytest.raises(Refused):
        actions.start_challenge(title="Ljus", organisation=organisation, by=getattr(cast, role))


def test_the_admin_gives_no_challenge_a_word_of_ours_as_address(client, draft, editor):
    address = reverse("admin:challenges_challenge_change", args=[draft.pk])
    data = fields(client.get(address), "challenge_form")
    page = client.post(address, {**data, "slug": "ny"})
    assert "Portalen använder själv det ordet" in page.content.decode()


def test_a_title_typed_past_the_log_in_comes_back(db):
    answer = Client().post(reverse("challenges:new"), {"title": "Min titel"})
    assert answer.status_code == 403
    assert answer.context["typed"] == [("title", "Min titel")]


def test_a_copy_takes_all_but_times_state_and_people(cast, draft):
    source = complete(draft, rights_text_sv="I tio år.")
    source.topics.add(make.TopicFactory())
    copy = actions.copy_challenge(
        source, title="Ljus igen", organisation=cast.municipality, by=cast.member
    )
    copy.refresh_from_db()

    assert (copy.title_sv, copy.state, copy.closes_at) == ("Ljus igen", "draft", None)
    assert copy.rights_text_sv == "I tio år."
    assert copy.criteria.count() == source.criteria.count()
    assert list(copy.topics.all()) == list(source.topics.all())
    assert not copy.openers.exists()
    assert not copy.panel.exists()
    assert lacks(copy) == {SectionName.TIMES, SectionName.OPENERS, SectionName.PANEL}


def test_a_copy_takes_the_people_where_one_wants(cast, draft):
    actions.add_team_member(draft, cast.coordinator, by=cast.member)
    copy = actions.copy_challenge(
        complete(draft),
        title="Igen",
        organisation=cast.municipality,
        by=cast.member,
        with_people=True,
    )
    assert {one.user for one in copy.team.all()} == {cast.member, cast.coordinator}
    assert copy.openers.count() == 2
    assert copy.panel.count() == 1


def test_what_was_copied_waits_to_be_looked_through(author, cast, draft):
    copy = actions.copy_challenge(
        complete(draft), title="Igen", organisation=cast.municipality, by=cast.member
    )
    hub = author.get(reverse("challenges:work", args=[copy.slug]))
    state = {task.name: task.state for task in hub.context["outline"]}
    assert state["background"] == "Har följt med, gå igenom den"
    assert save(author, copy, "background").status_code == 302
    hub = author.get(reverse("challenges:work", args=[copy.slug]))
    assert {task.name: task.state for task in hub.context["outline"]}["background"] == "Klar"


def test_nobody_copies_from_another_organisation(cast, sign_in, draft):
    complete(draft)
    with pytest.raises(Refused):
        actions.copy_challenge(
            draft, title="Min", organisation=cast.buyer.acting_for, by=cast.buyer
        )
    client = sign_in(cast.buyer)
    new = reverse("challenges:new")
    assert draft.title_sv not in client.get(f"{new}?copy={draft.slug}").content.decode()
    client.post(new, {"title": "Min", "source": draft.slug})
    assert not Challenge.objects.filter(title_sv="Min").exclude(contact="").exists()


def test_colleagues_copy_what_is_public_and_not_each_others_drafts(cast, sign_in, draft):
    new = sign_in(cast.coordinator).get(reverse("challenges:new"))
    offered = {str(one) for one in new.context["form"].fields["source"].queryset}
    assert offered == {str(cast.challenge)}


def test_a_need_becomes_a_draft(cast, sign_in):
    need = make.NeedFactory(
        causes_sv="Lamporna är gamla.",
        effect_sv="Folk ramlar.",
        function_sv="Ljus när man går.",
        affected_sv="De som går.",
        level="introduce",
        network=cast.network,
        goals=[11],
    )
    need.topics.add(make.TopicFactory())
    client = sign_in(cast.buyer)
    address = f"{reverse('challenges:new')}?need={need.slug}"
    page = client.get(address)
    assert page.context["form"]["title"].value() == need.title_sv
    assert "orsaker och följder" in page.content.decode()
    answer = client.post(address, {"title": "Ljus när man går"})
    challenge = Challenge.objects.get(title_sv="Ljus när man går")

    assert answer.headers["Location"] == reverse("challenges:work", args=[challenge.slug])
    assert challenge.background_sv == "Lamporna är gamla.\n\nFolk ramlar."
    assert (challenge.function_sv, challenge.affected_sv) == ("Ljus när man går.", "De som går.")
    assert (challenge.level, challenge.network, challenge.goals) == (
        "introduce",
        cast.network,
        [11],
    )
    assert list(challenge.needs.all()) == [need]
    assert list(challenge.topics.all()) == list(need.topics.all())


def test_a_need_of_a_network_stays_with_its_members(cast, sign_in):
    need = make.NeedFactory(network=cast.network, visibility="network")
    address = f"{reverse('challenges:new')}?need={need.slug}"
    assert sign_in(cast.buyer).get(address).status_code == 404
    assert sign_in(cast.member).get(address).status_code == 200


WAYS = {
    "stranger": "Logga in",
    "user": "Berätta först var du arbetar",
    "supplier": "som är leverantör",
    "buyer": "Börja på utmaningen",
    "owner": "Börja på utmaningen",
    "staff": "Berätta först var du arbetar",
}


@pytest.mark.parametrize("role", WAYS)
def test_the_way_in_is_told_to_each(cast, sign_in, role):
    page = sign_in(getattr(cast, role)).get(reverse("challenges:new"))
    assert WAYS[role] in page.content.decode()


@pytest.mark.parametrize("role", ["stranger", "user", "supplier", "staff"])
def test_others_do_not_begin(cast, sign_in, role):
    before = Challenge.objects.count()
    answer = sign_in(getattr(cast, role)).post(reverse("challenges:new"), {"title": "Ljus"})
    assert (answer.status_code, Challenge.objects.count()) == (403, before)


def test_an_unverified_buyer_writes_and_is_told(cast, sign_in):
    type(cast.municipality).objects.filter(pk=cast.municipality.pk).update(verified_at=None)
    client = sign_in(cast.member)
    assert "inte verifierad" in client.get(reverse("challenges:new")).content.decode()
    client.post(reverse("challenges:new"), {"title": "Ljus över bron"})
    draft = Challenge.objects.get(title_sv="Ljus över bron")
    hub = client.get(reverse("challenges:work", args=[draft.slug])).content.decode()
    assert "inte publicera än" in hub


def test_it_begins_for_the_organisation_that_the_page_was_shown_for(cast, sign_in):
    before = Challenge.objects.count()
    data = {"title": "Ljus", "for": cast.company.slug}
    answer = sign_in(cast.buyer).post(reverse("challenges:new"), data)
    assert (answer.status_code, Challenge.objects.count()) == (302, before)


def test_entry_points_are_for_buyers(cast, sign_in):
    need = make.NeedFactory()
    new = reverse("challenges:new")
    for role, there in [("buyer", True), ("supplier", False), ("stranger", False)]:
        client = sign_in(getattr(cast, role))
        for address in (reverse("challenges:list"), need.get_absolute_url()):
            assert (f'href="{new}' in client.get(address).content.decode()) is there
