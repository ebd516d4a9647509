"""Who may read answers is noted in the audit chain, from publishing on."""

import json

import pytest

from challenges.actions.team import add_team_member, name_panelist, remove_team_member
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
