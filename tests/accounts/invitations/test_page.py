"""The page to which an invitation leads."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from afori.accounts import actions
from afori.accounts.models import Membership
from tests import factories as make

from .support import look

Role = Membership.Role
pytestmark = pytest.mark.django_db


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
