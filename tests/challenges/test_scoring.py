"""Scoring alone, then agreeing: who sees what, and when."""

import json

import pytest

from afori.common.states import Refused
from challenges import actions, personal_data
from challenges.models import AuditEntry, Consensus, Score

from .judges import post_scores, url
from .support import agreed, cleared, scored
from .test_deadline import in_threads

pytestmark = pytest.mark.django_db


# Scoring alone


def test_scores_are_saved_and_resumed(judging, sign_in):
    client = sign_in(judging.panel[0])
    post_scores(client, judging.theirs, {1: "4", 2: ""})
    page = client.get(judging.theirs.get_absolute_url()).content.decode()
    assert Score.objects.get(criterion__position=1).value == 4
    assert Score.objects.get(criterion__position=2).value is None
    assert page.count("Bra</textarea>") == 2

    post_scores(client, judging.theirs, {1: "4", 2: ""}, then="hand in")
    assert not judging.theirs.handed_in.exists()
    post_scores(client, judging.theirs, {1: "4", 2: "5"}, then="hand in")
    assert judging.theirs.handed_in.count() == 1
    post_scores(client, judging.theirs, {1: "0", 2: "0"})
    assert sorted(Score.objects.values_list("value", flat=True)) == [4, 5]


def test_going_to_the_next_answer_saves_first(judging, sign_in):
    client = sign_in(judging.panel[0])
    first, second = judging.answers
    assert 'value="next"' in client.get(first.get_absolute_url()).content.decode()
    response = post_scores(client, first, {1: "4", 2: ""}, then="next")
    assert response.url == second.get_absolute_url()
    assert Score.objects.filter(answer=first, comment__isnull=False).count() == 2
    second.delete()
    assert post_scores(client, first, {1: "3"}, then="next").url == first.get_absolute_url()


def test_files_come_before_what_is_scored(judging, sign_in):
    page = sign_in(judging.panel[0]).get(judging.theirs.get_absolute_url()).content.decode()
    assert 0 < page.index('id="files"') < page.index('name="score-1"')


@pytest.mark.parametrize("value", ["6", "-1", "x", "\x00", "9" * 40])
def test_a_wrong_score_is_told_and_nothing_typed_is_lost(judging, sign_in, value):
    response = post_scores(
        sign_in(judging.panel[0]), judging.theirs, {1: value}, comment="Tanke som stannar"
    )
    assert response.status_code in (200, 400)
    if response.status_code == 200:
        assert "Tanke som stannar" in response.content.decode()
    assert not Score.objects.exists()


def test_comments_come_back_when_the_session_has_expired(judging, client):
    response = post_scores(client, judging.theirs, {1: "4"}, comment="Tanke som stannar")
    assert response.status_code == 403
    assert "Tanke som stannar" in response.content.decode()
    assert not Score.objects.exists()


def test_ones_own_data_holds_what_one_wrote_on_the_panel(judged):
    """Letters with the scores and names with the reasons, never both together."""
    first, second = judged.panel
    other = next(one for one in judged.answers if one != judged.theirs)
    cleared(judged.challenge, first, {judged.theirs: "Min kusin arbetar där"})
    cleared(judged.challenge, second)
    scored(other, first, 4, "Väl genomtänkt")
    scored(other, second, 1, "Kollegans ord")
    held = personal_data.collected(first)
    [away] = held["Svar som du inte bedömer"]
    assert {judged.company.name, "Min kusin arbetar där"} <= set(away.values())
    own = list(held["Dina poäng i paneler"])
    assert len(own) == judged.challenge.criteria.count()
    assert {4, "Väl genomtänkt", f"Svar {other.letter}"} <= set(own[0].values())
    assert "Kollegans" not in str(own)
    assert judged.rival_company.name not in str(own)


def test_the_team_does_not_score(judging, sign_in):
    assert post_scores(sign_in(judging.owner), judging.theirs, {1: "4"}).status_code == 403


def test_the_others_scores_show_only_after_ones_own(judging, sign_in):
    one, other = judging.panel
    scored(judging.theirs, one, value=5, comment="Mycket bra i tunneln")
    client = sign_in(other)
    address = url("consensus_answer", judging.challenge, judging.theirs.token)

    assert client.get(address)["Location"] == judging.theirs.get_absolute_url()
    assert "tunneln" not in client.get(judging.theirs.get_absolute_url()).content.decode()
    with pytest.raises(Refused):
        agreed(judging.theirs, other)
    ranking = client.get(url("ranking", judging.challenge)).content.decode()
    assert "Du ser inte rangordningen" in ranking

    scored(judging.theirs, other, value=2)
    page = client.get(address).content.decode()
    assert "tunneln" in page
    assert "från 2 till 5" in page


# Consensus


def post_consensus(client, judging, values, marks=None):
    data = {}
    for position, (value, reason) in values.items():
        data |= {f"agreed-{position}": value, f"reason-{position}": reason}
        data[f"mark-{position}"] = (marks or {}).get(position, "")
    return client.post(url("consensus_answer", judging.challenge, judging.theirs.token), data)


def test_consensus_needs_a_reason(judging, sign_in):
    response = post_consensus(sign_in(judging.owner), judging, {1: ("4", "")})
    assert response.status_code == 200
    assert not Consensus.objects.exists()


def test_an_empty_consensus_is_not_said_to_be_saved(judging, sign_in):
    page = post_consensus(sign_in(judging.owner), judging, {1: ("", ""), 2: ("", "")})
    assert (page.status_code, Consensus.objects.exists()) == (200, False)
    assert "Ingenting sparades" in page.content.decode()


def test_a_correction_leaves_a_trace_without_what_was_said(judging, sign_in):
    client = sign_in(judging.owner)
    post_consensus(client, judging, {1: ("4", "Eniga")})
    mark = Consensus.objects.get().mark
    post_consensus(client, judging, {1: ("3", "Ändrat efter samtal")}, {1: mark})

    assert Consensus.objects.get().value == 3
    entry = AuditEntry.objects.get(event="consensus corrected")
    assert json.loads(entry.facts) == {
        "challenge": judging.challenge.slug,
        "answer": judging.theirs.token,
        "criterion": 1,
        "by": judging.owner.pk,
    }


def test_nobody_overwrites_another_unseen(judging, sign_in):
    agreed(judging.theirs, judging.owner, value=4, reason="Först")
    client = sign_in(judging.owner)
    response = post_consensus(client, judging, {1: ("2", "Sedan")})
    page = response.content.decode()
    assert (response.status_code, "Först" in page, "Sedan" in page) == (409, True, True)
    assert set(Consensus.objects.values_list("value", flat=True)) == {4}

    mark = Consensus.objects.get(criterion__position=1).mark
    assert f'value="{mark}"'.replace("+", "&#x2B;") in page.replace("+", "&#x2B;")
    post_consensus(client, judging, {1: ("2", "Sedan")}, {1: mark})
    assert Consensus.objects.get(criterion__position=1).value == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_agree_at_once_do_not_overwrite_each_other(judging):
    criterion = judging.challenge.criteria.first()
    results = in_threads(
        3,
        lambda index: actions.agree(
            judging.theirs, criterion, value=index, reason="Ja", seen="", by=judging.owner
        ),
    )
    assert sum(isinstance(one, Consensus) for one in results) == 1
    assert sum(isinstance(one, actions.Overtaken) for one in results) == 2
