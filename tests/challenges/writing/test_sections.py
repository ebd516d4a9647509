"""The sections of a draft: what is stored, what is refused and kept."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from challenges import actions
from challenges.models import Criterion, SectionName
from tests import factories as make
from tests.cast import employee

from ..support import complete
from . import criterion, day, lacks, moment, save, section, typed

pytestmark = pytest.mark.django_db


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
        ("times", moment("opens_at", "0001-01-01", "00:00")),
        ("times", moment("closes_at", "2101-01-01", "12:00")),
        ("times", {"decision_expected_on": "1999-12-31"}),
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


@pytest.mark.parametrize("days", ["366", "-1", "tio"])
def test_days_to_wait_are_told_in_words(author, draft, days):
    page = save(author, draft, "times", wait_days=days)
    assert page.context["form"].errors["wait_days"] == ["Skriv ett antal dagar, från 0 till 365."]


def test_the_help_says_when_one_may_ask_and_when_one_may_answer(author, draft):
    page = author.get(section(draft, "times"))
    assert "Frågor kan ställas så snart utmaningen är publicerad" in page.text


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
