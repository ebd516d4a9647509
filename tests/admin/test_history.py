import pytest
from django.utils import translation
from django.utils.translation import gettext

from afori.common.differences import differences, shortened
from afori.taxonomy.models import Topic
from knowledge.models import Article
from tests.factories import ArticleFactory, NetworkFactory, TopicFactory

from .forms import save

pytestmark = pytest.mark.django_db


def url(obj, page):
    return f"/admin/{obj._meta.app_label}/{obj._meta.model_name}/{obj.pk}/{page}/"


@pytest.fixture
def article(desk):
    article = ArticleFactory(title_sv="Före", lead_sv="Kort", body_sv="<p>Ett hus vid ån</p>")
    topic = TopicFactory(name_sv="Vatten")
    save(
        desk,
        url(article, "change"),
        "article_form",
        title_sv="Efter",
        body_sv="<p>Ett torn vid ån</p>",
        topics=[topic.pk],
    )
    article.refresh_from_db()
    return article


def test_history_tells_who_changed_what_and_when(desk, article, editor):
    entries = desk.get(url(article, "history")).context["entries"]
    change = next(entry for entry in entries if entry.version and entry.changes)
    assert change.who == editor.name
    assert abs((change.at - article.updated_at).total_seconds()) < 60
    parts = {one.name: one.parts for one in change.changes}
    assert parts.keys() == {"title_sv", "body_sv"}
    assert parts["title_sv"] == [("del", "Före"), ("ins", "Efter")]
    assert ("del", "hus") in parts["body_sv"]
    assert ("ins", "torn") in parts["body_sv"]


def test_history_tells_of_lists(desk, article):
    entries = desk.get(url(article, "history")).context["entries"]
    lists = [one for entry in entries if entry.version is None for one in entry.changes]
    assert [one.parts for one in lists] == [[("ins", "Vatten ")]]


def test_two_versions_are_compared(desk, article):
    new, old = article.history.order_by("-pgh_id").values_list("pgh_id", flat=True)[:2]
    compare = url(article, "history") + f"compare/?old={new}&new={old}"
    changes = desk.get(compare).context["changes"]
    assert [one.name for one in changes] == ["title_sv", "body_sv"]
    for wrong in ("", "?old=x&new=y", "?old=999999999&new=1", f"?old={10**30}&new=1"):
        assert desk.get(url(article, "history") + f"compare/{wrong}").status_code == 404


def test_a_restore_asks_first_and_is_in_the_history(desk, article, editor):
    first = article.history.order_by("pgh_id").first()
    restore = url(article, "history") + f"{first.pgh_id}/restore/"
    assert desk.get(restore).status_code == 200
    assert Article.objects.get().title_sv == "Efter"
    desk.post(restore)
    assert Article.objects.get().title_sv == "Före"
    entries = desk.get(url(article, "history")).context["entries"]
    latest = next(entry for entry in entries if entry.version)
    with translation.override("sv"):
        assert latest.what == gettext("Restored an earlier version")
    assert latest.who == editor.name


def test_a_restore_leaves_state_to_its_actions(desk, article):
    first = article.history.order_by("pgh_id").first()
    save(desk, url(article, "change"), "article_form", button="_archive")
    desk.post(url(article, "history") + f"{first.pgh_id}/restore/")
    assert Article.objects.get().state == Article.State.ARCHIVED


def test_a_restore_that_breaks_a_rule_is_refused_in_words(desk, article):
    first = article.history.order_by("pgh_id").first()
    slug = article.slug
    Article.objects.filter(pk=article.pk).update(slug="moved")
    ArticleFactory(slug=slug)
    response = desk.post(url(article, "history") + f"{first.pgh_id}/restore/")
    assert response.status_code == 200
    assert list(response.context["messages"])
    assert Article.objects.get(pk=article.pk).slug == "moved"


def test_a_version_of_something_else_is_not_restored(desk, article):
    other = ArticleFactory().history.first()
    assert desk.post(url(article, "history") + f"{other.pgh_id}/restore/").status_code == 404


def test_history_of_what_a_command_made_says_so(desk):
    network = NetworkFactory()
    entries = desk.get(url(network, "history")).context["entries"]
    assert [(one.who, one.what) for one in entries] == [("Systemet", "Skapad")]


def test_what_is_deleted_is_listed(desk):
    topic = TopicFactory(name_sv="Glömt")
    desk.post(url(topic, "delete"), {"post": "yes"})
    assert not Topic.objects.exists()
    assert "Glömt" in desk.get("/admin/taxonomy/topic/deleted/").content.decode()


def test_long_unchanged_stretches_are_cut():
    words = " ".join(f"w{i}" for i in range(100))
    parts = differences(f"{words} a {words}", f"{words} b {words}")
    assert [kind for kind, _text in parts] == ["same", "del", "ins", "same"]
    assert all(len(text) < 60 for _kind, text in shortened(parts))
