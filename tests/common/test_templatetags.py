import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import engines
from django.utils import translation

from afori.common.tags import lists, marks
from afori.common.translation import Text

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NOON = datetime(2026, 10, 15, 12, 0, tzinfo=STOCKHOLM)


def render(source, request=None, **context):
    template = engines["django"].from_string("{% load afori %}" + source)
    return template.render(context, request)


@pytest.fixture
def swedish():
    with translation.override("sv"):
        yield


class Filter(forms.Form):
    q = forms.CharField(required=False)
    level = forms.MultipleChoiceField(
        required=False,
        choices=[("initiate", "Initiera"), ("implement", "Införa")],
        widget=forms.CheckboxSelectMultiple,
    )
    open = forms.BooleanField(label="Bara öppna", required=False)


def test_icon_is_inlined_and_hidden_from_screen_readers():
    assert render('{% icon "check" %}') == (
        '<svg class="ico" viewBox="0 0 24 24" aria-hidden="true"><path d="M20 6 9 17l-5-5"/></svg>'
    )


def test_unknown_icon_raises():
    with pytest.raises(FileNotFoundError):
        render('{% icon "no-such-icon" %}')


def test_every_icon_used_in_a_template_exists():
    pages = (settings.BASE_DIR / "templates").rglob("*.html")
    names = {name for page in pages for name in re.findall(r'{% icon "([^"]+)"', page.read_text())}
    assert {name for name in names if not (marks.ICONS / f"{name}.svg").exists()} == set()


def test_level_says_its_step_in_words(swedish):
    html = render('{% level "introduce" %}')
    assert '<span class="ds-sr-only">Nivå 2 av 3: </span>Introducera' in html
    assert html.count('class="on"') == 2
    assert html.count('class="off"') == 1


@pytest.mark.parametrize("value", ["", None, "unknown"])
def test_no_level_is_nothing(value):
    assert render("{% level value %}", value=value) == ""


def test_lang_marks_only_a_text_in_another_language(swedish):
    source = "<h1{% lang title %}>{{ title }}</h1>"
    assert render(source, title=Text("Hello", "en")) == '<h1 lang="en">Hello</h1>'
    assert render(source, title=Text("Hej", "sv")) == "<h1>Hej</h1>"
    assert render(source, title="Hej") == "<h1>Hej</h1>"


def test_state_has_one_look_everywhere():
    assert render('{{ "open"|state_color }}') == "success"
    assert render('{{ "something new"|state_color }}') == "neutral"


def test_when_is_a_time_element_in_the_sites_zone(swedish):
    utc = NOON.astimezone(ZoneInfo("UTC"))
    assert render("{{ value|when }}", value=utc) == (
        '<time datetime="2026-10-15T12:00:00+02:00">15\u00a0okt. 2026 kl.\u00a012.00</time>'
    )


def test_day_takes_a_date(swedish):
    assert render('{{ value|day:"short" }}', value=date(2026, 12, 2)) == (
        '<time datetime="2026-12-02">2\u00a0dec. 2026</time>'
    )


@pytest.mark.parametrize("tag", ["value|when", "value|day", "value|month", "value|relative_day"])
def test_no_date_is_nothing(tag):
    assert render("{{ " + tag + " }}", value=None) == ""


def test_sums_follow_the_language():
    with translation.override("sv"):
        assert render("{% sek 4000000 6000000 %}, {{ 7600|number }}") == "4–6\u00a0mnkr, 7\u00a0600"
    with translation.override("en"):
        assert render("{{ 41000000|sek }}") == "SEK\u00a041\u00a0million"


@time_machine.travel(NOON, tick=False)
def test_days_left_of_a_deadline(swedish):
    source = "{% days_left at as left %}{{ left.figure }} {{ left.label }} {{ left.soon }}"
    assert render(source, at=NOON.replace(day=18)) == "3 dagar kvar True"
    assert render("{{ at|relative_day }}", at=NOON.replace(day=16, hour=1)) == "i morgon"


@pytest.mark.parametrize(
    ("tag", "address", "expected"),
    [
        ("{% query page=2 %}", "/?topic=a&topic=b", "?topic=a&amp;topic=b&amp;page=2"),
        ("{% query sort='new' %}", "/?topic=a&page=4", "?topic=a&amp;sort=new"),
        ("{% query topic=None %}", "/?topic=a", "."),
        ("{% query page=2 %}", "/?q=%22%3E%3Cscript%3E", "?q=%22%3E%3Cscript%3E&amp;page=2"),
    ],
)
def test_query_changes_one_parameter(rf, tag, address, expected):
    assert render(tag, rf_get(rf, address)) == expected


def test_query_works_in_an_include_with_only(rf):
    source = '{% include "components/pagination.html" with page_obj=page only %}'
    html = render(source, rf_get(rf, "/?topic=a"), page=Paginator(range(50), 20).page(1))
    assert 'href="?topic=a&amp;page=2"' in html


def rf_get(rf, address):
    request = rf.get(address)
    request.user = None
    return request


def test_chips_take_away_one_choice_each():
    form = Filter(QueryDict("q=gräs&level=initiate&level=implement&open=on&page=3"))
    assert [(chip.label, chip.url) for chip in lists.chips(form)] == [
        ("”gräs”", "?level=initiate&level=implement&open=on"),
        ("Initiera", "?q=gr%C3%A4s&level=implement&open=on"),
        ("Införa", "?q=gr%C3%A4s&level=initiate&open=on"),
        ("Bara öppna", "?q=gr%C3%A4s&level=initiate&level=implement"),
    ]


def test_the_last_chip_leads_to_the_whole_list():
    assert [chip.url for chip in lists.chips(Filter(QueryDict("q=a")))] == ["."]


def test_options_know_their_hits():
    form = Filter(QueryDict("level=implement"))
    found = lists.options(form["level"], {"level": {"initiate": 3}})
    assert [(one.value, one.selected, one.count) for one in found] == [
        ("initiate", False, 3),
        ("implement", True, 0),
    ]
    assert [one.count for one in lists.options(form["level"])] == [None, None]


def test_page_numbers_are_elided():
    page = Paginator(range(400), 20).page(4)
    assert lists.elided(page) == [1, 2, 3, 4, 5, "…", 20]


def test_term_explains_itself_without_a_space_after():
    source = '{% term "seal" "Seal" text "/glossary/" id="t" %}.'
    html = render(source, text="<b>Closed</b>")
    assert "&lt;b&gt;" in html
    assert html.startswith('<button class="term" type="button" popovertarget="t">seal</button>')
    assert html.endswith("</span>.")


def test_charts_on_one_page_have_ids_of_their_own(rf):
    html = render('{% demand_bar 1 2 3 "a" %}{% demand_bar 1 2 3 "a" %}', rf_get(rf, "/"))
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids)) == 4


def test_demand_bar_says_the_same_as_it_shows(swedish):
    html = render('{% demand_bar 1250 2450 3900 "personer per år" title="Efterfrågan" %}')
    assert "Åtagande 1\u00a0250, avsiktsförklaring 2\u00a0450, intresse 3\u00a0900." in html
    assert "Summa 7\u00a0600 personer per år." in html
    assert '<caption class="ds-sr-only">Efterfrågan</caption>' in html
    assert "<table" not in render('{% demand_bar 1 0 0 "a" table=False %}')


def test_meter_turns_red_when_over():
    assert 'class="meter full"' in render("{% meter 12 10 %}")
    assert 'class="meter"' in render("{% meter 10 10 %}")
