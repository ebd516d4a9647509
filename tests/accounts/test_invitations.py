"""Inviting by mail, and answering."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from afori.accounts import actions
from afori.accounts.models import Invitation, Membership, User
from afori.common.states import Refused
from afori.notifications import registry
from afori.notifications.letters import Withheld
from afori.notifications.models import Notification, OutgoingMail
from tests import factories as make

Role, State = Membership.Role, Invitation.State
pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make.MembershipFactory(role=Role.ADMIN, organisation__name="Ekhamra kommun").user


@pytest.fixture
def organisation(admin):
    return admin.acting_for


@pytest.fixture
def invite(organisation, admin):
    def send(address="ny@ekhamra.se", role=Role.MEMBER, **fields):
        actions.invite(organisation, addresses=[address], role=role, by=admin, **fields)
        return Invitation.objects.latest("pk")

    return send


@pytest.fixture
def send(client, organisation, admin):
    """Sends the form as the administrator's browser does."""
    client.force_login(admin)

    def post(addresses, **fields):
        path = reverse("accounts:invite", args=[organisation.slug])
        return client.post(path, {"addresses": addresses, "role": "member", **fields})

    return post


def mails():
    return list(OutgoingMail.objects.order_by("created_at").values_list("address", flat=True))


def letter_of(mail):
    with override(mail.language):
        return registry.get(mail.kind).letter(mail)


def fresh(user):
    return User.objects.get(pk=user.pk)


# Inviting


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


# The page of the invitation


def look(client, invitation):
    return client.get(invitation.get_absolute_url())


def test_a_stranger_is_shown_the_ways_in(client, invite, text_of):
    invitation = invite()
    response = look(client, invitation)
    words = text_of(response)
    path = invitation.get_absolute_url()
    assert "Ekhamra kommun" in words
    assert "Inte verifierad av oss" in words
    assert f"?next={path}" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert client.post(path)["Location"] == f"{reverse('account_login')}?next={path}"


def test_sign_up_from_an_invitation_leads_back_to_it(client, invite, last_code):
    invitation = invite("anna@ekhamra.se")
    link = look(client, invitation).content.decode().partition('href="/konto/skapa/')[2]
    start = "/konto/skapa/" + link.partition('"')[0].replace("&amp;", "&")
    person = {"name": "Anna", "email": "anna@ekhamra.se", "password1": "tre ord i en rad"}
    client.post(start, {**person, "next": invitation.get_absolute_url()})
    code = last_code("anna@ekhamra.se")
    back = client.post(reverse("account_email_verification_sent"), {"code": code})["Location"]
    assert back == invitation.get_absolute_url()
    client.post(back, {"answer": "accept"})
    assert client.get(reverse("accounts:settings")).wsgi_request.acting_for.name == "Ekhamra kommun"


def test_somebody_else_is_told_so_without_the_whole_address(client, invite, text_of):
    invitation = invite("karin.karlsson@ekhamra.se")
    assert "karin" not in look(client, invitation).content.decode()
    client.force_login(make.UserFactory())
    response = look(client, invitation)
    assert "k…@ekhamra.se" in text_of(response)
    assert "karin" not in response.content.decode()


def test_looking_never_joins(client, invite, organisation):
    user = make.UserFactory(email="ny@ekhamra.se")
    client.force_login(user)
    for query in ("", "?answer=accept"):
        assert client.get(invite().get_absolute_url() + query).status_code == 200
    assert not organisation.memberships.filter(user=user).exists()


@pytest.mark.parametrize("token", ["finns-inte", "%", "x%25", "x" * 2000])
def test_an_unknown_invitation_is_404(client, token):
    path = f"/personer/inbjudan/{token}/"
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


OVER = {
    "accepted": "besvarad med ja",
    "declined": "besvarad med nej",
    "revoked": "tillbakatagen",
    "expired": "gäller inte längre",
    "demoted": "gäller inte längre",
    "closed": "stängd",
}


def finish(how, invitation, admin, guest, time_machine):
    if how == "accepted":
        actions.accept_invitation(invitation, by=guest)
    elif how == "declined":
        actions.decline_invitation(invitation, by=guest)
    elif how == "revoked":
        actions.take_back(invitation, by=admin)
    elif how == "expired":
        time_machine.move_to(timezone.now() + timedelta(days=14, seconds=1))
    elif how == "demoted":
        Membership.objects.filter(user=admin).update(role=Role.MEMBER)
    else:
        organisation = invitation.organisation
        organisation.closed_at, organisation.closing_reason = timezone.now(), "Upphörd"
        organisation.save()


@pytest.mark.parametrize("how", OVER)
def test_what_is_over_says_so_and_cannot_be_accepted(
    client, invite, admin, text_of, time_machine, how
):
    guest = make.UserFactory(email="ny@ekhamra.se")
    invitation = invite()
    finish(how, invitation, admin, guest, time_machine)
    response = look(client, invitation)
    assert (response.status_code, OVER[how] in text_of(response)) == (200, True)
    late = make.UserFactory()
    guest.emailaddress_set.update(user=late, primary=False)  # the address has another owner now
    client.force_login(late)
    client.post(invitation.get_absolute_url(), {"answer": "accept"})
    assert not late.memberships.exists()


# Answering


def answer(client, invitation, user, **data):
    client.force_login(user)
    return client.post(invitation.get_absolute_url(), {"answer": "accept", **data})


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ADMIN])
def test_accepting_joins_and_tells_the_inviter(client, invite, organisation, admin, role):
    guest = make.UserFactory(email="ny@ekhamra.se")
    answer(client, invite(role=role), guest)
    answer(client, Invitation.objects.get(), guest)
    membership = organisation.memberships.get(user=guest)
    assert (membership.role, membership.state, membership.decided_by) == (role, "active", admin)
    assert fresh(guest).acting_for == organisation
    told = Notification.objects.filter(user=admin).values_list("kind", flat=True)
    assert list(told) == ["accounts.invitation_accepted"]


def test_a_request_that_waits_becomes_a_membership(client, invite, organisation, admin):
    guest = make.UserFactory(email="ny@ekhamra.se")
    request = actions.request_membership(organisation, by=guest)
    answer(client, invite(role=Role.ADMIN), guest)
    request.refresh_from_db()
    assert (request.state, request.role, request.decided_by) == ("active", Role.ADMIN, admin)


@pytest.mark.parametrize(
    ("present", "invited", "then"),
    [("member", "admin", "admin"), ("admin", "member", "admin"), ("member", "member", "member")],
)
def test_a_member_is_given_more_never_less(client, invite, organisation, present, invited, then):
    guest = make.UserFactory(email="ny@ekhamra.se")
    make.MembershipFactory(user=guest, organisation=organisation, role=present)
    answer(client, invite(role=invited), guest)
    assert organisation.memberships.get(user=guest).role == then


def test_declining_is_an_answer_too(client, invite, organisation):
    guest = make.UserFactory(email="ny@ekhamra.se")
    invitation = invite()
    for _ in range(2):
        answer(client, invitation, guest, answer="decline")
    invitation.refresh_from_db()
    assert (invitation.state, invitation.answered_by) == (State.DECLINED, guest)
    answer(client, invitation, guest)
    assert not organisation.memberships.filter(user=guest).exists()


@pytest.mark.parametrize("answer_", ["accept", "decline"])
@pytest.mark.parametrize(
    ("address", "confirmed"),
    [("ny@ekhamra.se", False), ("annan@ekhamra.se", True), ("ny@x.ekhamra.se", True)],
)
def test_only_a_confirmed_address_answers(client, invite, address, confirmed, answer_):
    guest = make.UserFactory(email=address)
    guest.emailaddress_set.update(verified=confirmed)
    invitation = invite()
    answer(client, invitation, guest, answer=answer_)
    invitation.refresh_from_db()
    assert invitation.state == State.PENDING
    assert not guest.memberships.exists()


def test_a_second_confirmed_address_answers_as_well(client, invite):
    guest = make.UserFactory()
    guest.emailaddress_set.create(email="ny@ekhamra.se", verified=True, primary=False)
    answer(client, invite(), guest)
    assert guest.memberships.get().state == "active"


def test_addresses_are_compared_as_in_the_dns(client, send):
    guest = make.UserFactory(email="anna@räksmörgås.se")
    send("Anna@RÄKSMÖRGÅS.se")
    answer(Client(), Invitation.objects.get(), guest)
    assert guest.memberships.get().state == "active"


def test_forged_answers_are_refused(invite):
    guest = make.UserFactory(email="ny@ekhamra.se")
    client = Client(enforce_csrf_checks=True)
    assert answer(client, invite(), guest).status_code == 403
    assert not guest.memberships.exists()


def test_what_waits_for_a_person_is_found_by_address(invite, admin, time_machine):
    guest = make.UserFactory(email="ny@ekhamra.se")
    invitation = invite()
    invite("annan@ekhamra.se")
    assert list(Invitation.objects.to_answer_by(guest)) == [invitation]
    guest.emailaddress_set.update(verified=False)
    assert not Invitation.objects.to_answer_by(guest).exists()
    guest.emailaddress_set.update(verified=True)
    time_machine.move_to(timezone.now() + timedelta(days=15))
    assert not Invitation.objects.to_answer_by(guest).exists()


def test_the_set_and_the_one_agree_on_validity(invite, admin, time_machine):
    first = invite()
    second = invite("bo@ekhamra.se")
    actions.take_back(second, by=admin)
    for _ in range(2):
        shown = Invitation.objects.with_validity()
        assert {one.pk: one.may_be_accepted for one in shown} == {
            one.pk: one.is_valid for one in (first, Invitation.objects.get(pk=second.pk))
        }
        time_machine.move_to(timezone.now() + timedelta(days=15))


def test_an_invitation_shows_in_the_portal_of_those_who_have_an_account(client, invite, text_of):
    guest = make.UserFactory(email="ny@ekhamra.se")
    invitation = invite()
    client.force_login(guest)
    page = reverse("notifications:list")
    assert "bjuder in dig till Ekhamra kommun" in text_of(client.get(page))
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now())
    assert "bjuder in dig" not in text_of(client.get(page))


def test_sending_again_is_done_in_the_name_of_the_one_who_does_it(invite, organisation):
    invitation = invite()
    other = make.MembershipFactory(organisation=organisation, role=Role.ADMIN).user
    actions.send_again(invitation, by=other)
    invitation.refresh_from_db()
    assert invitation.invited_by == other
    actions.take_back(invitation, by=other)
    with pytest.raises(Refused):
        actions.send_again(invitation, by=other)
