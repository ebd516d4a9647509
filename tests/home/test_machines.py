from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from afori.notifications.models import OutgoingMail

from .. import factories as make


def test_health_needs_no_database(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_readiness_asks_the_database(client):
    assert client.get("/readyz").json() == {"database": "up", "mail": "on time"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "mail"),
    [("challenges.named_opener", "late"), ("challenges.receipt", "on time")],
)
def test_readiness_does_not_tell_of_receipts(client, kind, mail):
    """Anyone may ask: late receipts would tell that somebody has answered just now."""
    now = timezone.now()
    OutgoingMail.objects.create(
        key="x", kind=kind, user=make.UserFactory(), subject_id=1, next_attempt_at=now
    )
    OutgoingMail.objects.update(created_at=now - timedelta(minutes=5))
    assert client.get("/readyz").json()["mail"] == mail


@pytest.mark.django_db(transaction=True)
def test_readiness_says_when_the_database_is_gone(client, settings):
    connection = connections["default"]
    port = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = "1"
    try:
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
    finally:
        connection.close()
        connection.settings_dict["PORT"] = port


@pytest.mark.django_db
def test_sitemap_names_public_pages_in_both_languages_only(client, cast):
    need = make.NeedFactory(slug="oppet-behov")
    make.NeedFactory(slug="hemligt-behov", visibility="network", network=cast.network)
    make.ChallengeFactory(slug="hemligt-utkast", state="draft")
    make.ArticleFactory(slug="hemlig-artikel", state="draft")
    xml = client.get("/sitemap.xml").content.decode()
    assert f"/behov/{need.slug}/" in xml
    assert f"/en/needs/{need.slug}/" in xml
    assert "hemlig" not in xml


def test_robots_and_security_contact(client, settings):
    assert "Sitemap: " in client.get("/robots.txt").content.decode()
    text = client.get("/.well-known/security.txt").content.decode()
    assert f"Contact: mailto:{settings.AFORI_CONTACT_EMAIL}" in text
    assert "Expires: " in text
