"""Writing a challenge: nothing is lost, nothing is refused but what cannot be."""

from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from afori.accounts.groups import make_editors
from afori.common.states import Refused
from challenges import actions
from challenges.completeness import fresh, missing
from challenges.locks import database_now
from challenges.models import Challenge, Criterion, SectionName
from tests import factories as make
from tests.admin.forms import fields
from tests.cast import employee

from .support import complete
from .writing import criterion, day, moment, save, section, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast):
    """Begun by Mona; Olle administers its owner."""
    return actions.start_challenge(title="Ljus", organisation=cast.municipality, by=cast.member)


@pytest.fixture
def author(draft, cast, sign_in):
    return sign_in(cast.member)


def lacks(challenge):
    return set(missing(fresh(challenge), database_now()))


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


def test_every_section_is_saved_and_leads_on(author, draft, cast):
    for name in typed():
        answer = save(author, draft, name, then="next")
        assert answer.status_code == 302, (name, answer.context["form"].errors)
    draft.refresh_from_db()
    assert draft.languages == ["sv", "en"]
    assert draft.goals == [3, 11]
    assert draft.value_offers == ["testbed", "expertise"]
    assert (draft.budget_min, draft.budget_max, draft.prize) == (1_000_000, 2_000_000, None)
    assert timezone.localtime(draft.questions_until).strftime("%H:%M") == "12:00"
    assert list(draft.criteria.values_list("prompt_sv", "weight", "minimum_score")) == [
        ("Hur lyser det?", 60, 3),
        ("Vad kostar det?", 40, None),
    ]
    assert draft.anonymous_reading
    assert {row.revision for row in draft.sections.all()} == {1}
    assert {row.saved_by for row in draft.sections.all()} == {cast.member}
    assert lacks(draft) == {SectionName.OPENERS, SectionName.PANEL}


@pytest.mark.parametrize("name", list(typed()))
def test_a_draft_may_lack_anything(author, draft, name):
    before = draft.title_sv
    assert author.post(section(draft, name), {"revision": 0}).status_code == 302
    draft.refresh_from_db()
    assert draft.title_sv == before


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("basics", {"title_sv": "x" * 201}),
        ("basics", {"languages": "xx"}),
        ("basics", {"network": "0"}),
        ("basics", {"topics": "99999999999999999999"}),
        ("level", {"level": "highest"}),
        ("budget", {"budget_min": "3", "budget_max": "2"}),
        ("budget", {"prize": "-1"}),
        ("budget", {"prize": "9" * 40}),
        ("criteria", {"0-weight": "101"}),
        ("criteria", {"0-word_limit": "0"}),
        ("criteria", {"0-minimum_score": "6"}),
        ("times", moment("closes_at", "2027-02-30", "12:00")),
        ("times", moment("closes_at", "", "12:00")),
        ("times", moment("closes_at", "2027-03-28", "02:30")),
        ("times", moment("closes_at", "2027-10-31", "02:30")),
        ("times", {"wait_days": "366"}),
    ],
)
def test_what_cannot_be_is_told_and_kept(author, draft, name, wrong):
    answer = save(author, draft, name, **wrong)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    field, value = next(iter(wrong.items()))
    assert answer.context["form"].data[field] == value
    assert not draft.sections.filter(revision__gt=0).exists()


@pytest.mark.parametrize(
    ("field", "on"),
    [
        ("questions_until", day(0)),
        ("questions_until", day(31)),
        ("answers_by", day(19)),
        ("answers_by", day(31)),
        ("closes_at", day(-2)),
    ],
)
def test_times_come_in_their_order(author, draft, field, on):
    assert save(author, draft, "times", **moment(field, on, "12:00")).context["form"].errors
    assert save(author, draft, "times", decision_expected_on=day(29)).context["form"].errors


@pytest.mark.parametrize(
    "junk",
    [
        {"revision": "9" * 30},
        {"revision": "x"},
        {"count": "-1"},
        {"count": "9" * 9},
        {"do": "remove-9"},
        {"do": "up-²"},
        {"do": "remove-0"},
        {"do": "explode"},
        {"0-weight": "½"},
    ],
)
def test_junk_is_no_server_error(author, draft, junk):
    assert save(author, draft, "criteria", **junk).status_code in (200, 302, 409)


def test_criteria_are_added_moved_and_removed_without_a_script(author, draft):
    save(author, draft, "criteria", do="add")
    three = {**typed()["criteria"], "count": "3", **criterion(2, "Hur länge?", 0)}
    author.post(section(draft, "criteria"), {**three, "revision": 1, "do": "up-3"})
    prompts = list(draft.criteria.values_list("prompt_sv", flat=True))
    assert prompts == ["Hur lyser det?", "Hur länge?", "Vad kostar det?"]
    page = author.get(section(draft, "criteria"))
    form = page.context["form"]
    data = {field.html_name: field.value() or "" for field in form}
    answer = author.post(section(draft, "criteria"), {**data, "do": "remove-1"})
    assert answer.headers["Location"].endswith("#criteria")
    prompts = list(draft.criteria.values_list("prompt_sv", flat=True))
    assert prompts == ["Hur länge?", "Vad kostar det?"]


def test_positions_that_the_admin_left_apart_do_no_harm(author, draft):
    make.CriterionFactory(challenge=draft, position=2)
    assert save(author, draft, "criteria").status_code == 302
    assert draft.criteria.count() == 2


def test_a_save_over_a_later_one_stores_nothing_and_shows_both(author, draft, cast, sign_in):
    actions.add_team_member(draft, cast.coordinator, by=cast.member)
    save(author, draft, "background")
    other = sign_in(cast.coordinator)
    answer = save(other, draft, "background", background_sv="Det är kolmörkt.")
    text = answer.content.decode()

    assert answer.status_code == 409
    assert cast.member.name in text
    assert "Det är mörkt." in text
    assert "Det är kolmörkt." in text
    assert answer.context["stored"] == [("Bakgrund på svenska", "Det är mörkt.")]
    draft.refresh_from_db()
    assert draft.background_sv == "Det är mörkt."

    chosen = answer.context["form"]["revision"].value()
    save(other, draft, "background", chosen, background_sv="Mörkt. Kolmörkt.")
    draft.refresh_from_db()
    assert draft.background_sv == "Mörkt. Kolmörkt."


@pytest.mark.parametrize("name", list(typed()))
def test_both_versions_of_every_section_can_be_shown(author, draft, name):
    names = [field.name for field in Challenge._meta.get_fields()]
    actions.touch_sections(draft, ["criteria", *names], by=draft.team.get().user)
    answer = save(author, draft, name)
    assert answer.status_code == 409
    assert answer.context["stored"]


def test_the_same_text_twice_is_no_conflict(author, draft):
    save(author, draft, "background")
    assert save(author, draft, "background").status_code == 302


def test_line_ends_are_the_same_everywhere(author, draft):
    save(author, draft, "background", background_sv="ett\r\ntvå")
    draft.refresh_from_db()
    assert draft.background_sv == "ett\ntvå"
    assert save(author, draft, "background", 0, background_sv="ett\r\ntvå").status_code == 302


def test_what_an_editor_changes_in_the_admin_counts_as_a_save(author, draft, cast):
    actions.touch_sections(draft, ["background_sv"], by=cast.staff)
    assert save(author, draft, "background").status_code == 409


@pytest.fixture
def editor(client, settings):
    settings.AFORI_REQUIRE_MFA = False
    person = make.UserFactory(is_staff=True, name="Edit Redaktör")
    person.groups.add(make_editors())
    client.force_login(person)
    return person


def test_nobody_writes_over_what_an_editor_saved_in_the_admin(client, draft, cast, editor):
    address = reverse("admin:challenges_challenge_change", args=[draft.pk])
    data = fields(client.get(address), "challenge_form")
    assert client.post(address, {**data, "contact": "Redaktionen"}).status_code == 302
    client.force_login(cast.member)
    answer = save(client, draft, "basics")
    assert answer.status_code == 409
    assert "Redaktionen" in answer.content.decode()
    assert save(client, draft, "background").status_code == 302


def test_the_admin_gives_no_challenge_a_word_of_ours_as_address(client, draft, editor):
    address = reverse("admin:challenges_challenge_change", args=[draft.pk])
    data = fields(client.get(address), "challenge_form")
    page = client.post(address, {**data, "slug": "ny"})
    assert "Portalen använder själv det ordet" in page.content.decode()


def test_a_title_typed_past_the_log_in_comes_back(db):
    answer = Client().post(reverse("challenges:new"), {"title": "Min titel"})
    assert answer.status_code == 403
    assert answer.context["typed"] == [("title", "Min titel")]


def test_colleagues_see_who_has_a_section_open_until_it_is_saved(draft, cast, sign_in):
    actions.add_team_member(draft, cast.coordinator, by=cast.member)
    sign_in(cast.member).get(section(draft, "background"))
    other = sign_in(cast.coordinator)
    told = f"{cast.member.name} har den här delen öppen"
    assert told in other.get(section(draft, "background")).content.decode()
    hub = other.get(reverse("challenges:work", args=[draft.slug])).content.decode()
    assert f"{cast.member.name} har den öppen nu" in hub

    save(sign_in(cast.member), draft, "background")
    assert told not in sign_in(cast.coordinator).get(section(draft, "background")).content.decode()


def test_one_does_not_warn_oneself(author, draft):
    for _again in range(2):
        page = author.get(section(draft, "background"))
    assert page.context["outline"].here.colleague is None


def test_typing_past_the_log_in_gives_everything_back(draft):
    stranger = Client()
    answer = save(stranger, draft, "basics", summary_sv="Skrivet <b>")
    text = answer.content.decode()

    assert answer.status_code == 403
    assert ("summary_sv", "Skrivet <b>") in answer.context["typed"]
    assert answer.context["hidden"].count(("languages", "sv")) == 1
    assert answer.context["hidden"].count(("languages", "en")) == 1
    assert "&lt;b&gt;" in text


@pytest.mark.parametrize("number", ["team", "reason-team", "9" * 5_000, "²"], ids=len)
def test_made_up_fields_come_back_without_a_server_error(draft, number):
    sent = urlencode({number: "x", "text": "y", "title_sv": "z", f"{number}-prompt_sv": "w"})
    kind = "application/x-www-form-urlencoded"
    answer = Client().post(section(draft, "basics"), sent, content_type=kind)
    assert answer.status_code == 403


def test_typing_after_one_was_removed_gives_the_text_back(author, draft, cast):
    actions.add_team_member(draft, cast.coordinator, by=cast.member)
    actions.remove_team_member(draft, cast.member, by=cast.coordinator)
    answer = save(author, draft, "background", background_sv="Min text")
    assert answer.status_code == 404
    assert "Min text" in answer.content.decode()


def test_typing_after_it_went_to_review_gives_the_text_back(author, draft):
    Challenge.objects.filter(pk=draft.pk).update(state="in_review")
    answer = save(author, draft, "background", background_sv="Min text")
    assert answer.status_code == 409
    assert "Min text" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.background_sv == ""


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


def test_review_is_refused_with_what_is_missing(author, draft):
    address = reverse("challenges:send_to_review", args=[draft.slug])
    page = author.get(address).content.decode()
    assert "Beskriv bakgrunden på svenska." in page
    assert 'method="post"' not in page.split("<main")[1]
    author.post(address)
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_whole_challenge_goes_to_review(author, draft):
    complete(draft)
    assert author.get(reverse("challenges:work", args=[draft.slug])).context["outline"].is_whole
    author.post(reverse("challenges:send_to_review", args=[draft.slug]))
    draft.refresh_from_db()
    assert draft.state == "in_review"
    assert author.get(section(draft, "background")).status_code == 302
    assert author.get(reverse("challenges:work", args=[draft.slug])).status_code == 200


def without(name):
    def take(challenge):
        getattr(challenge, name).all().delete()

    return take


BLANKS = {
    "summary_sv": "",
    "languages": [],
    "contact": "",
    "background_sv": "",
    "function_sv": "",
    "affected_sv": "",
    "level": "",
    "method": "",
    "prize": None,
    "rights": "",
    "adoption_receiver_sv": "",
    "closes_at": None,
    "questions_until": None,
    "answers_by": None,
    "decision_expected_on": None,
}


@pytest.mark.parametrize("field", BLANKS)
def test_each_missing_field_stops_review_and_publishing(draft, cast, field):
    complete(draft)
    Challenge.objects.filter(pk=draft.pk).update(**{field: BLANKS[field]})
    with pytest.raises(Refused) as refusal:
        actions.send_to_review(draft, by=cast.member)
    assert refusal.value.code == "incomplete"
    Challenge.objects.filter(pk=draft.pk).update(state="in_review")
    with pytest.raises(Refused):
        actions.publish(draft, by=cast.member)


@pytest.mark.parametrize("rows", ["criteria", "openers", "panel"])
def test_missing_people_and_criteria_stop_review(draft, cast, rows):
    complete(draft)
    getattr(draft, rows).first().delete()
    with pytest.raises(Refused):
        actions.send_to_review(draft, by=cast.member)


def test_a_closed_account_does_not_count_as_opener(draft, cast):
    complete(draft)
    person = draft.openers.first().user
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    assert lacks(draft) == {SectionName.OPENERS}


def test_offers_stand_in_for_money(draft):
    complete(draft, prize=None, value_offers=["testbed"])
    assert lacks(draft) == set()


def test_the_preview_is_the_page_as_it_will_look(author, draft):
    complete(draft)
    page = author.get(reverse("challenges:preview", args=[draft.slug]))
    assert "Förhandsvisning" in page.content.decode()
    assert page.context["status"] == "upcoming"
    assert Challenge.objects.get(pk=draft.pk).state == "draft"


def test_the_preview_of_an_empty_draft_works(author, draft):
    assert author.get(reverse("challenges:preview", args=[draft.slug])).status_code == 200


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", [*SectionName])
def test_every_section_opens_in_both_languages(author, draft, name, language):
    with override(language):
        address, label = section(draft, name), str(name.label)
    page = author.get(address)
    assert page.status_code == 200
    assert address.startswith("/en/") is (language == "en")
    assert f"<h1>{label}</h1>" in page.content.decode()


@pytest.mark.parametrize("name", ["basics", "criteria", "openers", "panel"])
def test_pages_ask_the_same_for_one_and_for_three(
    author, draft, cast, name, django_assert_max_num_queries
):
    complete(draft)
    author.get(section(draft, name))
    counts = []
    for _round in range(2):
        with django_assert_max_num_queries(12) as asked:
            author.get(section(draft, name))
        counts.append(len(asked))
        for number in range(2):
            person = employee(cast.municipality)
            actions.name_panelist(draft, person, by=cast.member)
            if draft.openers.count() < 4:
                actions.name_opener(draft, person, by=cast.member)
            make.CriterionFactory(challenge=draft, position=10 + Criterion.objects.count())
            need = make.NeedFactory(proposer=cast.municipality)
            draft.needs.add(need)
            draft.topics.add(make.TopicFactory())
            assert number < 2
    assert counts[0] == counts[1]


@pytest.mark.parametrize("view", ["work", "team", "preview", "send_to_review"])
def test_the_workspace_asks_the_same_for_one_and_for_three(
    author, draft, cast, view, django_assert_max_num_queries
):
    complete(draft)
    address = reverse(f"challenges:{view}", args=[draft.slug])
    author.get(address)
    counts = []
    for _round in range(2):
        with django_assert_max_num_queries(12) as asked:
            author.get(address)
        counts.append(len(asked))
        for name in ("background", "function"):
            save(author, draft, name)
            actions.add_team_member(draft, employee(cast.municipality), by=cast.member)
    assert counts[0] == counts[1]
