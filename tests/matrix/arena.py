"""Everybody whom the matrix asks, and a challenge in each state with what it has by then."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from afori.accounts.actions import invite
from afori.accounts.actions import request_membership as ask_organisation
from afori.accounts.groups import make_editors
from afori.accounts.models import Invitation, Membership
from challenges import actions
from challenges.models import (
    Challenge,
    FollowUp,
    OpenedAnswer,
    Opener,
    Outcome,
    Panelist,
    TeamMember,
)
from networks import actions as networks
from tests import factories as make
from tests.cast import employee
from tests.challenges import support

from .expecting import STATES

State = Challenge.State


QUESTION = (
    *("work_question", "work_question_decline", "work_question_correct", "work_question_drop"),
    "question_take_back",
)

OPENED = ("opened_answer", "opened_file", "consensus_answer", "decision", "decision_preview")


def fill(cast):
    """Add to the cast: the people around a challenge, and `by_state`, what each state has."""
    people(cast)
    cast.by_state = {state: in_state(cast, state) for state in STATES}
    leave(cast.former)
    elsewhere(cast)
    return cast


def people(cast):
    town = cast.municipality
    cast.colleague = employee(cast.company, name="Kim Kollega")
    cast.team = employee(town, name="Tora Team")
    cast.former = employee(town, name="Fia Före")
    cast.panelist = make.UserFactory(name="Petra Panel")
    cast.undeclared = make.UserFactory(name="Ulf Utan")
    cast.conflicted = make.UserFactory(name="Jens Jäv")
    cast.opener = make.UserFactory(name="Örjan Öppnare")
    cast.second = make.UserFactory(name="Öivind Öppnare")
    cast.editor = make.UserFactory(name="Edit Redaktör", is_staff=True)
    cast.editor.groups.add(make_editors())


def leave(person):
    Membership.objects.filter(user=person).update(
        state=Membership.State.ENDED, ended_at=timezone.now()
    )


def in_state(cast, state):
    challenge = make.ChallengeFactory(owner=cast.municipality, slug=state.replace("_", "-"))
    for position in (1, 2):
        make.CriterionFactory(challenge=challenge, position=position, word_limit=20)
    appoint(cast, challenge)
    things = SimpleNamespace(challenge=challenge, submission=None, tokens={})
    if state not in ("draft", "in_review", "upcoming"):
        answer(cast, things)
    ADVANCE[state](challenge)
    challenge.refresh_from_db()
    if opened := OpenedAnswer.objects.filter(opening__challenge=challenge).first():
        things.tokens |= dict.fromkeys(OPENED, opened.token)
    return things


def appoint(cast, challenge):
    for person in (cast.team, cast.former):
        TeamMember.objects.create(challenge=challenge, user=person)
    for person in (cast.opener, cast.second):
        Opener.objects.create(challenge=challenge, user=person)
    now = timezone.now()
    Panelist.objects.create(challenge=challenge, user=cast.undeclared)
    for person, has_conflict in ((cast.panelist, False), (cast.conflicted, True)):
        Panelist.objects.create(
            challenge=challenge, user=person, declared_at=now, has_conflict=has_conflict
        )


def answer(cast, things):
    """The supplier has submitted, with a file; so has the rival, so that there are two."""
    challenge = things.challenge
    submission = actions.start_submission(challenge, organisation=cast.company, by=cast.supplier)
    support.fill(submission, by=cast.supplier)
    stored = actions.add_file(submission, support.upload(), by=cast.supplier)
    things.tokens |= {"file": stored.token, "file_remove": stored.token}
    things.version = support.submit(submission, by=cast.supplier)
    things.submission = submission
    question = actions.ask(challenge, "Får man svara på danska?", language="sv", by=cast.rival)
    things.tokens |= dict.fromkeys(QUESTION, question.token)


def to_draft(challenge):
    Challenge.objects.filter(pk=challenge.pk).update(state=State.DRAFT, published_at=None)


def to_review(challenge):
    Challenge.objects.filter(pk=challenge.pk).update(state=State.IN_REVIEW, published_at=None)


def to_upcoming(challenge):
    opens = timezone.now() + timedelta(days=1)
    Challenge.objects.filter(pk=challenge.pk).update(opens_at=opens)


def stay(challenge):
    pass


def close(challenge):
    support.closes(challenge, seconds=-1)


def decide(challenge):
    support.opened(challenge)
    today = timezone.localdate()
    outcome = Outcome.objects.create(
        challenge=challenge, kind=Outcome.Kind.NONE, text_sv="Inget dög.", decided_on=today
    )
    FollowUp.objects.create(outcome=outcome, months=6, due_on=today)
    Challenge.objects.filter(pk=challenge.pk).update(
        state=State.DECIDED, decisions_sent_at=timezone.now()
    )


def cancel(challenge):
    kind = Outcome.Kind.CANCELLED
    Outcome.objects.create(challenge=challenge, kind=kind, text_sv="Behovet har ändrats.")
    Challenge.objects.filter(pk=challenge.pk).update(state=State.CANCELLED)


ADVANCE = {
    "draft": to_draft,
    "in_review": to_review,
    "upcoming": to_upcoming,
    "open": stay,
    "closed": close,
    "opened": support.opened,
    "decided": decide,
    "cancelled": cancel,
}


def elsewhere(cast):
    """One of each thing that an address outside challenges may name."""
    cast.need = make.NeedFactory()
    cast.call, cast.event = make.FundingCallFactory(), make.EventFactory()
    cast.article, cast.week = make.ArticleFactory(), make.ThemeWeekFactory()
    cast.written = make.ArticleFactory(state="draft")
    cast.asked = networks.request_membership(
        cast.network, by=cast.buyer, organisation=cast.buyer.active_memberships[0].organisation
    )
    cast.document = networks.add_document(
        cast.network, by=cast.coordinator, title="Anteckningar", upload=support.upload()
    )
    employment = cast.member.memberships.get().token
    applicant = ask_organisation(cast.municipality, by=cast.user).token
    [invited] = invite(
        cast.municipality, addresses=["ny@example.org"], role="member", by=cast.owner
    )
    invitation = Invitation.objects.get(address=invited).token
    cast.tokens = {
        "membership_decide": applicant,
        "request_withdraw": applicant,
        "member_change": employment,
        "member_remove": employment,
        "invitation": invitation,
        "invitation_take_back": invitation,
        "invitation_send_again": invitation,
    }
