"""What editors publish is news once, when it becomes public."""

from datetime import timedelta

import pytest
from django.utils import timezone

from afori.notifications.models import Activity
from knowledge.actions import publish, schedule, tell_of_articles
from knowledge.models import Article
from tests import factories as make
from tests.admin.test_saving import saved

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.AFORI_REQUIRE_MFA = False


@pytest.fixture
def desk(cast, sign_in):
    return sign_in(cast.superuser)


def told():
    kinds = Activity.objects.order_by("pk").values_list("kind", flat=True)
    return [kind.partition(".")[2] for kind in kinds]


def test_a_need_is_news_when_it_opens_and_when_it_gets_priority(cast, desk):
    topic = make.TopicFactory()
    need = make.NeedFactory(network=cast.network, state="proposed")
    need.topics.add(topic)
    saved(desk, need, source="En rapport")
    assert told() == []
    for state in ("open", "open", "prioritised", "open"):
        saved(desk, need, state=state)
    assert told() == ["need_opened", "need_prioritised"]
    targets = Activity.objects.earliest("pk").targets.values_list("kind", "subject_id")
    assert set(targets) == {
        ("need", need.pk),
        ("network", cast.network.pk),
        ("topic", topic.pk),
        ("every_need", 0),
    }


def test_a_call_is_news_when_it_is_published(desk):
    call = make.FundingCallFactory(is_published=False)
    saved(desk, call, source="En rapport")
    assert told() == []
    saved(desk, call, is_published="on")
    saved(desk, call, source="En annan rapport")
    assert told() == ["call_announced"]


@pytest.mark.parametrize("factory", [make.NetworkFactory, make.NeedFactory, make.EventFactory])
def test_what_is_public_already_is_no_news_when_it_is_changed(desk, factory):
    saved(desk, factory(), source="En rapport")
    assert told() == []


def test_an_article_is_news_at_its_time(cast):
    now = make.ArticleFactory(state="draft", publish_at=None, lead_sv="En ingress")
    later = make.ArticleFactory(state="draft", publish_at=None, lead_sv="En ingress")
    make.ArticleFactory(publish_at=timezone.now() - timedelta(days=300))
    publish(now, by=cast.staff)
    schedule(later, at=timezone.now() + timedelta(hours=1), by=cast.staff)
    for _twice in range(2):
        tell_of_articles()
    assert list(Activity.objects.values_list("subject_id", flat=True)) == [now.pk]
    Article.objects.filter(pk=later.pk).update(publish_at=timezone.now())
    tell_of_articles()
    assert Activity.objects.count() == 2
