"""Each kind of news that an app has registered can be told, shown and put in a digest."""

from pathlib import Path

import polib
import pytest
from django.template.loader import get_template
from django.utils.functional import Promise
from django.utils.translation import override

from afori.notifications.groups import followables, groups
from afori.notifications.models import Preference
from afori.notifications.news import news

PROJECT = Path(__file__).resolve().parents[2]
NEWS = news()


def sources(name):
    return get_template(name).template.source


def test_all_parts_of_the_portal_have_news():
    apps = {kind.name.partition(".")[0] for kind in NEWS}
    assert apps == {"networks", "challenges", "funding", "events", "knowledge"}


@pytest.mark.parametrize("kind", NEWS, ids=lambda kind: kind.name)
def test_news_belong_to_a_group_that_readers_choose_for(kind):
    assert kind.group in groups()
    assert kind.group.mail in Preference.Mail.values


@pytest.mark.parametrize("kind", NEWS, ids=lambda kind: kind.name)
def test_news_have_a_row_as_text_and_as_html(kind):
    text, html = map(sources, kind.row_templates)
    for part in (text, html):
        assert "reason" in part
        assert "url" in part
    for name in kind.templates if kind.mail else []:
        get_template(name)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", NEWS, ids=lambda kind: kind.name)
def test_permission_is_asked_for_many_in_at_most_two_queries(kind, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        readable = kind.readable(list(range(1, 300)), [*range(1, 300), None])
    assert readable[None] == set()


@pytest.mark.parametrize("thing", [*groups(), *followables().values()], ids=lambda one: one.name)
def test_groups_and_followables_are_named_in_both_languages(thing):
    swedish = polib.pofile(str(PROJECT / "locale/sv/LC_MESSAGES/django.po"))
    for text in (thing.label, thing.what):
        assert isinstance(text, Promise)
        with override("en"):
            english = str(text)
        assert swedish.find(english).msgstr


def test_names_of_groups_and_followables_fit_their_columns():
    for thing in (*groups(), *followables().values()):
        assert len(thing.name) <= 30
