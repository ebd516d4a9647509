from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from afori.common.states import NotAllowedNow, Refused
from knowledge.actions import articles as actions
from knowledge.models import Article, ArticleImage
from tests.factories import ArticleFactory, UserFactory

from .forms import save

pytestmark = pytest.mark.django_db
ADD = "/admin/knowledge/article/add/"
LIST = "/admin/knowledge/article/"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63"
    "6060606000000005000167a5d2c00000000049454e44ae426082"
)
State = Article.State


def change(article):
    return f"/admin/knowledge/article/{article.pk}/change/"


def write(desk, **fields):
    given = {
        "kind": "guide",
        "slug": "pooled-demand",
        "title_sv": "Samla efterfrågan",
        "body_sv": "<h2>Varför</h2><p>Därför.</p>",
    }
    response = save(desk, ADD, "article_form", **(given | fields))
    assert not response.context.get("errors"), response.context["errors"]
    return Article.objects.get(slug=fields.get("slug", "pooled-demand"))


def picture(**fields):
    given = {"name": "a.png", "content_type": "image/png", "size": 1, "sha256": "", "alt_sv": "Hus"}
    return ArticleImage.objects.create(**(given | fields))


def test_an_editor_writes_previews_schedules_and_sees_what_is_overdue(desk, client):
    article = write(desk)
    assert article.state == State.DRAFT
    public = reverse("knowledge:article", args=[article.slug])
    preview = desk.get(reverse("knowledge:preview", args=[article.slug]))
    assert "Samla efterfrågan" in preview.content.decode()
    assert desk.get(public).status_code == 404

    with time_machine.travel(datetime(2026, 11, 1, 12, tzinfo=ZoneInfo("UTC")), tick=False):
        client.force_login(article.owner)
        save(
            client,
            change(article),
            "article_form",
            button="_schedule",
            schedule_at_0="2026-12-01",
            schedule_at_1="08:00",
            review_by="2027-01-15",
        )
        article.refresh_from_db()
        assert article.is_scheduled()
        assert article.publish_at == datetime(2026, 12, 1, 7, tzinfo=ZoneInfo("UTC"))
        assert "Schemalagd" in client.get(f"{LIST}?status=scheduled").content.decode()
    with time_machine.travel(datetime(2026, 12, 1, 6, 59, 59, tzinfo=ZoneInfo("UTC"))):
        assert client.get(public).status_code == 404
    with time_machine.travel(datetime(2026, 12, 1, 7, 0, 1, tzinfo=ZoneInfo("UTC"))):
        client.logout()
        assert client.get(public).status_code == 200
    with time_machine.travel(datetime(2027, 1, 16, 12, tzinfo=ZoneInfo("UTC"))):
        client.force_login(article.owner)
        assert article.title in client.get(f"{LIST}?review=overdue").content.decode()
        assert "review=overdue" in client.get("/admin/").content.decode()


def test_what_is_not_overdue_is_not_in_the_list(desk):
    today = timezone.localdate()
    ArticleFactory(title_sv="Gammal", review_by=today - timedelta(days=1))
    ArticleFactory(title_sv="Snart", review_by=today + timedelta(days=30))
    ArticleFactory(title_sv="Färsk", review_by=today + timedelta(days=31))
    ArticleFactory(title_sv="Utkast", state=State.DRAFT, review_by=today - timedelta(days=1))
    shown = {
        value: {one.title_sv for one in desk.get(f"{LIST}?review={value}").context["cl"].queryset}
        for value in ("overdue", "soon")
    }
    assert shown == {"overdue": {"Gammal"}, "soon": {"Snart"}}


def test_a_time_that_has_passed_is_refused_in_words(desk):
    article = write(desk)
    response = save(
        desk,
        change(article),
        "article_form",
        button="_schedule",
        schedule_at_0="2020-01-01",
        schedule_at_1="08:00",
    )
    article.refresh_from_db()
    assert article.state == State.DRAFT
    assert [str(one) for one in response.context["messages"] if one.level_tag == "error"]


def test_unpublishing_before_publishing_is_an_error_of_the_field(desk):
    article = ArticleFactory(body_sv="<p>Text</p>")
    response = save(
        desk, change(article), "article_form", unpublish_at_0="2020-01-01", unpublish_at_1="08:00"
    )
    assert "unpublish_at" in response.context["adminform"].form.errors


HOSTILE = [
    ("<p>Hej<script>alert(1)</script></p>", "<p>Hej</p>"),
    ('<p onclick="x()">Hej</p>', "<p>Hej</p>"),
    ('<p><a href="javascript:alert(1)">Hej</a></p>', "<p><a>Hej</a></p>"),
    ('<p style="color:red" class="x">Hej</p>', "<p>Hej</p>"),
    ('<p>a</p><img src="https://evil.example/x.png" alt="x">', "<p>a</p>"),
    ('<p>a</p><img src="//evil.example/x.png">', "<p>a</p>"),
    ('<p>a</p><img src="data:image/png;base64,AAAA">', "<p>a</p>"),
    ('<p>a</p><img src="/kunskap/ordlista/">', "<p>a</p>"),
    ('<p>a</p><img src="x" onerror="alert(1)">', "<p>a</p>"),
    ('<p>a</p><figure class="x"><img src="x"><figcaption>b</figcaption></figure>', "<p>a</p>"),
    ("<p>a</p><iframe src='/'></iframe><svg><script>1</script></svg>", "<p>a</p>"),
]


@pytest.mark.parametrize(("given", "kept"), HOSTILE)
def test_hostile_html_is_cleaned(desk, given, kept):
    assert write(desk, body_sv=given, body_en=given).body_sv == kept


def test_a_picture_of_our_own_is_kept_with_its_words(desk):
    address = picture().get_absolute_url()
    body = f'<figure><img src="{address}" alt="Hus"><figcaption>Ett hus</figcaption></figure>'
    assert write(desk, body_sv=f"<p>a</p>{body}").body_sv == f"<p>a</p>{body}"
    english = save(desk, "/en" + change(Article.objects.get()), "article_form", lead_sv="Ny")
    assert english.status_code == 200
    assert Article.objects.get().body_sv == f"<p>a</p>{body}"


def test_the_page_tells_of_mute_pictures_and_dead_links(desk):
    address = picture().get_absolute_url()
    there = ArticleFactory()
    body = (
        f'<p><img src="{address}" alt=""></p><p><a href="/kunskap/finns-inte/">x</a>'
        f'<a href="/ingen-sida/">y</a><a href="https://example.org/">z</a>'
        f'<a href="/kunskap/{there.slug}/">w</a></p>'
    )
    article = write(desk, body_sv=body)
    remarks = desk.get(change(article)).context["remarks"]
    assert len(remarks) == 3
    assert "/kunskap/finns-inte/" in remarks[1]
    assert "/ingen-sida/" in remarks[2]


def test_a_picture_needs_words_and_real_content(desk):
    url = "/admin/knowledge/articleimage/add/"

    def add(name, content, **words):
        upload = SimpleUploadedFile(name, content)
        return desk.post(url, {"upload": upload, **words}).status_code

    assert add("hus.png", PNG) == 200
    assert add("hus.png", b"<script>", alt_sv="Hus") == 200
    assert add("hus.svg", b"<svg/>", alt_sv="Hus") == 200
    assert not ArticleImage.objects.exists()
    assert add("hus.png", PNG, alt_sv="Hus") == 302
    image = ArticleImage.objects.get()
    response = desk.get(image.get_absolute_url())
    assert (response["Content-Type"], b"".join(response.streaming_content)) == ("image/png", PNG)
    changed = desk.post(f"/admin/knowledge/articleimage/{image.pk}/change/", {"alt_sv": "Ett hus"})
    assert changed.status_code == 302
    assert "data-address" in desk.get("/admin/knowledge/articleimage/pick/").content.decode()


def test_a_picture_in_use_stays(desk):
    image = picture()
    url = f"/admin/knowledge/articleimage/{image.pk}/delete/"
    ArticleFactory(body_sv=f'<img src="{image.get_absolute_url()}" alt="x">')
    assert desk.post(url, {"post": "yes"}).status_code == 403
    Article.objects.update(body_sv="")
    assert desk.post(url, {"post": "yes"}).status_code == 302


@pytest.mark.parametrize("current", State.values)
@pytest.mark.parametrize("wanted", State.values)
def test_a_state_moves_by_the_table_alone(current, wanted):
    user = UserFactory()
    article = ArticleFactory(state=current, body_sv="<p>x</p>")
    if wanted in Article.NEXT[State(current)]:
        assert actions.move(article, State(wanted), by=user).state == wanted
    else:
        with pytest.raises(NotAllowedNow):
            actions.move(article, State(wanted), by=user)


def test_a_bare_title_is_not_published():
    with pytest.raises(Refused):
        actions.publish(ArticleFactory(state=State.DRAFT), by=UserFactory())


def test_list_actions_move_what_they_may_and_tell_of_the_rest(desk):
    draft = ArticleFactory(state=State.DRAFT, body_sv="<p>x</p>")
    archived = ArticleFactory(state=State.ARCHIVED, body_sv="<p>x</p>")
    chosen = {"action": "publish_chosen", "_selected_action": [draft.pk, archived.pk]}
    response = desk.post(LIST, chosen, follow=True)
    assert {one.level_tag for one in response.context["messages"]} == {"error", "success"}
    assert Article.objects.get(pk=draft.pk).is_published()
    assert Article.objects.get(pk=archived.pk).state == State.ARCHIVED
