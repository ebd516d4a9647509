import datetime as dt

import pytest
from django.db import IntegrityError

from knowledge.models import ThemeWeek

from .. import factories as make

pytestmark = pytest.mark.django_db


def test_week_with_a_first_day_needs_a_last_one():
    with pytest.raises(IntegrityError):
        make.ThemeWeekFactory(starts_on=dt.date(2026, 11, 30))


def test_current_week_comes_before_the_next():
    make.ThemeWeekFactory(starts_on=dt.date(2026, 12, 7), ends_on=dt.date(2026, 12, 11))
    now = make.ThemeWeekFactory(starts_on=dt.date(2026, 11, 30), ends_on=dt.date(2026, 12, 4))
    past = make.ThemeWeekFactory(starts_on=dt.date(2026, 11, 2), ends_on=dt.date(2026, 11, 6))
    assert ThemeWeek.objects.current_or_next(on=dt.date(2026, 12, 4)).get() == now
    assert past not in ThemeWeek.objects.current_or_next(on=dt.date(2026, 12, 12))


def test_week_page_shows_its_programme_but_no_secret_event(client, cast):
    week = make.ThemeWeekFactory(starts_on=dt.date(2026, 11, 30), ends_on=dt.date(2026, 12, 4))
    week.events.add(make.EventFactory(title_sv="Öppet samtal"))
    week.events.add(
        make.EventFactory(title_sv="Hemlig träff", visibility="network", network=cast.network)
    )
    week.challenges.add(make.ChallengeFactory(state="draft", title_sv="Hemligt utkast"))
    week.articles.add(make.ArticleFactory(state="draft", title_sv="Hemlig text"))
    week.calls.add(make.FundingCallFactory(is_published=False, title_sv="Hemlig utlysning"))
    html = client.get(week.get_absolute_url()).content.decode()
    assert "Öppet samtal" in html
    assert "Hemli" not in html
    assert "Vecka 49" in html
    assert "30\xa0november–4\xa0december 2026" in html


def test_week_page_has_constant_queries(client, django_assert_max_num_queries):
    week = make.ThemeWeekFactory()
    for _ in range(4):
        week.events.add(make.EventFactory())
        week.challenges.add(make.ChallengeFactory())
        week.calls.add(make.FundingCallFactory())
        article = make.ArticleFactory()
        article.topics.add(make.TopicFactory())
        week.articles.add(article)
    with django_assert_max_num_queries(9):
        client.get(week.get_absolute_url())
