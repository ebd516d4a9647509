"""Two of the team write the same outcome: neither is overwritten unseen."""

import pytest
from django.urls import reverse

from challenges import actions
from challenges.models import FollowUp, Outcome

from .outcomes import told, typed, waiting

pytestmark = pytest.mark.django_db


def overtaken(client, page, data, theirs, mine):
    """Post what was begun before somebody else saved; returns the mark to save again with."""
    response = client.post(page, data)
    shown = response.content.decode()
    assert (response.status_code, theirs in shown, mine in shown) == (409, True, True)
    assert "två versioner" in shown
    return response.context["form"]["mark"].value()


@pytest.mark.parametrize("is_public", [False, True])
def test_an_outcome_is_not_overwritten_unseen(team, sign_in, is_public):
    client = sign_in(team.member)
    page = reverse("challenges:outcome", args=[team.challenge.slug])
    (told if is_public else waiting)(team, text_sv="Först.")
    mark = overtaken(client, page, typed(text_sv="Sedan."), "Först.", "Sedan.")
    assert Outcome.objects.get().text_sv == "Först."
    assert client.post(page, typed(text_sv="Sedan.", mark=mark)).status_code == 302
    assert Outcome.objects.get().text_sv == "Sedan."
    overtaken(client, page, typed(text_sv="Sist.", mark=mark), "Sedan.", "Sist.")


def test_a_reason_for_cancelling_is_not_overwritten_unseen(team, sign_in):
    actions.cancel_challenge(team.challenge, by=team.member, text_sv="Först.")
    client = sign_in(team.member)
    page = reverse("challenges:cancel", args=[team.challenge.slug])
    mark = overtaken(client, page, {"text_sv": "Sedan.", "mark": "x"}, "Först.", "Sedan.")
    assert client.post(page, {"text_sv": "Sedan.", "mark": mark}).status_code == 302
    assert Outcome.objects.get().text_sv == "Sedan."


def test_a_follow_up_is_not_overwritten_unseen(team, sign_in):
    told(team)
    client = sign_in(team.member)
    page = reverse("challenges:follow_up", args=[team.challenge.slug, 6])
    data = {"state": "in_use", "text_sv": "Först."}
    assert client.post(page, data).status_code == 302
    data = {"state": "stopped", "text_sv": "Sedan."}
    mark = overtaken(client, page, data, "Först.", "Sedan.")
    client.post(page, {**data, "mark": mark})
    assert FollowUp.objects.get(months=6).text_sv == "Sedan."
