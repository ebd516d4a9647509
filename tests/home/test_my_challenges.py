"""What teams, openers, panels, editors and suppliers have to do with challenges."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from afori.home.own_lists import LISTS, Raw
from afori.notifications.following import follow
from challenges.models import (
    Challenge,
    ChangeRequest,
    Decision,
    FollowUp,
    HandedIn,
    OpenedAnswer,
    Opener,
    Opening,
    Outcome,
    Panelist,
    Question,
    Recusal,
    Submission,
    SubmissionAuthor,
    SubmissionVersion,
    TeamMember,
)

from .. import factories as make
from ..challenges.test_secrecy import CHANGING

pytestmark = pytest.mark.django_db


def in_days(days):
    return timezone.now() + timedelta(days=days)


def page(client):
    return client.get(reverse("my_pages")).content.decode()


def answer(challenge, company, user):
    submission = Submission.objects.create(challenge=challenge, organisation=company)
    SubmissionAuthor.objects.create(submission=submission, user=user)


def work_on_challenges(cast, user):
    """A challenge for each thing that a team, a panel, an editor or a follower has to do."""
    make.ChallengeFactory(state="in_review", published_at=None)
    on_team(cast, user, state="draft", published_at=None)
    asked = on_team(cast, user)
    Question.objects.create(challenge=asked, asked_on=timezone.localdate(), text="Hur?")
    closed = {"opens_at": in_days(-20), "closes_at": in_days(-9)}
    on_team(cast, user, **closed, decision_expected_on=in_days(-3).date())
    opened = on_team(cast, user, **closed)
    open_one(opened, user)
    Panelist.objects.create(challenge=opened, user=user)
    judged = make.ChallengeFactory(**closed)
    open_one(judged, user)
    Panelist.objects.create(challenge=judged, user=user, **declared(answers_checked_at=in_days(0)))
    decided = on_team(cast, user, **closed, state="decided")
    outcome = Outcome.objects.create(challenge=decided, kind="chosen")
    FollowUp.objects.create(outcome=outcome, months=6, due_on=in_days(-1).date())
    follow("challenge", decided, by=user)


def declared(**fields):
    return {"declared_at": timezone.now(), "has_conflict": False, **fields}


def on_team(cast, user, **fields):
    challenge = make.ChallengeFactory(owner=cast.municipality, **fields)
    TeamMember.objects.create(challenge=challenge, user=user)
    return challenge


def open_one(challenge, author):
    """The opening of a challenge that one company has answered."""
    submission = Submission.objects.create(
        challenge=challenge,
        organisation=make.OrganisationFactory(),
        state="submitted",
        latest_version=1,
    )
    now = timezone.now()
    version = SubmissionVersion.objects.create(
        submission=submission,
        number=1,
        submit_key=uuid4(),
        received_at=now,
        received_from=author,
        manifest="[]",
    )
    opening = Opening.objects.create(
        challenge=challenge, opened_at=now, completed_at=now, protocol="–"
    )
    return OpenedAnswer.objects.create(
        opening=opening, submission=submission, version=version, letter="A"
    )


def rows_of(client, name):
    return client.get(reverse("my_list", args=[name])).content.decode().count('class="row"')


def test_nothing_depends_on_answers_before_the_opening(cast, sign_in):
    """Not a letter differs with answers and without, neither before the deadline nor after it."""
    closed = {"opens_at": in_days(-20), "closes_at": in_days(-9)}
    both = [on_team(cast, cast.member), on_team(cast, cast.member, **closed)]
    for challenge in both:
        Opener.objects.create(challenge=challenge, user=cast.buyer)
        Panelist.objects.create(challenge=challenge, user=cast.coordinator)
    people = [cast.member, cast.buyer, cast.coordinator, cast.staff, cast.superuser]

    def seen(person):
        client = sign_in(person)
        addresses = [reverse("my_pages"), *(reverse("my_list", args=[name]) for name in LISTS)]
        return [CHANGING.sub(b"", client.get(address).content) for address in addresses]

    with time_machine.travel(timezone.now(), tick=False):
        before = [seen(person) for person in people]
        for challenge in both:
            answer(challenge, cast.company, cast.supplier)
        after = [seen(person) for person in people]
    assert before == after
    assert sum(b'class="row"' in html for html in before[0]) > 1


def test_opener_is_asked_until_the_answers_are_open(cast, sign_in):
    challenge = make.ChallengeFactory(opens_at=in_days(-20), closes_at=in_days(-2))
    Opener.objects.create(challenge=challenge, user=cast.buyer)
    client = sign_in(cast.buyer)
    assert rows_of(client, "openings") == 1
    open_one(challenge, cast.supplier)
    assert rows_of(client, "openings") == 0


def test_panelist_declares_twice_then_scores_what_is_left(cast, sign_in):
    challenge = make.ChallengeFactory(opens_at=in_days(-20), closes_at=in_days(-2))
    seat = Panelist.objects.create(challenge=challenge, user=cast.buyer)
    client = sign_in(cast.buyer)
    assert (rows_of(client, "declarations"), rows_of(client, "scorings")) == (0, 0)
    opened = open_one(challenge, cast.supplier)
    assert (rows_of(client, "declarations"), rows_of(client, "scorings")) == (1, 0)
    Panelist.objects.update(**declared())
    assert (rows_of(client, "declarations"), rows_of(client, "scorings")) == (1, 0)
    Panelist.objects.update(answers_checked_at=timezone.now())
    assert (rows_of(client, "declarations"), rows_of(client, "scorings")) == (0, 1)
    HandedIn.objects.create(panelist=seat, answer=opened, at=timezone.now())
    assert rows_of(client, "scorings") == 0
    HandedIn.objects.all().delete()
    Panelist.objects.update(has_conflict=True, answers_checked_at=None)
    assert (rows_of(client, "declarations"), rows_of(client, "scorings")) == (0, 0)


def test_who_stays_away_from_the_only_answer_scores_nothing(cast, sign_in):
    challenge = make.ChallengeFactory(opens_at=in_days(-20), closes_at=in_days(-2))
    seat = Panelist.objects.create(
        challenge=challenge, user=cast.buyer, **declared(answers_checked_at=in_days(0))
    )
    opened = open_one(challenge, cast.supplier)
    assert rows_of(sign_in(cast.buyer), "scorings") == 1
    Recusal.objects.create(panelist=seat, answer=opened, reason="Släkt", at=timezone.now())
    assert rows_of(sign_in(cast.buyer), "scorings") == 0


@pytest.mark.parametrize("checked", [False, True])
def test_panelist_whose_organisation_answered_has_nothing_to_do(cast, sign_in, checked):
    challenge = make.ChallengeFactory(opens_at=in_days(-20), closes_at=in_days(-2))
    checked_at = timezone.now() if checked else None
    Panelist.objects.create(
        challenge=challenge, user=cast.supplier, **declared(answers_checked_at=checked_at)
    )
    open_one(challenge, cast.supplier)
    Submission.objects.update(organisation=cast.company)
    client = sign_in(cast.supplier)
    assert (rows_of(client, "declarations"), rows_of(client, "scorings")) == (0, 0)


def test_questions_are_asked_after_until_the_deadline(cast, sign_in):
    challenge = on_team(cast, cast.member)
    question = Question.objects.create(
        challenge=challenge, asked_on=timezone.localdate(), text="Hur?"
    )
    address = reverse("my_list", args=["questions"])
    assert "1 fråga att besvara" in sign_in(cast.member).get(address).content.decode()
    Question.objects.filter(pk=question.pk).update(state="answered")
    assert "inte publicerade" in sign_in(cast.member).get(address).content.decode()
    with time_machine.travel(challenge.closes_at + timedelta(seconds=1)):
        assert rows_of(sign_in(cast.member), "questions") == 0


def test_supplier_sees_that_the_decision_has_come(cast, sign_in):
    challenge = make.ChallengeFactory(opens_at=in_days(-20), closes_at=in_days(-2))
    opened = open_one(challenge, cast.supplier)
    Submission.objects.update(organisation=cast.company)
    SubmissionAuthor.objects.create(submission=opened.submission, user=cast.supplier)
    decided = Decision.objects.create(
        answer=opened, result="chosen", feedback="Bra", by=cast.member
    )
    client = sign_in(cast.supplier)
    assert "Du har fått beslutet" not in page(client)
    decided.sent_at = timezone.now()
    decided.save()
    assert "Du har fått beslutet" in page(client)
    assert "Du har fått beslutet" not in page(sign_in(cast.rival))


def test_written_ones_say_what_to_do(cast, sign_in):
    challenge = on_team(cast, cast.member, state="draft", published_at=None)
    client = sign_in(cast.member)
    assert "Utkast" in page(client)
    ChangeRequest.objects.create(
        challenge=challenge, section="basics", text="Kortare titel", by=cast.staff
    )
    assert "Redaktörerna vill att ni ändrar" in page(client)
    now = timezone.now()
    Challenge.objects.filter(pk=challenge.pk).update(
        state="in_review", approved_at=now, approved_by=cast.staff
    )
    assert "Redaktörerna har godkänt" in page(client)
    assert rows_of(sign_in(cast.coordinator), "writing") == 0


def test_editors_review_what_teams_have_sent(cast, sign_in):
    make.ChallengeFactory(state="in_review", published_at=None)
    assert rows_of(sign_in(cast.superuser), "reviewing") == 1
    assert rows_of(sign_in(cast.member), "reviewing") == 0


def test_editors_wait_is_counted_from_the_day_it_was_sent(cast):
    challenge = make.ChallengeFactory(
        state="in_review", published_at=None, sent_to_review_at=in_days(-5)
    )
    [row] = LISTS["reviewing"].queryset(cast.superuser)
    assert Raw(*row).at == challenge.sent_to_review_at
