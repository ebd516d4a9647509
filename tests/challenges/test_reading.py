"""Who reads what was opened, and when; what anonymous reading hides."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser

from afori.common.states import Refused
from afori.notifications.models import Notification
from challenges.models import AuditEntry, Challenge, Panelist, Reading
from tests import factories as make

from .judges import EACH, LISTS, OTHERS, TEXT, readable, url
from .support import cleared, on_team, scored

pytestmark = pytest.mark.django_db


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
