"""Inviting by mail."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from afori.accounts import actions
from afori.accounts.models import Invitation, Membership
from afori.notifications.letters import Withheld
from afori.notifications.models import OutgoingMail
from tests import factories as make

from .support import letter_of, mails

Role, State = Membership.Role, Invitation.State
pytestmark = pytest.mark.django_db


def test_several_are_invited_at_once(send, organisation):
    response = send("Anna@Ekhamra.se\n\n bo@ekhamra.se \nanna@ekhamra.se\n", message="Hej!")
    assert response["Location"] == reverse("accounts:members", args=[organisation.slug])
    found = Invitation.objects.order_by("address")
    assert [one.address for one in found] == ["anna@ekhamra.se", "bo@ekhamra.se"]
    assert {one.message for one in found} == {"Hej!"}
    assert sorted(mails()) == ["anna@ekhamra.se", "bo@ekhamra.se"]


def test_each_wrong_line_is_named_and_nothing_is_lost(send, organisation, admin, text_of):
    typed = f"anna@ekhamra.se\nbo@\n{admin.email}\n<b>x</b>"
    response = send(typed, message="Hej!", role="admin")
    words = text_of(response)
    assert "”bo@” är ingen e-postadress." in words
    assert f"{admin.email} är redan medlem." in words
    assert "”&lt;b&gt;x&lt;/b&gt;”" in words
    assert response.context["form"]["addresses"].value() == typed
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"addresses": "\n".join(f"p{n}@ekhamra.se" for n in range(21))}, "addresses"),
        ({"addresses": "anna@straße.de"}, "addresses"),
        ({"addresses": "a" * 250 + "@ekhamra.se"}, "addresses"),
        ({"addresses": "  \n "}, "addresses"),
        ({"addresses": "a@ekhamra.se", "role": "superuser"}, "role"),
        ({"addresses": "a@ekhamra.se", "message": "Se https://evil.example"}, "message"),
        ({"addresses": "a@ekhamra.se", "message": "x" * 601}, "message"),
    ],
)
def test_what_cannot_be_sent(send, fields, error):
    response = send(**fields)
    assert list(response.context["form"].errors) == [error]
    assert not OutgoingMail.objects.exists()


def test_the_inviter_cannot_tell_whether_an_address_has_an_account(
    send, organisation, client, text_of
):
    make.UserFactory(email="kand@ekhamra.se", language="en")
    seen = []
    for address in ("kand@ekhamra.se", "okan@ekhamra.se"):
        response = send(address)
        listed = client.get(response["Location"])
        seen.append((response.status_code, text_of(listed).replace(address, "")))
        Invitation.objects.all().delete()
    assert seen[0] == seen[1]
    assert sorted(mails()) == ["kand@ekhamra.se", "okan@ekhamra.se"]


def test_the_mail_is_in_the_language_of_the_account_else_of_the_page(invite):
    make.UserFactory(email="known@ekhamra.se", language="en")
    invite("known@ekhamra.se", message="Hej & <i>hå</i>")
    invite("okand@ekhamra.se")
    known, unknown = (letter_of(mail) for mail in OutgoingMail.objects.order_by("created_at"))
    assert known.subject == "Invitation to Ekhamra kommun"
    assert unknown.subject == "Inbjudan till Ekhamra kommun"
    assert "/en/people/invited/" in known.text
    assert "/personer/inbjudan/" in unknown.text
    assert "Hej & <i>hå</i>" in known.text
    assert "Hej &amp; &lt;i&gt;hå&lt;/i&gt;" in known.html
    assert "{{" not in known.html
    for text in (known.text, unknown.text):
        assert "{{" not in text
        assert "<time" not in text


def test_a_second_invitation_renews_the_first_and_mails_once_an_hour(invite, time_machine):
    first = invite()
    time_machine.move_to(timezone.now() + timedelta(minutes=50))
    second = invite(role=Role.ADMIN, message="Igen")
    assert (second.pk, second.role, second.message) == (first.pk, Role.ADMIN, "Igen")
    assert second.expires_at > first.expires_at
    assert len(mails()) == 1
    time_machine.move_to(timezone.now() + timedelta(minutes=11))
    invite()
    assert len(mails()) == 2


def test_taking_back_and_inviting_again_does_not_mail_twice(invite, admin):
    actions.take_back(invite(), by=admin)
    assert invite().mailed_at is None
    assert len(mails()) == 1


def test_invitations_that_wait_are_bounded(organisation, admin, invite):
    for number in range(actions.MOST_PENDING):
        organisation.invitations.create(address=f"{number}@ekhamra.se", invited_by=admin)
    with pytest.raises(actions.TooManyInvitations):
        invite()
    assert invite("0@ekhamra.se").address == "99@ekhamra.se"


def test_many_posts_are_stopped_and_the_text_stays(send):
    statuses = [send(f"p{number}@ekhamra.se").status_code for number in range(21)]
    assert statuses == [302] * 20 + [429]
    response = send("sist@ekhamra.se")
    assert "sist@ekhamra.se" in response.content.decode()
    assert len(mails()) == 20


@pytest.mark.parametrize(
    ("role", "status"), [("user", 403), ("member", 403), ("staff", 403), ("supplier", 403)]
)
def test_only_administrators_invite(client, cast, role, status):
    client.force_login(getattr(cast, role))
    path = reverse("accounts:invite", args=[cast.municipality.slug])
    sent = client.post(path, {"addresses": "ny@ekhamra.se", "role": "admin"})
    assert sent.status_code == status
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("name", ["invitation_take_back", "invitation_send_again"])
@pytest.mark.parametrize(
    ("role", "status"),
    [("user", 404), ("supplier", 404), ("staff", 404), ("member", 403), ("owner", 302)],
)
def test_only_its_administrators_handle_an_invitation(client, cast, name, role, status):
    invitation = cast.municipality.invitations.create(address="x@y.se", invited_by=cast.owner)
    client.force_login(getattr(cast, role))
    path = reverse(f"accounts:{name}", args=[invitation.token])
    assert client.get(path).status_code == 405
    assert client.post(path).status_code == status
    invitation.refresh_from_db()
    changed = invitation.state == State.REVOKED or invitation.mailed_at is not None
    assert changed is (role == "owner")


def test_only_administrators_see_invited_addresses(client, cast):
    cast.municipality.invitations.create(address="hemlig@ekhamra.se", invited_by=cast.owner)
    for role in ("member", "coordinator", "staff", "superuser", "owner"):
        client.force_login(getattr(cast, role))
        shown = client.get(reverse("accounts:members", args=[cast.municipality.slug]))
        assert ("hemlig@ekhamra.se" in shown.content.decode()) is (role == "owner"), role


def test_a_mail_that_waits_is_withheld_once_the_invitation_is_over(invite, admin):
    invitation = invite()
    mail = OutgoingMail.objects.get()
    assert letter_of(mail).to == "ny@ekhamra.se"
    actions.take_back(invitation, by=admin)
    with pytest.raises(Withheld):
        letter_of(mail)
