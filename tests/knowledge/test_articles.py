from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from knowledge.models import Article, Attachment

from .. import factories as make

pytestmark = pytest.mark.django_db

HIDDEN = {
    "draft": {"state": "draft"},
    "in review": {"state": "in_review"},
    "archived": {"state": "archived"},
    "scheduled": {"publish_at": timezone.now() + timedelta(days=1)},
    "taken down": {
        "publish_at": timezone.now() - timedelta(days=3),
        "unpublish_at": timezone.now() - timedelta(days=1),
    },
}


@pytest.mark.parametrize("values", HIDDEN.values(), ids=HIDDEN)
def test_article_that_is_not_published_shows_nowhere(client, values):
    article = make.ArticleFactory(title_sv="Osynlig", title_en="Unseen", **values)
    assert client.get(article.get_absolute_url()).status_code == 404
    assert b"Osynlig" not in client.get(reverse("knowledge:list")).content
    assert (
        article.get_absolute_url()
        not in client.get(reverse("search"), {"q": "osynlig"}).content.decode()
    )
    assert not article.is_published()
    assert article not in Article.objects.published()


def test_set_rule_and_object_rule_agree():
    articles = [make.ArticleFactory(**values) for values in HIDDEN.values()]
    articles.append(make.ArticleFactory())
    published = set(Article.objects.published())
    assert published == {article for article in articles if article.is_published()}


def test_scheduled_article_appears_at_its_time(client, time_machine):
    moment = timezone.now() + timedelta(hours=2)
    article = make.ArticleFactory(publish_at=moment)
    time_machine.move_to(moment - timedelta(seconds=1))
    assert client.get(article.get_absolute_url()).status_code == 404
    time_machine.move_to(moment)
    assert client.get(article.get_absolute_url()).status_code == 200


def test_foreign_text_is_marked_with_its_language(client):
    article = make.ArticleFactory(title_sv="Bara svenska", title_en="", slug="bara-svenska")
    html = client.get(f"/en/knowledge/{article.slug}/").content.decode()
    assert '<h1 lang="sv">Bara svenska</h1>' in html


def test_article_page_has_few_queries(client, django_assert_max_num_queries):
    article = make.ArticleFactory(body_sv="<p>marknadsdialog</p>")
    make.ArticleFactory(kind="term", title_sv="Marknadsdialog", lead_sv="Samtal.")
    for _ in range(5):
        article.topics.add(make.TopicFactory())
        article.networks.add(make.NetworkFactory())
        article.challenges.add(make.ChallengeFactory())
    with django_assert_max_num_queries(8):
        response = client.get(article.get_absolute_url())
    assert 'popovertarget="term-' in response.content.decode()


def test_article_never_names_a_draft_challenge_or_a_secret_need(client, cast, sign_in):
    article = make.ArticleFactory()
    article.challenges.add(make.ChallengeFactory(state="draft", title_sv="Hemligt utkast"))
    article.needs.add(
        make.NeedFactory(title_sv="Hemligt behov", visibility="network", network=cast.network)
    )
    for name in ("stranger", "user", "supplier", "buyer", "staff"):
        html = sign_in(getattr(cast, name)).get(article.get_absolute_url()).content.decode()
        assert "Hemligt" not in html, name
    html = sign_in(cast.member).get(article.get_absolute_url()).content.decode()
    assert "Hemligt behov" in html
    assert "Hemligt utkast" not in html


def test_preview_is_for_editors_only(cast, sign_in):
    article = make.ArticleFactory(state="draft")
    url = reverse("knowledge:preview", args=[article.slug])
    assert sign_in(None).get(url).status_code == 302
    assert sign_in(cast.supplier).get(url).status_code == 403
    assert sign_in(cast.staff).get(url).status_code == 403
    assert sign_in(cast.superuser).get(url).status_code == 200


@pytest.fixture
def attachment(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Attachment.objects.create(
        article=make.ArticleFactory(),
        title="Mall",
        name="mall.txt",
        content_type="text/plain",
        size=4,
        sha256="0" * 64,
        file=ContentFile(b"text", name="mall.txt"),
    )


def test_attachment_is_a_sandboxed_download_and_is_counted(client, attachment):
    url = reverse("knowledge:attachment", args=[attachment.article.slug, attachment.token])
    response = client.get(url)
    assert b"".join(response.streaming_content) == b"text"
    assert response.headers["Content-Disposition"] == 'attachment; filename="mall.txt"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    attachment.refresh_from_db()
    assert attachment.downloads == 1


def test_attachment_goes_through_its_own_published_article(client, attachment):
    other = make.ArticleFactory()
    url = reverse("knowledge:attachment", args=[other.slug, attachment.token])
    assert client.get(url).status_code == 404
    Article.objects.filter(pk=attachment.article_id).update(state="draft")
    url = reverse("knowledge:attachment", args=[attachment.article.slug, attachment.token])
    assert client.get(url).status_code == 404


def test_glossary_sorts_in_swedish_and_hides_what_is_not_published(client):
    for title in ("Öppning", "Åtagande", "Anbud", "Ändring"):
        make.ArticleFactory(kind="term", title_sv=title)
    make.ArticleFactory(kind="term", title_sv="Hemlig", state="draft")
    html = client.get("/kunskap/ordlista/").content.decode()
    found = sorted(("Anbud", "Åtagande", "Ändring", "Öppning"), key=html.index)
    assert found == ["Anbud", "Åtagande", "Ändring", "Öppning"]
    assert "Hemlig" not in html
