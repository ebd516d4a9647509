"""The way into a network as people meet it: page, request, answer, room, mail."""

from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.utils.translation import override

from afori.accounts.choices import Kind
from afori.notifications.models import Notification
from afori.notifications.registry import find
from networks.actions import decline, request_membership
from networks.models import Network, NetworkDocument, NetworkMembership
from tests import factories as make

State = NetworkMembership.State


def address(cast, rest=""):
    return f"/en/networks/{cast.network.slug}/{rest}"


def read(client, path):
    return client.get(path).content.decode()


@pytest.fixture
def waiting(cast):
    return request_membership(
        cast.network,
        by=cast.buyer,
        organisation=cast.buyer.acting_for,
        message="Vi har samma behov <b>",
        competence="lawyer",
    )


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("stranger", "Log in, or create an account, first."),
        ("user", "Say where you work"),
        ("supplier", "Places for suppliers in reference groups are to come."),
        ("buyer", "What can you contribute?"),
        ("member", "To the network's room"),
    ],
)
def test_network_page_offers_what_one_can_do(cast, sign_in, role, words):
    page = unescape(read(sign_in(getattr(cast, role)), address(cast)))
    assert words in page


def test_stranger_comes_back_after_log_in(cast, client):
    assert f"/en/account/login/?next={address(cast)}%23join" in read(client, address(cast)).replace(
        "/en/account/log-in/", "/en/account/login/"
    )


def test_unverified_buyer_learns_why_not(cast, sign_in):
    region = make.OrganisationFactory(kind=Kind.REGION, name="Region Nya")
    make.MembershipFactory(user=cast.user, organisation=region)
    assert "Region Nya has not been verified yet." in read(sign_in(cast.user), address(cast))


def test_invitation_and_dormant_say_so(cast, sign_in):
    client = sign_in(cast.buyer)
    Network.objects.update(admission=Network.Admission.INVITATION)
    assert "admits by invitation" in read(client, address(cast))
    Network.objects.update(status=Network.Status.DORMANT)
    assert "is dormant" in read(client, address(cast))


def test_buyer_asks_waits_and_takes_back(cast, sign_in):
    client = sign_in(cast.buyer)
    response = client.post(address(cast, "join/"), {"message": "Hej", "competence": "procurer"})
    assert response.status_code == 302
    assert "Your request waits" in read(client, address(cast))
    client.post(address(cast, "withdraw/"))
    assert cast.network.memberships.get(user=cast.buyer).state == State.WITHDRAWN


def test_open_network_leads_into_the_room(cast, sign_in):
    Network.objects.update(admission=Network.Admission.OPEN)
    response = sign_in(cast.buyer).post(address(cast, "join/"), {})
    assert response["Location"] == address(cast, "room/")


def test_interest_in_a_proposed_network_counts(cast, sign_in):
    Network.objects.update(status=Network.Status.PROPOSED, interest_goal=9)
    client = sign_in(cast.buyer)
    client.post(address(cast, "join/"), {})
    page = read(client, "/en/networks/")
    assert "2 of 9" in page
    assert "Your interest is noted." in read(client, address(cast))


def test_refused_request_keeps_what_was_typed(cast, sign_in):
    client = sign_in(cast.buyer)
    Network.objects.update(status=Network.Status.CLOSED)
    response = client.post(address(cast, "join/"), {"message": "Min långa text"})
    page = response.content.decode()
    assert "The network does not take new members now." in page
    assert "Min långa text" in page


def test_bad_choice_keeps_what_was_typed(cast, sign_in):
    data = {"message": "Min långa text", "competence": "king"}
    page = sign_in(cast.buyer).post(address(cast, "join/"), data).content.decode()
    assert "Min långa text" in page
    assert not cast.network.memberships.filter(user=cast.buyer).exists()


def test_get_changes_nothing(cast, sign_in, waiting):
    assert sign_in(cast.buyer).get(address(cast, "withdraw/")).status_code == 405
    assert sign_in(cast.member).get(address(cast, "leave/")).status_code == 200
    assert sign_in(cast.coordinator).get(decide(cast, waiting)).status_code == 200
    assert cast.network.memberships.current().count() == 3


def decide(cast, membership):
    return address(cast, f"requests/{membership.pk}/")


def test_coordinator_reads_request_and_accepts(cast, sign_in, waiting):
    client = sign_in(cast.coordinator)
    for path in (address(cast, "requests/"), decide(cast, waiting)):
        page = read(client, path)
        assert "Berit Beställare" in page
        assert "Holmfors kommun" in page
        assert "Vi har samma behov &lt;b&gt;" in page
        assert "Lawyer" in page
    assert "1 request waits for you" in read(client, address(cast))
    response = client.post(decide(cast, waiting), {"decision": "accept"})
    assert response["Location"] == address(cast, "requests/")
    assert sign_in(cast.buyer).get(address(cast, "room/")).status_code == 200


def test_coordinator_declines_with_reason_only(cast, sign_in, waiting):
    client = sign_in(cast.coordinator)
    page = client.post(decide(cast, waiting), {"decision": "decline", "reason": " "})
    assert "Say why, so that the person understands." in page.content.decode()
    client.post(decide(cast, waiting), {"decision": "decline", "reason": "Fel område"})
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == (State.DECLINED, "Fel område")


def test_second_coordinator_gets_a_calm_page(cast, sign_in, waiting):
    other = make.NetworkMembershipFactory(
        network=cast.network, role=NetworkMembership.Role.COORDINATOR
    ).user
    decline(waiting, by=cast.coordinator, reason="Fullt hus")
    response = sign_in(other).post(decide(cast, waiting), {"decision": "accept"})
    page = response.content.decode()
    assert response.status_code == 200
    assert "Klara Koordinator has declined the request of Berit Beställare." in page
    assert "Fullt hus" in page
    waiting.refresh_from_db()
    assert waiting.state == State.DECLINED


def test_member_leaves(cast, sign_in):
    client = sign_in(cast.member)
    assert client.post(address(cast, "leave/"))["Location"] == address(cast)
    assert client.get(address(cast, "room/")).status_code == 403


def test_last_coordinator_is_told_why_not(cast, sign_in):
    page = sign_in(cast.coordinator).post(address(cast, "leave/")).content.decode()
    assert "You are the only coordinator." in page


def test_coordinator_removes_member_but_not_self(cast, sign_in):
    client = sign_in(cast.coordinator)
    member, own = (
        cast.network.memberships.get(user=user) for user in (cast.member, cast.coordinator)
    )
    remove = address(cast, f"members/{member.pk}/remove/")
    assert client.post(remove, {"reason": ""}).status_code == 200
    assert client.post(remove, {"reason": "Har slutat"}).status_code == 302
    member.refresh_from_db()
    assert member.state == State.REMOVED
    path = address(cast, f"members/{own.pk}/remove/")
    assert client.post(path, {"reason": "x"}).status_code == 403


def test_room_shows_members_needs_documents(cast, sign_in):
    make.NeedFactory(network=cast.network, title_en="Quiet nights", visibility="network")
    page = read(sign_in(cast.member), address(cast, "room/"))
    for text in ("Mona Medlem", "Klara Koordinator", "Ekhamra kommun", "Quiet nights"):
        assert text in page


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def upload(client, cast, name="a.txt", content=b"hej", **data):
    file = SimpleUploadedFile(name, content)
    values = {"title": "Protokoll", "file": file} | data
    return client.post(address(cast, "documents/"), values)


def test_member_uploads_and_takes_away_a_document(cast, sign_in, media):
    client = sign_in(cast.member)
    assert upload(client, cast).status_code == 302
    document = NetworkDocument.objects.get()
    assert (document.title, document.name, document.uploaded_by) == (
        "Protokoll",
        "a.txt",
        cast.member,
    )
    path = address(cast, f"documents/{document.token}/remove/")
    assert "Remove Protokoll?" in read(client, path)
    client.post(path)
    assert not NetworkDocument.objects.exists()


def test_refused_file_keeps_the_title_and_says_why(cast, sign_in, media):
    response = upload(sign_in(cast.member), cast, name="a.exe", title="Min titel")
    page = response.content.decode()
    assert "Min titel" in page
    assert "This kind of file cannot be uploaded." in page
    assert not NetworkDocument.objects.exists()


@pytest.mark.parametrize("role", ["user", "supplier", "buyer", "owner", "staff", "superuser"])
def test_others_upload_nothing(cast, sign_in, media, role):
    assert upload(sign_in(getattr(cast, role)), cast).status_code == 403
    assert not NetworkDocument.objects.exists()


def test_document_is_removed_by_uploader_or_coordinator_only(cast, sign_in, media):
    upload(sign_in(cast.member), cast)
    document = NetworkDocument.objects.get()
    other = make.NetworkMembershipFactory(network=cast.network).user
    path = address(cast, f"documents/{document.token}/remove/")
    assert sign_in(other).post(path).status_code == 403
    assert sign_in(cast.coordinator).post(path).status_code == 302
    assert not NetworkDocument.objects.exists()


KINDS = [
    "networks.membership_requested",
    "networks.membership_accepted",
    "networks.membership_declined",
    "networks.membership_removed",
]


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", KINDS)
def test_mail_in_both_languages_and_forms(cast, waiting, name, language, settings):
    waiting.reason = "Skälet & orsaken"
    kind = find(name)
    with override(language):
        url = kind.url(waiting)
        context = {"subject": waiting, "user": cast.buyer, "url": url, "text": kind.text(waiting)}
        mails = {
            form: render_to_string(f"emails/{kind.mail}.{form}", context)
            for form in ("subject.txt", "txt", "html")
        }
    shown = cast.network.name_sv if language == "sv" else cast.network.name_en
    assert all(shown in mail for mail in mails.values())
    assert mails["subject.txt"].strip().count("\n") == 0
    assert url in mails["html"]
    assert url in mails["txt"]
    assert url.startswith("/natverk/" if language == "sv" else "/en/networks/")
    if "Skälet" in mails["html"]:
        assert "Skälet &amp; orsaken" in mails["html"]
        assert "Skälet & orsaken" in mails["txt"]


def test_request_is_shown_to_coordinators_while_it_waits(cast, waiting):
    kind = find("networks.membership_requested")
    assert Notification.objects.get().user == cast.coordinator
    subjects = {waiting.pk: waiting}
    assert kind.visible(cast.coordinator, subjects) == subjects
    assert kind.visible(cast.member, subjects) == {}
    decline(waiting, by=cast.coordinator, reason="Nej")
    assert kind.visible(cast.coordinator, subjects) == {}
