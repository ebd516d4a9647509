"""Who may read answers is noted in the audit chain, from publishing on."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from challenges.actions.team import (
    add_team_member,
    name_panelist,
    remove_panelist,
    remove_team_member,
)
from challenges.models import AuditEntry, Challenge, TeamMember

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(arena):
    TeamMember.objects.create(challenge=arena.challenge, user=arena.owner)
    return arena


def events():
    told = AuditEntry.objects.exclude(event="key made")
    return [(entry.event, json.loads(entry.facts)["person"]) for entry in told]


def test_joining_and_leaving_after_publishing_is_chained_once(team):
    for _again in range(2):
        add_team_member(team.challenge, team.member, by=team.owner)
        name_panelist(team.challenge, team.buyer, by=team.owner)
    for _again in range(2):
        remove_team_member(team.challenge, team.member, by=team.owner)
    assert events() == [
        ("team joined", team.member.pk),
        ("panel joined", team.buyer.pk),
        ("team left", team.member.pk),
    ]


def test_a_draft_has_nothing_to_chain(team):
    Challenge.objects.update(state=Challenge.State.DRAFT)
    add_team_member(team.challenge, team.member, by=team.owner)
    assert events() == []


def writes(act):
    """Tables that are written, in order; "chain" where the lock of the audit chain is taken."""
    with CaptureQueriesContext(connection) as asked:
        act()
    found = []
    for query in asked:
        words = query["sql"].split()
        if "pg_advisory_xact_lock" in query["sql"]:
            found.append("chain")
        elif words[0] in ("INSERT", "UPDATE", "DELETE"):
            found.append(words[1 if words[0] == "UPDATE" else 2].strip('"'))
    return found


def test_the_chain_is_written_last_so_that_nobody_waits_for_mails(team):
    challenge = team.challenge
    panelist = name_panelist(challenge, team.user, by=team.owner)
    for act in (
        lambda: add_team_member(challenge, team.member, by=team.owner),
        lambda: remove_team_member(challenge, team.member, by=team.owner),
        lambda: name_panelist(challenge, team.buyer, by=team.owner),
        lambda: remove_panelist(panelist, by=team.owner),
    ):
        assert writes(act)[-2:] == ["chain", "challenges_auditentry"]
