"""Answers that nobody who wrote them is left for: the organisation still learns what came of it."""

import json

import pytest
from django.urls import reverse

from afori.accounts.models import Membership
from afori.common.states import Refused
from afori.notifications import outbox
from afori.notifications.models import OutgoingMail
from challenges import actions
from challenges.locks import database_now
from challenges.models import AuditEntry, Submission
from tests import factories as make
from tests.cast import employee
from tests.telling import notified

from .support import agreed, closes, decided, on_team, opened, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(arena):
    person = make.UserFactory(name="Bo Boss")
    make.MembershipFactory(user=person, organisation=arena.company, role=Membership.Role.ADMIN)
    return person


@pytest.fixture
def page(arena, draft):
    return reverse("challenges:submission", args=[arena.challenge.slug, draft.reference])


def leave(user):
    Membership.objects.filter(user=user).update(state="ended", ended_at=database_now())


def decide(arena, result="chosen"):
    on_team(arena.challenge, arena.owner)
    for answer in opened(arena.challenge).answers.all():
        agreed(answer, arena.owner)
        decided(answer, arena.owner, result=result, feedback="Bäst i test")
    actions.send_decisions(arena.challenge, by=arena.owner)


def told(user):
    return set(notified(user=user).values_list("kind", flat=True))


@pytest.mark.parametrize("away", ["left", "closed account"])
def test_administrators_are_told_when_nobody_who_wrote_is_left(
    arena, draft, boss, page, sign_in, away
):
    submit(draft, by=arena.supplier)
    if away == "left":
        leave(arena.supplier)
    else:
        arena.supplier.is_active = False
        arena.supplier.save()
    decide(arena)

    assert told(boss) == {"challenges.answer_opened", "challenges.decided"}
    assert told(arena.colleague) == set()
    mail = outbox.compose(OutgoingMail.objects.get(user=boss, kind="challenges.decided"))
    assert page in mail.body
    assert "beslutet" in sign_in(boss).get(reverse("notifications:list")).content.decode()


def test_an_administrator_takes_over_and_reads_the_decision(arena, draft, boss, page, sign_in):
    receipt = submit(draft, by=arena.supplier)
    leave(arena.supplier)
    decide(arena)
    client = sign_in(boss)
    before = client.get(page).content.decode()
    assert "Ingen som skrev svaret är kvar" in before
    assert "Bäst i test" not in before
    assert not Submission.objects.visible_to(boss).exists()

    after = client.post(page, follow=True).content.decode()
    assert "Bäst i test" in after
    assert client.get(receipt.get_absolute_url()).status_code == 200
    entry = AuditEntry.objects.get(event="answer inherited")
    assert json.loads(entry.facts)["by"] == boss.pk
    actions.add_author(draft, arena.colleague, by=boss)
    assert "Bäst i test" in sign_in(arena.colleague).get(page).content.decode()


def test_the_way_to_answer_leads_there(arena, draft, boss, page, sign_in):
    leave(arena.supplier)
    closes(arena.challenge, seconds=-1)
    start = reverse("challenges:answer", args=[arena.challenge.slug])
    assert sign_in(boss).get(start).headers["Location"] == page


@pytest.mark.parametrize("why", ["open", "author", "colleague", "rival"])
def test_nobody_else_takes_an_answer_over(arena, draft, boss, page, sign_in, why):
    person = {"colleague": arena.colleague, "rival": arena.rival}.get(why, boss)
    if why != "author":
        leave(arena.supplier)
    if why != "open":
        closes(arena.challenge, seconds=-1)
    client = sign_in(person)

    assert [client.get(page).status_code, client.post(page).status_code] == [404, 404]
    with pytest.raises(Refused) as refusal:
        actions.inherit_answer(draft, by=person)
    assert refusal.value.code == "author"


def test_two_administrators_do_not_take_over_from_each_other(arena, draft, boss):
    other = employee(arena.company)
    Membership.objects.filter(user=other).update(role=Membership.Role.ADMIN)
    leave(arena.supplier)
    closes(arena.challenge, seconds=-1)
    actions.inherit_answer(draft, by=boss)
    with pytest.raises(Refused):
        actions.inherit_answer(draft, by=other)


def test_an_author_lets_a_colleague_in_after_the_deadline(arena, draft, page, sign_in):
    closes(arena.challenge, seconds=-1)
    form = reverse("challenges:authors", args=[arena.challenge.slug, draft.reference])
    sign_in(arena.supplier).post(form, {"user": arena.colleague.email})
    assert sign_in(arena.colleague).get(page).status_code == 200
