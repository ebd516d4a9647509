import re
from datetime import timedelta

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.base import Message
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from afori.common import context
from afori.common.translation import Text
from afori.home.styleguide import styleguide

LANGUAGES = [code for code, _name in settings.LANGUAGES]
ERROR_PAGES = ["403", "403_csrf", "404", "410", "413", "429"]
BARE_PAGES = ["400", "500", "503"]


class NoLooking:
    """Stands in for what a page for strangers must not touch."""

    def __getattr__(self, name):
        raise AssertionError(f"a page for strangers looked into {name}")


class Storage(list):
    added_new = False
    cookie_name = "messages"


@pytest.fixture
def stranger(rf):
    """A request without cookies, whose session must be left alone."""

    def get(path="/", **data):
        request = rf.get(path, data)
        request.user = AnonymousUser()
        request.session = NoLooking()
        request._messages = Storage()
        return request

    return get


def component(part, **values):
    return render_to_string(f"components/{part}.html", values)


def text_of(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# The frame


def page_for(request):
    return render_to_string("404.html", request=request)


def test_a_strangers_page_touches_neither_session_nor_csrf(stranger):
    request = stranger("/")
    html = page_for(request)
    assert "csrf" not in html
    assert "CSRF_COOKIE" not in request.META


def test_notices_are_read_only_when_a_cookie_carries_them(stranger):
    request = stranger()
    request._messages = Storage([Message(25, "Saved")])
    assert list(context.notices(request)) == []
    request.COOKIES["messages"] = "signed"
    assert [str(notice) for notice in context.notices(request)] == ["Saved"]


def test_the_site_keeps_its_name_where_a_view_brings_another(stranger):
    html = render_to_string("404.html", {"site": {"name": "elsewhere"}}, request=stranger())
    assert settings.AFORI_SITE_NAME in html
    assert "elsewhere" not in html


def test_another_country_shows_its_own_name(stranger, settings):
    settings.AFORI_SITE_NAME = "Nyskapa"
    with translation.override("en"):
        html = page_for(stranger())
    assert text_of(html).startswith("The page does not exist – Nyskapa")
    assert 'aria-label="Afori"' not in html


def test_signed_in_people_see_on_whose_behalf_they_act(cast, rf):
    request = rf.get("/")
    request.user = cast.member
    html = page_for(request)
    assert "Ekhamra kommun" in text_of(html)
    assert reverse("account_login") not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_says_its_language(stranger, language):
    with translation.override(language):
        assert f'<html lang="{language}"' in page_for(stranger())


def test_other_language_leads_to_the_same_page_and_question(stranger):
    with translation.override("sv"):
        here = context.Here(stranger(reverse("account_login"), next="/x/"))
        (other,) = here.other_languages
        assert [one.exact for one in here.translated] == [True, True]
    with translation.override("en"):
        assert other.path == reverse("account_login") + "?next=%2Fx%2F"


def test_a_page_without_counterpart_offers_the_other_start_page(stranger):
    with translation.override("sv"):
        here = context.Here(stranger("/no-such-page/"))
    with translation.override("sv"):
        assert [one.path for one in here.other_languages] == ["/en/"]
        assert here.translated == []


def test_canonical_keeps_the_page_number_alone(stranger):
    base = settings.AFORI_BASE_URL
    assert context.Here(stranger("/a/", topic="x", page="2")).canonical == f"{base}/a/?page=2"
    assert context.Here(stranger("/a/", page="1")).canonical == f"{base}/a/"
    assert context.Here(stranger("/a/", page="2<script>")).canonical == f"{base}/a/"


def test_links_to_pages_that_do_not_exist_are_left_out(stranger):
    here = context.Here(stranger("/"))
    assert here.links([("Nowhere", "no-such-name")]) == []


# The gallery and the error pages


@pytest.mark.parametrize("language", LANGUAGES)
def test_gallery_opens_in_every_language(stranger, language):
    with translation.override(language):
        assert styleguide(stranger("/stil/")).status_code == 200


def test_ids_in_the_gallery_are_unique(stranger):
    ids = re.findall(r'\sid="([^"]+)"', styleguide(stranger("/stil/")).content.decode())
    assert sorted(ids) == sorted(set(ids))


def test_no_inline_css_or_js_anywhere():
    for page in (settings.BASE_DIR / "templates").rglob("*.html"):
        if "emails" not in page.parts:
            markup = re.sub(r"{%.*?%}", "", page.read_text(), flags=re.DOTALL)
            assert not re.search(r'\sstyle="|\son[a-z]+="|<style|<script>', markup), page


def test_every_component_names_its_inputs():
    for page in (settings.BASE_DIR / "templates" / "components").glob("*.html"):
        assert re.match(r"\{# .*In: .*#\}", page.read_text()), page


@pytest.mark.parametrize("name", ERROR_PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_error_page_says_what_happened_and_what_to_do(stranger, name, language):
    with translation.override(language):
        html = render_to_string(f"{name}.html", request=stranger("/x/"))
    assert html.count("<h1>") == 1
    assert '<p class="lead">' in html
    assert "noindex" in html


@pytest.mark.parametrize("name", BARE_PAGES)
def test_bare_error_page_needs_nothing_and_speaks_every_language(name):
    html = render_to_string(f"{name}.html")
    assert html.count("<h1>") == 1
    assert [code for code in LANGUAGES if f'lang="{code}">' in html] == LANGUAGES


# Forms


class Answer(forms.Form):
    name = forms.CharField(label="Namn", help_text="Som i registret.")
    text = forms.CharField(
        label="Svar", required=False, widget=forms.Textarea(attrs={"data-words": 3})
    )
    degree = forms.ChoiceField(
        label="Grad", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="Vi lovar", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def test_form_ties_help_counter_and_errors_to_the_field():
    html = str(Answer({"text": "one two three four"}))
    assert re.search(
        r'<input[^>]*name="name"[^>]*aria-describedby="id_name_helptext id_name_error"', html
    )
    assert re.search(r'<textarea[^>]*aria-describedby="id_text_count"', html)
    assert re.search(r'<fieldset[^>]*id="id_degree"[^>]*aria-describedby="id_degree_error"', html)
    assert 'id="id_name_error"' in html


def test_error_summary_leads_to_each_field():
    html = str(Answer({}))
    summary = html[html.index("ds-error-summary") : html.index("</ul>")]
    assert re.findall(r'href="#(\w+)"', summary) == ["id_name", "id_degree"]
    ids = set(re.findall(r'\sid="([^"]+)"', html))
    assert {"id_name", "id_degree"} <= ids


def test_form_without_errors_has_no_summary():
    assert "ds-error-summary" not in str(Answer())


def test_optional_fields_say_so():
    with translation.override("en"):
        assert str(Answer()).count("(optional)") == 1


def test_choice_fields_keep_names_values_and_labels():
    html = str(Answer({"degree": "b"}))
    assert re.search(r'name="degree" value="b"[^>]*checked', html)
    assert '<label for="id_degree_1">B</label>' in html
    assert re.search(r'type="hidden" name="token"(?![^>]*class)', html)


def test_form_escapes_what_people_write():
    html = str(Answer({"text": "</textarea><script>", "name": '"><script>'}))
    assert "<script>" not in html


def test_counter_counts_as_people_do():
    with translation.override("en"):
        html = str(Answer({"text": "one two\nthree four"}))
    assert "4 of 3 words. Too many by 1." in text_of(html)
    assert 'class="meter full"' in html


# Parts


def test_row_marks_a_title_in_another_language():
    with translation.override("sv"):
        html = component("challenge_row", url="/x/", title=Text("Hello", "en"), figure=3, label="x")
    assert '<a href="/x/" lang="en">Hello</a>' in html


def test_row_escapes_its_texts():
    html = component("row", url="/", title="<b>", figure="1", meta=["<i>"], summary="<u>")
    assert not re.search("<b>(?!1)|<i>|<u>", html)


def test_chain_marks_here_and_not_yet():
    links = [
        {"label": "Nätverk", "text": "Konstgräs", "url": "/n/", "state": "done"},
        {"label": "Behov", "text": "Planer", "url": "/b/", "state": "here"},
        {"label": "Utmaning", "text": "Ingen", "url": "", "state": "todo"},
    ]
    html = component("chain", links=links)
    assert html.count("<a ") == 1
    assert html.count('aria-current="step"') == 1
    assert html.count('class="todo"') == 1


def test_facts_never_guess():
    with translation.override("sv"):
        assert "ej angivet" in component("facts", facts=[("Budget", "")])


@pytest.mark.parametrize("start", [True, False])
def test_a_weekday_that_begins_a_line_is_capital(start):
    at = timezone.now() + timedelta(days=40)
    assert '<strong><span class="cap">' in component("deadline", at=at, start=start)


def test_a_passed_deadline_says_what_comes_next():
    at = timezone.now() - timedelta(days=1)
    with translation.override("en"):
        text = text_of(component("deadline", at=at, next="A decision in April."))
    assert text.startswith("Closed")
    assert text.endswith("A decision in April.")


class Filter(forms.Form):
    level = forms.MultipleChoiceField(
        choices=[("initiate", "Initiera")], widget=forms.CheckboxSelectMultiple, required=False
    )


def test_filter_panel_shows_hits_and_choices():
    form = Filter(QueryDict("level=initiate"))
    with translation.override("en"):
        html = component("filters", form=form, facets={"level": {"initiate": 1200}}, name="Filter")
    assert re.search(r'name="level" value="initiate" checked', html)
    assert '<span class="muted">1,200</span>' in html
    assert "Filter, 1 choice made" in html


def test_empty_list_offers_to_take_away_each_choice():
    html = component("empty", heading="Nothing", form=Filter(QueryDict("level=initiate")))
    assert html.count('class="ds-chip"') == 1
    assert 'href="."' in html
