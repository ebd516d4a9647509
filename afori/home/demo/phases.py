"""The people around the demo's challenges, and answers that were received, closed and opened.

Done by the same actions as everywhere. What is closed was answered first: only the clock is moved.
"""

from datetime import timedelta
from uuid import uuid4

import pgtrigger

from afori.accounts.models import Organisation, User
from challenges import actions, opener
from challenges.actions import keys
from challenges.actions.amending import amend
from challenges.locks import database_now
from challenges.models import Challenge, ChallengeKey, Opener, Panelist, Submission, TeamMember

from .records import tables

KEYS = ("team", "openers", "panel", "questions", "amendment", "answers", "phase")
ROLES = {"team": TeamMember, "openers": Opener, "panel": Panelist}


def seal_challenges():
    """Ask for keys for all that can be answered, and make them where we are the opener too."""
    for challenge in Challenge.objects.filter(state=Challenge.State.PUBLISHED, key=None):
        actions.ask_for_key(challenge)
    if opener.has_kek():
        actions.make_keys()


def load_phases():
    """Name people, then answer, close and open what the records say. Needs the opener's key."""
    for record in tables("challenges", "challenge"):
        challenge = Challenge.objects.get(slug=record["slug"])
        for key, model in ROLES.items():
            for address in record.get(key, []):
                model._default_manager.get_or_create(challenge=challenge, user=person(address))
        if record.get("questions") and not challenge.questions.exists():
            ask_and_answer(challenge, record["questions"])
        if record.get("amendment") and not challenge.amendments.exists():
            amend(challenge, seen=0, by=lead(challenge), **record["amendment"])
        if record.get("answers") and opener.has_kek() and not is_answered(challenge):
            go_through(challenge, record)
    if opener.has_kek():
        actions.renew_promises()


def person(address):
    return User.objects.get(email=address)


def lead(challenge):
    return challenge.team.first().user


def ask_and_answer(challenge, questions):
    """Ask all, answer those that have an answer, and publish these in one run."""
    answered = {}
    for one in questions:
        asked = actions.ask(challenge, one["question_sv"], language="sv", by=person(one["by"]))
        if "answer_sv" in one:
            words = {name: text for name, text in one.items() if name != "by"}
            team = lead(challenge)
            asked = actions.answer_question(asked, revision=asked.revision, by=team, **words)
            answered[asked.token] = asked.revision
    actions.publish_answers(challenge, answered, by=lead(challenge))


def is_answered(challenge):
    return Submission.objects.answering(challenge).exists()


def go_through(challenge, record):
    make_untold_key(challenge)
    for one in record["answers"]:
        answer(challenge, **one)
    close(challenge)
    if record["phase"] == "opened":
        for address in record["openers"][:2]:
            actions.approve_opening(challenge, by=person(address), confirmed_at=database_now())
        actions.open_submissions(challenge)


def make_untold_key(challenge):
    """Keys that the audit chain is told of when they have been promised for the time of `close`:
    by the one they are made for, nothing could be opened for a long time.
    """
    ChallengeKey.objects.filter(challenge=challenge).delete()
    challenge.key = actions.ask_for_key(challenge)
    keys.fill(challenge.key, challenge.closes_at)


def answer(challenge, *, by, texts):
    author = person(by)
    organisation = Organisation.objects.of(author).get()
    draft = actions.start_submission(challenge, organisation=organisation, by=author)
    for criterion, text in zip(challenge.criteria.all(), texts, strict=True):
        actions.save_answer(draft, criterion, text, revision=0, by=author)
    actions.submit(draft, submit_key=uuid4(), by=author)


def close(challenge):
    """Let the deadline be now, and the key's promise with it."""
    challenge.closes_at = database_now()
    challenge.questions_until = challenge.closes_at - timedelta(days=7)
    with pgtrigger.ignore():
        challenge.save(update_fields=["closes_at", "questions_until"])
    keys.promise(challenge.key, challenge.closes_at)
    keys.tell_of_key(challenge, challenge.key)
