import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from afori.search import engine

from .. import factories as make

pytestmark = pytest.mark.django_db


def addresses(client, terms, **query):
    html = client.get(reverse("search"), {"q": terms, **query}).content.decode()
    return html.partition("<main")[2]


def test_inflected_words_are_found(client):
    need = make.NeedFactory(title_sv="Lösa plastkorn på fotbollsplaner")
    for terms in ("fotbollsplan", "fotbollsplaner", "fotbollsplanerna"):
        assert need.get_absolute_url() in addresses(client, terms), terms


def test_swedish_text_is_found_from_an_english_page(client):
    article = make.ArticleFactory(title_sv="Avloppsvatten", title_en="", slug="avlopp")
    html = client.get("/en/search/", {"q": "avloppsvatten"}).content.decode()
    assert f"/en/knowledge/{article.slug}/" in html


def test_titles_come_before_bodies(client):
    body = make.ArticleFactory(title_sv="Annat", body_sv="<p>Något om innovationsvänlighet.</p>")
    title = make.ArticleFactory(title_sv="Innovationsvänlighet")
    html = addresses(client, "innovationsvänlighet")
    assert html.index(title.get_absolute_url()) < html.index(body.get_absolute_url())


def test_excerpt_marks_the_word_and_escapes_the_rest(client):
    make.NeedFactory(title_sv="Behov", summary_sv="<script>alert(1)</script> om vattenrening")
    html = addresses(client, "vattenrening")
    assert "<mark>vattenrening</mark>" in html
    assert "<script>alert" not in html


def test_minus_and_quotes_are_understood(client):
    one = make.NeedFactory(title_sv="Rent vatten i små verk")
    two = make.NeedFactory(title_sv="Rent vatten i stora verk")
    html = addresses(client, "vatten -stora")
    assert one.get_absolute_url() in html
    assert two.get_absolute_url() not in html
    html = addresses(client, '"stora verk"')
    assert two.get_absolute_url() in html
    assert one.get_absolute_url() not in html


@pytest.mark.parametrize("terms", ["'", '"', "a & b | !", "⟦x⟧", "\\", "%", ":*", "æ" * 200])
def test_odd_terms_are_harmless(client, terms):
    assert client.get(reverse("search"), {"q": terms}).status_code == 200


def test_nothing_found_offers_a_next_step(client):
    assert "Inget hittades" in addresses(client, "xyzzy")


def test_kind_narrows_and_unknown_kind_is_ignored(client):
    need = make.NeedFactory(title_sv="Snöröjning")
    article = make.ArticleFactory(title_sv="Snöröjning")
    html = addresses(client, "snöröjning", kind="articles")
    assert article.get_absolute_url() in html
    assert need.get_absolute_url() not in html
    assert need.get_absolute_url() in addresses(client, "snöröjning", kind="nonsense")


def test_queries_do_not_grow_with_hits(client):
    makers = [make.NeedFactory, make.ArticleFactory, make.NetworkFactory, make.ChallengeFactory]

    def queries(rows):
        for factory in makers:
            for _ in range(rows):
                column = "name_sv" if factory is make.NetworkFactory else "title_sv"
                factory(**{column: "Solceller"})
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("search"), {"q": "solceller"})
        return len(captured)

    assert queries(1) == queries(3)


def test_candidates_are_capped(monkeypatch, cast):
    monkeypatch.setattr(engine, "MOST_CANDIDATES", 2)
    for _ in range(4):
        make.NeedFactory(title_sv="Solceller")
    assert len(engine.find("solceller", make.UserFactory())) == 2


def test_page_beyond_the_last_is_not_found(client):
    assert client.get(reverse("search"), {"q": "x", "page": "2"}).status_code == 404
    assert client.get(reverse("search"), {"q": "x", "page": "x"}).status_code == 404
