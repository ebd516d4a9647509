"""Short ways to what tests of answers need."""

import contextlib
import json
from datetime import timedelta
from uuid import uuid4

import pgtrigger
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from afori.common.files import checked
from challenges import actions, audit, opener, parcels, seal
from challenges.actions import keys
from challenges.locks import database_now
from challenges.models import (
    Answer,
    Attempt,
    AuditEntry,
    Challenge,
    ChallengeKey,
    DayHead,
    Opener,
    Panelist,
    SubmissionVersion,
    TeamMember,
)
from tests import factories as make

HEADS = [(SubmissionVersion, "audit_head"), (Attempt, "audit_head"), (DayHead, "hash")]


def fill(submission, *, by, text="Ett kort svar"):
    for criterion in submission.challenge.criteria.all():
        write(submission, criterion, text, by=by)


def write(submission, criterion, text, *, by):
    answer = submission.answers.filter(criterion=criterion).first()
    revision = answer.revision if answer else 0
    return actions.save_answer(submission, criterion, text, revision=revision, by=by).answer


def submit(submission, *, by, key=None):
    return actions.submit(submission, submit_key=key or uuid4(), by=by)


def submit_anew(submission, *, by):
    """Submit words that were never submitted: what stands already is not received once more."""
    Answer.objects.filter(submission=submission).update(text=uuid4().hex)
    return submit(submission, by=by)


def upload(name="skiss.txt", content=b"En skiss"):
    return checked(SimpleUploadedFile(name, content))


def closes(challenge, **ago):
    """Let the challenge close that long from now, by the database's clock. In the life of the
    portal nobody can: a trigger guards the deadline, and sleeps for this.
    """
    closes_at = database_now() + timedelta(**ago)
    times = {"closes_at": closes_at, "opens_at": closes_at - timedelta(days=2)}
    with pgtrigger.ignore("challenges.Challenge:deadline_later_only"):
        Challenge.objects.filter(pk=challenge.pk).update(**times, questions_until=None)
    challenge.refresh_from_db()
    promise_again(challenge)
    return closes_at


def promise_again(challenge):
    """The key's promise as if the challenge had always closed when it does now."""
    for key in ChallengeKey.objects.filter(challenge=challenge).exclude(made_at=None):
        keys.promise(key, challenge.closes_at)
        retell(key)


def retell(key):
    """Let the audit chain tell that the key was never promised for another time."""
    told = AuditEntry.objects.filter(event__in=[keys.MADE, keys.RENEWED])
    told = told.filter(facts__contains=f'"{key.token}"')
    with guards_off():
        for entry in told:
            facts = json.loads(entry.facts) | {"not_before": key.not_before.isoformat()}
            told.filter(pk=entry.pk).update(facts=audit.canonical(facts))
        rechain()


def rechain():
    """Make the chain whole after a change of facts, with all that holds its hashes."""
    previous, changed = audit.FIRST, {}
    for entry in AuditEntry.objects.order_by("id"):
        held, entry.previous = entry.hash, previous
        previous = entry.hash = audit.fingerprint(entry)
        if held != entry.hash:
            changed[held] = entry.hash
            entry.save()
    for model, name in HEADS:
        for row in model.objects.filter(**{f"{name}__in": changed}):
            model.objects.filter(pk=row.pk).update(**{name: changed[getattr(row, name)]})


@contextlib.contextmanager
def guards_off():
    """Switch triggers off, as only a superuser of the database can."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin")


def refuse_writes(table, condition):
    """Let the database refuse to write the rows of a table that fit, until the test is over."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'refused'; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON {table}"
            f" FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION refuse()"
        )


def unsealed(version):
    """The parts of a version as the opener's key reads them, before any opening."""
    key = version.submission.challenge.key
    private_key = seal.unwrap(opener.kek(), key.token, key.wrapped_private)
    contents = []
    for part in version.parts.all():
        part.version = version
        data_key = seal.open_key(private_key, part.sealed_key)
        contents.append(b"".join(parcels.plain_chunks(part, data_key, key)))
    return contents


def text_of(version):
    return unsealed(version)[0].decode()


def name_openers(challenge, number=2):
    """People named to open the challenge's answers; it may be published already."""
    people = [make.UserFactory() for _each in range(number)]
    for person in people:
        Opener.objects.create(challenge=challenge, user=person)
    return people


def approve(challenge, person):
    return actions.approve_opening(challenge, by=person, confirmed_at=database_now())


def opened(challenge):
    """Close the challenge and open its answers, as two openers and their process do."""
    closes(challenge, seconds=-1)
    people = [one.user for one in challenge.openers.select_related("user")]
    for person in (people or name_openers(challenge))[:2]:
        approve(challenge, person)
    return actions.open_submissions(challenge)


WHOLE = {
    "summary_sv": "Vi söker ljus som tänds i tid.",
    "contact": "Maria Berglund, innovationsledare",
    "background_sv": "Det är mörkt.",
    "function_sv": "Det ska bli ljust.",
    "affected_sv": "Alla som går hem.",
    "level": "initiate",
    "method": "idea_competition",
    "prize": 100_000,
    "rights": "supplier_keeps",
    "languages": ["sv"],
    "adoption_receiver_sv": "Gatuchefen",
    "adoption_budget_sv": "Gatunämnden",
    "adoption_plan_sv": "Öppet förfarande nästa år",
}


def complete(challenge, **fields):
    """Give a challenge what review and publishing ask for, where it lacks it."""
    now = database_now()
    times = {
        "opens_at": now + timedelta(hours=1),
        "questions_until": now + timedelta(days=5),
        "answers_by": now + timedelta(days=7),
        "closes_at": now + timedelta(days=10),
        "decision_expected_on": (now + timedelta(days=60)).date(),
    }
    if challenge.opens_at and challenge.closes_at:
        times |= {"opens_at": challenge.opens_at, "closes_at": challenge.closes_at}
    for name, value in (WHOLE | times | fields).items():
        if name in fields or not getattr(challenge, name):
            setattr(challenge, name, value)
    challenge.save()
    if not challenge.criteria.exists():
        make.CriterionFactory(challenge=challenge, position=1, weight=100)
    for person in make.UserFactory.create_batch(max(0, 2 - challenge.openers.count())):
        Opener.objects.create(challenge=challenge, user=person)
    if not challenge.panel.exists():
        Panelist.objects.create(challenge=challenge, user=make.UserFactory())
    return challenge


# Judging what was opened


def on_team(challenge, person):
    return TeamMember.objects.get_or_create(challenge=challenge, user=person)[0]


def on_panel(challenge, number=2):
    """People on the panel who have said nothing yet."""
    people = [make.UserFactory() for _each in range(number)]
    for person in people:
        Panelist.objects.create(challenge=challenge, user=person)
    return people


def cleared(challenge, person, conflicts=None):
    """Let a panelist say, before and after the opening, that they can judge."""
    actions.declare(challenge, has_conflict=False, statement="", by=person)
    return actions.check_answers(challenge, conflicts=conflicts or {}, by=person)


def answered(challenge, organisation, *, by, text="Ett kort svar"):
    """An organisation's submitted answer with a file."""
    submission = actions.start_submission(challenge, organisation=organisation, by=by)
    fill(submission, by=by, text=text)
    actions.add_file(submission, upload(), by=by)
    submit(submission, by=by)
    return submission


def scored(answer, person, value=3, comment=""):
    """One's own scores for an answer, the same for each criterion, handed in."""
    criteria = answer.opening.challenge.criteria.all()
    actions.save_scores(answer, dict.fromkeys(criteria, (value, comment)), by=person)
    return actions.hand_in(answer, by=person)


def agreed(answer, person, value=3, reason="Vi är eniga"):
    for criterion in answer.opening.challenge.criteria.all():
        actions.agree(answer, criterion, value=value, reason=reason, seen="", by=person)


def decided(answer, person, result="not_chosen", feedback="Tack för svaret"):
    return actions.prepare_decision(answer, result=result, feedback=feedback, seen="", by=person)
