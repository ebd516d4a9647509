"""What is for members stays with members: on every page, for every member of the cast."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile

from afori.events.models import Event
from networks.actions import remove
from networks.models import Need, NetworkDocument
from tests import factories as make
from tests.cast import ROLES

INSIDERS = {"member", "coordinator"}
OUTSIDERS = [role for role in ROLES if role not in INSIDERS]
SECRET = "Hemligt behov om nattlarm"


@pytest.fixture
def secret(cast):
    return make.NeedFactory(
        network=cast.network,
        title_sv=SECRET,
        title_en=SECRET,
        visibility=Need.Visibility.NETWORK,
    )


@pytest.fixture
def document(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return NetworkDocument.objects.create(
        network=cast.network,
        title="Hemligt protokoll",
        name="protokoll.txt",
        content_type="text/plain",
        size=4,
        sha256="0" * 64,
        uploaded_by=cast.member,
        file=ContentFile(b"text", name="upload"),
    )


def pages(cast, need):
    slug = cast.network.slug
    return [
        "/en/needs/",
        "/en/needs/?q=nattlarm",
        f"/en/needs/{need.slug}/",
        f"/en/needs/{need.slug}/commitment/",
        f"/en/networks/{slug}/",
        f"/en/networks/{slug}/room/",
        "/behov/",
        f"/natverk/{slug}/",
        f"/natverk/{slug}/rum/",
    ]


@pytest.mark.parametrize("role", OUTSIDERS)
def test_secret_need_shows_nowhere_for(role, cast, sign_in, secret):
    client = sign_in(getattr(cast, role))
    for page in pages(cast, secret):
        assert SECRET not in client.get(page).content.decode(), page


@pytest.mark.parametrize("role", OUTSIDERS)
def test_secret_need_is_not_found_for(role, cast, sign_in, secret):
    client = sign_in(getattr(cast, role))
    assert client.get(f"/en/needs/{secret.slug}/").status_code == 404
    assert secret not in Need.objects.visible_to(getattr(cast, role) or AnonymousUser())
    assert secret not in Need.objects.visible_to(getattr(cast, role) or AnonymousUser()).matching(
        "nattlarm"
    )


@pytest.mark.parametrize("role", sorted(INSIDERS))
def test_secret_need_shows_for(role, cast, sign_in, secret):
    client = sign_in(getattr(cast, role))
    for page in pages(cast, secret):
        assert SECRET in client.get(page).content.decode(), page


def test_secret_need_is_not_counted_for_strangers(cast, client, secret):
    make.NeedFactory()
    page = client.get("/en/needs/?state=open")
    assert page.context["total"] == 1
    assert page.context["facets"]["state"]["open"] == 1


def test_commitment_to_secret_need_is_not_found_for_buyer(cast, sign_in, secret):
    data = {"degree": "interest"}
    response = sign_in(cast.buyer).post(f"/en/needs/{secret.slug}/commitment/", data)
    assert response.status_code == 404
    assert not secret.commitments.exists()


@pytest.mark.parametrize("role", OUTSIDERS)
def test_document_cannot_be_had_by(role, cast, sign_in, document):
    client = sign_in(getattr(cast, role))
    response = client.get(url(cast.network, document))
    assert response.status_code == (302 if role == "stranger" else 404)
    removed = client.post(url(cast.network, document) + "remove/")
    assert removed.status_code == (302 if role == "stranger" else 404)
    assert NetworkDocument.objects.count() == 1


def url(network, document):
    return f"/en/networks/{network.slug}/documents/{document.token}/"


@pytest.mark.parametrize("role", sorted(INSIDERS))
def test_document_is_streamed_as_attachment_to(role, cast, sign_in, document):
    response = sign_in(getattr(cast, role)).get(url(cast.network, document))
    assert b"".join(response.streaming_content) == b"text"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]


def test_document_is_not_found_under_another_network(cast, sign_in, document):
    other = make.NetworkMembershipFactory(user=cast.member, organisation=cast.municipality).network
    assert sign_in(cast.member).get(url(other, document)).status_code == 404


@pytest.mark.parametrize("role", OUTSIDERS)
def test_room_is_closed_for(role, cast, sign_in, document):
    response = sign_in(getattr(cast, role)).get(f"/en/networks/{cast.network.slug}/room/")
    if role == "stranger":
        assert response.status_code == 302
        assert response["Location"].startswith("/en/account/")
        return
    page = response.content.decode()
    assert response.status_code == 403
    assert "Mona Medlem" not in page
    assert document.title not in page


def test_removed_member_loses_everything_at_once(cast, sign_in, secret, document):
    client = sign_in(cast.member)
    room = f"/en/networks/{cast.network.slug}/room/"
    assert client.get(room).status_code == 200
    remove(cast.network.memberships.get(user=cast.member), by=cast.coordinator, reason="Slut")
    assert client.get(room).status_code == 403
    assert client.get(url(cast.network, document)).status_code == 404
    assert client.get(f"/en/needs/{secret.slug}/").status_code == 404


@pytest.mark.parametrize("role", ROLES)
def test_names_of_members_are_never_on_public_pages(role, cast, sign_in):
    client = sign_in(getattr(cast, role))
    make.EventFactory(network=cast.network)
    for page in ("/en/networks/", f"/en/networks/{cast.network.slug}/"):
        html = client.get(page).content.decode().replace(str(cast.__dict__[role] or ""), "")
        assert "Mona Medlem" not in html
        assert "Klara Koordinator" not in html


def test_network_events_show_in_room_and_not_outside(cast, sign_in):
    make.EventFactory(
        network=cast.network, title_en="Inner meeting", visibility=Event.Visibility.NETWORK
    )
    slug = cast.network.slug
    assert (
        "Inner meeting" in sign_in(cast.member).get(f"/en/networks/{slug}/room/").content.decode()
    )
    assert "Inner meeting" not in sign_in(cast.buyer).get(f"/en/networks/{slug}/").content.decode()


@pytest.mark.parametrize("role", [role for role in ROLES if role != "coordinator"])
def test_requests_are_for_coordinators(role, cast, sign_in):
    waiting = make.NetworkMembershipFactory(
        network=cast.network, state="requested", decided_at=None, message="Mitt hemliga skäl"
    )
    client = sign_in(getattr(cast, role))
    slug = cast.network.slug
    for path in ("requests/", f"requests/{waiting.pk}/", f"members/{waiting.pk}/remove/"):
        response = client.get(f"/en/networks/{slug}/{path}")
        assert response.status_code == (302 if role == "stranger" else 403)
    answered = client.post(f"/en/networks/{slug}/requests/{waiting.pk}/", {"decision": "accept"})
    assert answered.status_code == (302 if role == "stranger" else 403)
    waiting.refresh_from_db()
    assert waiting.state == "requested"


def test_coordinator_cannot_decide_in_another_network(cast, sign_in):
    waiting = make.NetworkMembershipFactory(state="requested", decided_at=None)
    client = sign_in(cast.coordinator)
    own = f"/en/networks/{cast.network.slug}/requests/{waiting.pk}/"
    assert client.post(own, {"decision": "accept"}).status_code == 404
    other = f"/en/networks/{waiting.network.slug}/requests/{waiting.pk}/"
    assert client.post(other, {"decision": "accept"}).status_code == 403
