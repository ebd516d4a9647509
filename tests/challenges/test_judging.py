"""Reading, scoring alone, agreeing and deciding: who sees what, and when."""

import json
import logging
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from afori.accounts.actions import leave_organisation
from afori.common.states import Refused
from afori.notifications import outbox
from afori.notifications.models import Notification
from challenges import actions, personal_data
from challenges.models import (
    AuditEntry,
    Challenge,
    Consensus,
    Decision,
    OpenedAnswer,
    Panelist,
    Reading,
    Score,
)
from tests import factories as make
from tests.cast import ROLES

from .dumps import dump, forms_of, mail_texts
from .support import (
    agreed,
    answered,
    cleared,
    decided,
    name_openers,
    on_panel,
    on_team,
    opened,
    scored,
)
from .test_deadline import in_threads

pytestmark = pytest.mark.django_db

TEXT = "Hemlig text 4711"


def url(name, challenge, *args):
    return reverse(f"challenges:{name}", args=[challenge.slug, *args])


@pytest.fixture
def judged(arena):
    """Opened, with two answers, two on the panel of whom nobody has said anything, two openers,
    and the owner on the team.
    """
    challenge = arena.challenge
    on_team(challenge, arena.owner)
    people = SimpleNamespace(
        **vars(arena),
        panel=on_panel(challenge),
        openers=name_openers(challenge),
        former=make.UserFactory(name="Fanny Förra"),
    )
    make.MembershipFactory(user=people.former, organisation=arena.municipality)
    on_team(challenge, people.former)
    leave_organisation(arena.municipality, by=people.former)
    answered(challenge, arena.company, by=arena.supplier, text=TEXT)
    answered(challenge, arena.rival_company, by=arena.rival)
    opened(challenge)
    challenge.refresh_from_db()
    people.answers = list(OpenedAnswer.objects.order_by("letter"))
    people.theirs = OpenedAnswer.objects.get(submission__organisation=arena.company)
    return people


@pytest.fixture
def judging(judged):
    """The same with a panel that has said twice that it can judge."""
    for person in judged.panel:
        cleared(judged.challenge, person)
    return judged


def readable(person):
    return set(OpenedAnswer.objects.readable_by(person))


# Who reads


def test_nobody_else_reads(judging, sign_in):
    pages = [url(name, judging.challenge) for name in LISTS]
    pages += [url(name, judging.challenge, judging.theirs.token) for name in EACH]
    pages.append(url("opened_file", judging.challenge, judging.theirs.token, 1))
    found = {}
    for role in OTHERS:
        person = getattr(judging, role)
        client = sign_in(person)
        assert readable(person or AnonymousUser()) == set()
        found[role] = {client.get(page).status_code for page in pages}
    assert found == {role: {404} for role in OTHERS} | {"stranger": {302}}


OTHERS = [*(set(ROLES) - {"owner"}), "colleague", "former"]
LISTS = [
    *("answers", "consensus", "ranking", "decisions", "decisions_send"),
    *("panel", "protocol", "protocol_file", "opening"),
]
EACH = ["opened_answer", "consensus_answer", "decision", "decision_preview"]


def test_openers_see_the_protocol_and_nothing_else(judging, sign_in):
    opener = judging.openers[0]
    client = sign_in(opener)
    assert readable(opener) == set()
    found = {name: client.get(url(name, judging.challenge)).status_code for name in LISTS}
    shown = {name for name, status in found.items() if status == 200}
    assert shown == {"opening", "protocol", "protocol_file"}
    assert set(found.values()) == {200, 404}


def test_the_team_and_the_panel_read(judging):
    assert readable(judging.owner) == set(judging.answers)
    assert readable(judging.panel[0]) == set(judging.answers)


def test_nothing_before_both_declarations(judged, sign_in):
    person = judged.panel[0]
    client = sign_in(person)
    assert readable(person) == set()
    page = client.get(url("panel", judged.challenge)).content.decode()
    assert judged.company.name not in page
    assert client.get(url("answers", judged.challenge))["Location"] == url(
        "panel", judged.challenge
    )
    assert client.get(judged.theirs.get_absolute_url()).status_code == 404

    client.post(url("panel", judged.challenge), {"has_conflict": "no"})
    assert readable(person) == set()
    page = client.get(url("panel", judged.challenge)).content.decode()
    assert page.index(judged.company.name) < page.index(judged.rival_company.name)
    assert judged.theirs.letter + ":" not in page
    assert not any(answer.token in page for answer in judged.answers)

    client.post(url("panel_check", judged.challenge), {})
    assert readable(person) == set(judged.answers)


def test_a_conflict_keeps_from_reading_for_good(judged, sign_in):
    person = judged.panel[0]
    client = sign_in(person)
    client.post(url("panel", judged.challenge), {"has_conflict": "yes", "statement": "Min bror"})
    client.post(url("panel", judged.challenge), {"has_conflict": "no"})
    client.post(url("panel_check", judged.challenge), {})

    assert Panelist.objects.get(user=person).has_conflict
    assert readable(person) == set()
    told = Notification.objects.get(kind="challenges.conflict_declared")
    assert told.user == judged.owner
    assert "Min bror" in sign_in(judged.owner).get(url("panel", judged.challenge)).content.decode()


def test_a_conflict_without_a_statement_is_asked_for(judged, sign_in):
    response = sign_in(judged.panel[0]).post(
        url("panel", judged.challenge), {"has_conflict": "yes"}
    )
    assert response.status_code == 200
    assert not Panelist.objects.filter(declared_at__isnull=False).exists()


def test_who_stays_away_from_one_answer_reads_the_others(judged, sign_in):
    person = judged.panel[0]
    client = sign_in(person)
    client.post(url("panel", judged.challenge), {"has_conflict": "no"})
    slug = judged.company.slug
    client.post(
        url("panel_check", judged.challenge),
        {f"conflict-{slug}": "on", f"reason-{slug}": "Jag äger aktier"},
    )
    assert readable(person) == set(judged.answers) - {judged.theirs}
    assert client.get(judged.theirs.get_absolute_url()).status_code == 404
    with pytest.raises(Refused):
        scored(judged.theirs, person)


def test_a_team_member_on_the_panel_reads_as_a_panelist(judged):
    Panelist.objects.create(challenge=judged.challenge, user=judged.owner)
    assert readable(judged.owner) == set()
    cleared(judged.challenge, judged.owner)
    assert readable(judged.owner) == set(judged.answers)


def test_nobody_judges_the_rivals_of_their_own_organisation(judged, sign_in):
    person = judged.panel[0]
    make.MembershipFactory(user=person, organisation=judged.company)
    with pytest.raises(Refused):
        cleared(judged.challenge, person)
    assert readable(person) == set()
    page = sign_in(person).get(url("panel", judged.challenge)).content.decode()
    assert "Du kan inte bedöma här" in page


def test_who_leaves_the_owner_reads_no_more(judging, sign_in):
    client = sign_in(judging.owner)
    assert client.get(judging.theirs.get_absolute_url()).status_code == 200
    judging.owner.memberships.all().delete()
    assert client.get(judging.theirs.get_absolute_url()).status_code == 404


# Reading


def test_the_first_reading_is_logged_once(judging, sign_in):
    client = sign_in(judging.owner)
    for _each in range(2):
        page = client.get(judging.theirs.get_absolute_url())
    assert TEXT in page.content.decode()
    assert [one.user for one in Reading.objects.all()] == [judging.owner]
    assert AuditEntry.objects.filter(event="read").count() == 1


def test_a_file_is_a_download_in_a_sandbox_and_counts_as_reading(judging, sign_in):
    client = sign_in(judging.panel[0])
    address = url("opened_file", judging.challenge, judging.theirs.token, 1)
    response = client.get(address)
    assert b"".join(response.streaming_content) == b"En skiss"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert Reading.objects.get().user == judging.panel[0]
    for position in (0, 2, 10**30):
        wrong = url("opened_file", judging.challenge, judging.theirs.token, position)
        assert client.get(wrong).status_code == 404


def test_an_answer_of_one_challenge_is_not_found_under_another(judging, sign_in):
    other = make.ChallengeFactory(owner=judging.municipality)
    on_team(other, judging.owner)
    client = sign_in(judging.owner)
    assert client.get(url("opened_answer", other, judging.theirs.token)).status_code == 404


def test_a_damaged_file_is_told(judging, sign_in):
    part = judging.theirs.version.parts.get(position=1)
    with part.file.storage.open(part.file.name, "wb") as file:
        file.write(b"x" * 100)
    response = sign_in(judging.owner).get(
        url("opened_file", judging.challenge, judging.theirs.token, 1), follow=True
    )
    assert "skadad" in response.content.decode()


# Anonymous reading


@pytest.fixture
def anonymous(judging):
    Challenge.objects.filter(pk=judging.challenge.pk).update(anonymous_reading=True)
    judging.challenge.refresh_from_db()
    return judging


def pages_with_names(judging, client):
    names = ["answers", "consensus", "protocol"]
    pages = [url(name, judging.challenge) for name in names]
    pages.append(judging.theirs.get_absolute_url())
    return {
        page
        for page in pages
        if judging.company.name in client.get(page).content.decode()
        or "skiss.txt" in client.get(page).content.decode()
    }


def test_names_show_when_ones_own_reading_is_over(anonymous, sign_in):
    person = anonymous.panel[0]
    client = sign_in(person)
    assert pages_with_names(anonymous, client) == set()
    assert client.get(url("protocol_file", anonymous.challenge)).status_code == 403
    file = client.get(url("opened_file", anonymous.challenge, anonymous.theirs.token, 1))
    assert "skiss" not in file["Content-Disposition"]

    scored(anonymous.answers[0], person)
    assert pages_with_names(anonymous, client) == set()
    scored(anonymous.answers[1], person)
    assert len(pages_with_names(anonymous, client)) == 4
    assert client.get(url("protocol_file", anonymous.challenge)).status_code == 200


def test_the_team_sees_names_when_the_whole_panel_is_done(anonymous, sign_in):
    client = sign_in(anonymous.owner)
    assert pages_with_names(anonymous, client) == set()
    for person in anonymous.panel:
        for answer in anonymous.answers:
            assert pages_with_names(anonymous, client) == set()
            scored(answer, person)
    assert len(pages_with_names(anonymous, client)) == 4


def test_openers_see_the_protocol_whole(anonymous, sign_in):
    client = sign_in(anonymous.openers[0])
    page = client.get(url("protocol", anonymous.challenge)).content.decode()
    assert anonymous.company.name in page
    file = client.get(url("protocol_file", anonymous.challenge))
    assert file.content.decode() == anonymous.challenge.opening.protocol
    assert json.loads(file.content)["answers"][0]["letter"] == "A"


# Scoring alone


def post_scores(client, answer, values, then="stay", comment="Bra"):
    data = {f"score-{position}": value for position, value in values.items()}
    data |= {f"comment-{position}": comment for position in values}
    return client.post(answer.get_absolute_url(), {**data, "then": then})


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


# Decisions


@pytest.fixture
def decidable(judging):
    for answer in judging.answers:
        for person in judging.panel:
            scored(answer, person)
        agreed(answer, judging.owner, value=4 if answer == judging.theirs else 2)
    return judging


def prepare_all(decidable):
    for answer in decidable.answers:
        chosen = answer == decidable.theirs
        decided(
            answer,
            decidable.owner,
            result="chosen" if chosen else "not_chosen",
            feedback=f"Återkoppling till {answer.letter}",
        )


def test_ranking_and_suggestions(decidable, sign_in):
    client = sign_in(decidable.owner)
    page = client.get(url("ranking", decidable.challenge)).content.decode()
    assert page.index(decidable.company.name) < page.index(decidable.rival_company.name)
    assert "80.00" in page or "80,00" in page
    form = client.get(url("decision", decidable.challenge, decidable.theirs.token)).context["form"]
    assert form.initial["result"] == "chosen"


def test_the_panel_does_not_decide(decidable, sign_in):
    client = sign_in(decidable.panel[0])
    for name in ("decisions", "decisions_send"):
        assert client.get(url(name, decidable.challenge)).status_code == 403
    for name in ("decision", "decision_preview"):
        page = url(name, decidable.challenge, decidable.theirs.token)
        assert client.get(page).status_code == 403
    with pytest.raises(Refused):
        decided(decidable.theirs, decidable.panel[0])


def test_decisions_are_prepared_looked_at_and_sent_together(decidable, sign_in, mailoutbox):
    client = sign_in(decidable.owner)
    send = url("decisions_send", decidable.challenge)
    for answer in decidable.answers:
        client.post(send)
        assert not Decision.objects.filter(sent_at__isnull=False).exists()
        response = client.post(
            url("decision", decidable.challenge, answer.token),
            {"result": "not_chosen", "feedback": f"Återkoppling {answer.letter}"},
        )
        assert response["Location"].endswith("forhandsvisa/")
        assert f"Återkoppling {answer.letter}" in client.get(response["Location"]).content.decode()
    assert not Decision.objects.sent_to(decidable.supplier).exists()

    client.post(send)
    challenge = Challenge.objects.get(pk=decidable.challenge.pk)
    assert set(Decision.objects.values_list("sent_at", flat=True)) == {challenge.decisions_sent_at}
    [own] = Decision.objects.sent_to(decidable.supplier)
    assert own.answer == decidable.theirs
    outbox.drain()
    told = [mail.to for mail in mailoutbox if "Beslutet om ert svar" in mail.subject]
    assert sorted(told) == sorted([[decidable.supplier.email], [decidable.rival.email]])


def test_a_decision_reaches_the_authors_alone(decidable):
    prepare_all(decidable)
    actions.send_decisions(decidable.challenge, by=decidable.owner)
    for role in ("owner", *(set(OTHERS) - {"supplier", "rival"})):
        person = getattr(decidable, role) or AnonymousUser()
        assert not Decision.objects.sent_to(person).exists()
    told = Notification.objects.filter(kind="challenges.decided")
    assert {one.user for one in told} == {decidable.supplier, decidable.rival}


def test_after_sending_nothing_changes(decidable, sign_in):
    prepare_all(decidable)
    actions.send_decisions(decidable.challenge, by=decidable.owner)
    stored = Decision.objects.get(answer=decidable.theirs)
    for attempt in (
        lambda: decided(decidable.theirs, decidable.owner),
        lambda: agreed(decidable.theirs, decidable.owner, value=0),
        lambda: scored(decidable.theirs, decidable.panel[0]),
        lambda: actions.send_decisions(decidable.challenge, by=decidable.owner),
    ):
        with pytest.raises(Refused):
            attempt()
    client = sign_in(decidable.owner)
    for name in ("answers", "consensus", "ranking", "decisions"):
        assert client.get(url(name, decidable.challenge)).status_code == 200
    for name in EACH:
        page = url(name, decidable.challenge, decidable.theirs.token)
        assert client.get(page).status_code == 200
    assert Decision.objects.get(answer=decidable.theirs).feedback == stored.feedback


def test_who_stays_away_from_an_answer_does_not_send(judged):
    Panelist.objects.create(challenge=judged.challenge, user=judged.owner)
    cleared(judged.challenge, judged.owner, {judged.theirs: "Min bror"})
    other = make.UserFactory()
    make.MembershipFactory(user=other, organisation=judged.municipality)
    on_team(judged.challenge, other)
    for answer in judged.answers:
        decided(answer, other)
    with pytest.raises(Refused) as refusal:
        actions.send_decisions(judged.challenge, by=judged.owner)
    assert refusal.value.code == "conflict"
    actions.send_decisions(judged.challenge, by=other)


@pytest.mark.django_db(transaction=True)
def test_two_people_send_at_once_and_it_is_sent_once(decidable):
    prepare_all(decidable)
    results = in_threads(
        4, lambda index: actions.send_decisions(decidable.challenge, by=decidable.owner)
    )
    assert sum(isinstance(one, Challenge) for one in results) == 1
    assert AuditEntry.objects.filter(event="decisions sent").count() == 1
    assert Notification.objects.filter(kind="challenges.decided").count() == 2


# What is left behind

CANARY = ["Kommentar 8d1f", "Samsyn 77ab", "Återkoppling 30c9", "Delägare 5e42", "Svåger 91bc"]


def test_what_the_panel_writes_is_in_no_table_log_or_mail(judged, sign_in, caplog, mailoutbox):
    caplog.set_level(logging.DEBUG)
    comment, reason, feedback, conflict, statement = CANARY
    one, other = judged.panel
    [away] = on_panel(judged.challenge, 1)
    sign_in(away).post(
        url("panel", judged.challenge), {"has_conflict": "yes", "statement": statement}
    )
    cleared(judged.challenge, one)
    cleared(judged.challenge, other, {judged.answers[1]: conflict})
    client = sign_in(one)
    for answer in judged.answers:
        post_scores(client, answer, {1: "4", 2: "2"}, then="hand in", comment=comment)
        agreed(answer, judged.owner, reason=reason)
        decided(answer, judged.owner, feedback=feedback)
    actions.send_decisions(judged.challenge, by=judged.owner)
    outbox.drain()

    everything = dump() + caplog.text + "".join(mail_texts(mailoutbox))
    assert Score.objects.filter(comment__isnull=False).count() == 4
    assert [word for word in CANARY for form in forms_of(word) if form in everything] == []


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
