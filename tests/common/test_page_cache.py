import pytest
from django.db import DatabaseError
from django.urls import reverse

from afori.common import page_cache
from networks.models import Network

from .. import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(settings):
    settings.AFORI_PAGE_SECONDS = 10
    page_cache.pages.clear()
    yield
    page_cache.pages.clear()


@pytest.fixture
def address():
    return reverse("networks:list")


def test_second_stranger_gets_the_kept_page(client, address, django_assert_num_queries):
    first = client.get(address)
    with django_assert_num_queries(0):
        second = client.get(address)
    assert second.content == first.content
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]


def test_page_that_has_not_changed_is_not_sent_again(client, address):
    etag = client.get(address).headers["ETag"]
    answer = client.get(address, headers={"if-none-match": etag})
    assert (answer.status_code, answer.content) == (304, b"")


def test_page_is_made_anew_after_its_time(client, address, monkeypatch):
    client.get(address)
    make.NetworkFactory(name_sv="Nykomling")
    assert b"Nykomling" not in client.get(address).content
    monkeypatch.setattr(page_cache.Page, "is_fresh", lambda page: False)
    assert b"Nykomling" in client.get(address).content


def test_signed_in_people_see_changes_at_once_and_leave_nothing_behind(client, address):
    stranger = client.get(address).content
    client.force_login(make.UserFactory(name="Hemliga Hanna"))
    make.NetworkFactory(name_sv="Nykomling")
    own = client.get(address)
    assert b"Nykomling" in own.content
    assert "ETag" not in own.headers
    client.logout()
    client.cookies.clear()
    assert client.get(address).content == stranger


def test_languages_filters_and_hosts_are_kept_apart(client, address):
    make.NetworkFactory(name_sv="Svenskt", name_en="English")
    assert b"Svenskt" in client.get(address).content
    assert b"English" in client.get("/en/networks/").content
    assert b"Svenskt" not in client.get(address, {"status": "closed"}).content
    assert client.get(address, headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("query", [{"page": "99"}, {"q": "x" * 300}])
def test_errors_and_long_addresses_are_not_kept(client, address, query):
    client.get(address, query)
    assert len(page_cache.pages.pages) == 0


def test_pages_that_are_not_for_everyone_are_not_kept(client):
    for name in ("account_login", "my_pages", "healthz"):
        client.get(reverse(name))
    assert len(page_cache.pages.pages) == 0


def test_last_page_shows_while_the_database_is_away(client, address, monkeypatch):
    client.raise_request_exception = False
    page = client.get(address).content
    monkeypatch.setattr(page_cache.Page, "is_fresh", lambda page: False)

    def away(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(Network.objects, "get_queryset", away)
    answer = client.get(address)
    assert (answer.status_code, answer.content) == (200, page)


def test_number_of_kept_pages_is_bounded(client, address, monkeypatch):
    monkeypatch.setattr(page_cache, "MOST_PAGES", 2)
    for query in ("a", "b", "c"):
        client.get(address, {"q": query})
    assert len(page_cache.pages.pages) == 2
