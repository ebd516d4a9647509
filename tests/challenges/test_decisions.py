"""Decisions: prepared, sent together, read by their authors alone; what is left behind."""

import logging

import pytest
from django.contrib.auth.models import AnonymousUser

from afori.common.states import Refused
from afori.notifications import outbox
from afori.notifications.models import Notification
from challenges import actions
from challenges.models import (
    AuditEntry,
    Challenge,
    Decision,
    Panelist,
    Score,
)
from tests import factories as make

from .dumps import dump, forms_of, mail_texts
from .judges import EACH, OTHERS, post_scores, url
from .support import (
    agreed,
    cleared,
    decided,
    on_panel,
    on_team,
    scored,
)
from .test_deadline import in_threads

pytestmark = pytest.mark.django_db


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
