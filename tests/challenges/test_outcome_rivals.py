"""Who may say what of an outcome: two who write at once, decisions, and rivals on the team."""

import pytest
from django.urls import reverse

from afori.common.states import Refused
from challenges import actions
from challenges.models import Challenge, Decision, FollowUp, Outcome
from tests import factories as make

from .outcomes import told, typed, waiting
from .support import agreed, answered, decided, on_team, opened, submit

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


# What the public is told is what the suppliers were told


@pytest.fixture
def judged(arena, draft):
    """The supplier and its rival answered; the first was told that it is chosen."""
    on_team(arena.challenge, arena.member)
    submit(draft, by=arena.supplier)
    answered(arena.challenge, arena.rival_company, by=arena.rival)
    for answer in opened(arena.challenge).answers.all():
        agreed(answer, arena.member)
        is_first = answer.submission.organisation == arena.company
        decided(answer, arena.member, result="chosen" if is_first else "not_chosen")
    Challenge.objects.update(wait_days=10)
    actions.send_decisions(arena.challenge, by=arena.member)
    arena.challenge.refresh_from_db()
    return arena


@pytest.mark.parametrize(
    ("kind", "chosen", "why"),
    [
        ("none", [], "Ljusglimt AB har fått besked om att de är valda"),
        ("chosen", ["rival_company"], "Rivalen AB har inte fått besked"),
        ("chosen", ["company", "rival_company"], "Rivalen AB har inte fått besked"),
    ],
)
def test_the_outcome_says_what_the_decisions_say(judged, kind, chosen, why):
    organisations = [getattr(judged, name) for name in chosen]
    with pytest.raises(Refused, match=why):
        told(judged, kind=kind, chosen=organisations)
    assert told(judged, chosen=[judged.company]).chosen.get() == judged.company


def test_nobody_chosen_is_told_as_nobody_chosen(judged):
    Decision.objects.update(result="not_chosen")
    with pytest.raises(Refused, match="Ingen leverantör har fått besked"):
        told(judged)
    assert told(judged, kind="none").kind == "none"


def test_a_choice_may_be_overturned_but_not_given_to_another(judged):
    outcome = told(judged, chosen=[judged.company])
    Challenge.objects.update(state="decided")
    facts = {"by": judged.member, "text_sv": "Domstolen ändrade."}
    with pytest.raises(Refused):
        actions.correct_outcome(outcome, kind="chosen", chosen=[judged.rival_company], **facts)
    facts["decided_on"] = outcome.decided_on
    assert actions.correct_outcome(outcome, kind="none", **facts).kind == "none"


def test_the_form_offers_nobody_else_and_says_why(judged, sign_in):
    page = reverse("challenges:outcome", args=[judged.challenge.slug])
    client = sign_in(judged.member)
    form = client.get(page).context["form"]
    assert list(form.fields["chosen"].queryset) == [judged.company]
    assert "har fått besked om att de är valda" in client.post(page, typed()).content.decode()
    assert not Outcome.objects.exists()


@pytest.mark.parametrize("name", ["outcome", "cancel"])
def test_a_rival_on_the_team_tells_nothing(judged, sign_in, name):
    make.MembershipFactory(user=judged.member, organisation=judged.rival_company)
    page = reverse(f"challenges:{name}", args=[judged.challenge.slug])
    answer = sign_in(judged.member).post(page, typed(kind="chosen"))
    assert "hör till en leverantör som svarade" in answer.content.decode()
    assert not Outcome.objects.exists()
