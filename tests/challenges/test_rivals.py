"""Those with two hats: whoever answered, or judges, does not get more from another role."""

import pytest
from django.urls import reverse

from afori.accounts.actions import leave_organisation
from afori.common.states import Refused
from challenges import actions, audit
from challenges.actions.team import name_panelist, remove_panelist
from challenges.judging import Judging
from challenges.models import AuditEntry, OpenedAnswer, Opener, Panelist
from tests import factories as make

from .support import answered, cleared, closes, name_openers, on_panel, on_team, opened, scored

pytestmark = pytest.mark.django_db
PAGES = ("protocol", "protocol_file")


@pytest.fixture
def judged(arena):
    """Opened, read anonymously at first, with two answers, two openers and a team."""
    arena.challenge.anonymous_reading = True
    arena.challenge.save()
    on_team(arena.challenge, arena.member)
    arena.openers = name_openers(arena.challenge)
    answered(arena.challenge, arena.company, by=arena.supplier)
    answered(arena.challenge, arena.rival_company, by=arena.rival)
    opened(arena.challenge)
    arena.challenge.refresh_from_db()
    return arena


def statuses(client, challenge):
    found = {}
    for name in PAGES:
        page = client.get(reverse(f"challenges:{name}", args=[challenge.slug]))
        found[name] = page.status_code
    return found


def readable(person):
    return OpenedAnswer.objects.readable_by(person).count()


def joins(person, organisation):
    make.MembershipFactory(user=person, organisation=organisation)


def test_one_who_answered_reads_nothing_as_team(judged, sign_in):
    assert readable(judged.member) == 2
    joins(judged.member, judged.company)
    assert readable(judged.member) == 0
    assert statuses(sign_in(judged.member), judged.challenge) == dict.fromkeys(PAGES, 404)


def test_one_who_wrote_an_answer_and_left_reads_nothing(judged):
    joins(judged.supplier, judged.municipality)
    on_team(judged.challenge, judged.supplier)
    leave_organisation(judged.company, by=judged.supplier)
    assert readable(judged.supplier) == 0


def test_an_opener_with_no_other_part_reads_the_protocol(judged, sign_in):
    assert statuses(sign_in(judged.openers[0]), judged.challenge) == dict.fromkeys(PAGES, 200)


def test_an_opener_who_answered_reads_no_protocol(judged, sign_in):
    joins(judged.openers[0], judged.company)
    assert statuses(sign_in(judged.openers[0]), judged.challenge) == dict.fromkeys(PAGES, 404)


def test_an_opener_with_a_conflict_on_the_panel_reads_no_protocol(judged, sign_in):
    Panelist.objects.create(challenge=judged.challenge, user=judged.openers[0])
    actions.declare(
        judged.challenge, has_conflict=True, statement="Min syster", by=judged.openers[0]
    )
    assert statuses(sign_in(judged.openers[0]), judged.challenge) == dict.fromkeys(PAGES, 404)


def test_an_opener_on_the_team_reads_without_names_first(judged, sign_in):
    Opener.objects.create(challenge=judged.challenge, user=judged.member)
    expected = {"protocol": 200, "protocol_file": 403}
    assert statuses(sign_in(judged.member), judged.challenge) == expected


def test_the_protocol_does_not_number_the_audit_chain(judged, sign_in):
    """The number counts what happens to every challenge, sealed ones too."""
    address = reverse("challenges:protocol", args=[judged.challenge.slug])
    entry = AuditEntry.objects.get(event="opened")
    page = sign_in(judged.openers[0]).get(address)
    assert entry.hash in page.text
    assert f"<dd>{entry.pk}," not in page.text


def test_a_panelist_who_stays_away_from_what_they_scored_is_counted_once(judged):
    judges = on_panel(judged.challenge)
    answers = list(OpenedAnswer.objects.order_by("letter"))
    for judge in judges:
        cleared(judged.challenge, judge)
    for answer in answers:
        scored(answer, judges[1])
    scored(answers[0], judges[0])
    actions.check_answers(judged.challenge, conflicts={answers[0]: "Ny kund"}, by=judges[0])
    assert not Judging(judged.member, judged.challenge.slug).sees_names


def test_a_panelist_from_a_supplier_that_answered_says_nothing_of_the_others(judged):
    [judge] = on_panel(judged.challenge, 1)
    actions.declare(judged.challenge, has_conflict=False, statement="", by=judge)
    joins(judge, judged.company)
    with pytest.raises(Refused) as refusal:
        actions.check_answers(judged.challenge, conflicts={}, by=judge)
    assert refusal.value.code == "rival"


def test_nobody_leaves_the_panel_to_read_as_team(judged):
    panelist = name_panelist(judged.challenge, judged.member, by=judged.member)
    assert readable(judged.member) == 0
    with pytest.raises(Refused) as refusal:
        remove_panelist(panelist, by=judged.member)
    assert refusal.value.code == "self"
    remove_panelist(panelist, by=judged.owner)
    assert AuditEntry.objects.filter(event="panel left").count() == 1
    assert audit.verify().broken == ""


def test_what_is_sealed_is_not_decided_unread(arena):
    on_team(arena.challenge, arena.member)
    answered(arena.challenge, arena.company, by=arena.supplier)
    closes(arena.challenge, seconds=-1)
    told = {"kind": "none", "text_sv": "Ingen passade."}
    with pytest.raises(Refused) as refusal:
        actions.tell_outcome(arena.challenge, by=arena.member, **told)
    assert refusal.value.code == "unopened"


def test_nobody_of_the_owner_answers_for_a_supplier(arena):
    joins(arena.supplier, arena.municipality)
    person = type(arena.supplier).objects.get(pk=arena.supplier.pk)
    assert not person.has_perm("challenges.answer_challenge", arena.challenge)
