"""An editor writes a guide in the admin, previews it and publishes it; a stranger reads it."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from knowledge.models import Article

TEXT = {"sv": "Så ordnar ni ett dialogmöte", "en": "How to arrange a dialogue meeting"}


@pytest.fixture
def desk(page, sign_in):
    """The admin, as the editor of the demo sees it."""
    sign_in(page.context, "editor@example.org")
    return page


def test_a_guide_from_the_desk_to_its_reader(desk, new_watched, say, language):
    slug, title = f"dialogmote-{language}", TEXT[language]
    desk.goto(reverse("admin:knowledge_article_add"))
    write(desk, language, slug)
    desk.locator("[name=_continue]").click()
    expect(desk.locator(".messagelist .success")).to_be_visible()

    article = Article.objects.get(slug=slug)
    assert article.state == Article.State.DRAFT
    assert_written(article.body_sv if language == "sv" else article.body_en)
    preview(desk, say, title)

    reader = new_watched()
    address = reverse("knowledge:article", args=[slug])
    assert reader.request.get(address).status == 404
    desk.locator("[name=_publish]").click()
    expect(desk.locator(".messagelist .success").first).to_be_visible()
    reader.goto(address)
    assert_read(reader, title)
    assert_in_the_history(desk, article, say)


def write(desk, language, slug):
    for code in TEXT:
        desk.locator(f"#id_title_{code}").fill(TEXT[code])
    desk.locator("#id_kind").select_option(Article.Kind.GUIDE)
    field = desk.locator(f".prose-editor:has(#id_body_{language}) [role=textbox]")
    field.click()
    for line in ("## Före mötet", "Skriv en fråga.", "- Bjud in", "Lyssna"):
        field.press_sequentially(line)
        field.press("Enter")
    desk.locator("#id_slug").fill(slug)


def assert_written(html):
    assert re.search(r"<h2>\s*Före mötet", html)
    assert html.count("<li>") >= 2


def preview(desk, say, title):
    with desk.expect_popup() as opened:
        desk.get_by_role("link", name=re.compile(say("Preview"))).click()
    shown = opened.value
    expect(shown.get_by_role("heading", level=1)).to_have_text(title)
    expect(shown.get_by_text(say("Preview"), exact=True)).to_be_visible()
    shown.close()


def assert_read(reader, title):
    expect(reader.get_by_role("heading", level=1)).to_have_text(title)
    expect(reader.get_by_role("heading", level=2, name="Före mötet")).to_be_visible()
    expect(reader.locator(".prose li", has_text="Bjud in")).to_be_visible()


def assert_in_the_history(desk, article, say):
    desk.goto(reverse("admin:knowledge_article_history", args=[article.pk]))
    expect(desk.locator("main, #content").first).to_contain_text("Petra Nyström")
