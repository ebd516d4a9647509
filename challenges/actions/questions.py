"""Questions, from asking to publishing: the only writer of `Question.state` and of `Asker`."""

import hashlib
import json
from datetime import date

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _

from afori.common.models import new_token
from afori.common.states import Refused, check_move
from afori.notifications.actions import notify, notify_all, tell_all
from afori.notifications.models import Notification

from .. import audit
from ..asking import takes_answers, takes_questions
from ..locks import as_it_stands, database_now, lock_for_share
from ..models import AnswerRun, Asker, Challenge, Question
from ..models.questions import asker_marks
from ..notifications import ANSWERS_PUBLISHED, QUESTION_DECLINED, QUESTIONS_WAIT
from ..notifications.questions import askers
from ..notifications.watching import team
from .challenges import locked
from .guards import Gone, Overtaken
from .keys import each_alone

State = Question.State
MOST_WAITING = 20
ASKING = ("state", "questions_until", "closes_at")
WORDS = ("question_sv", "question_en", "answer_sv", "answer_en")


class TooLateToAsk(Refused):
    def __init__(self):
        super().__init__(
            _("The time to ask is over. The question was not received."), code="too_late"
        )


# What the asker does


@transaction.atomic
def ask(challenge, text, *, language, by, wants_meeting=False):
    """Keep a question with its day, and apart from it who asked. Who is too late waits for nobody.

    The same text again, while it waits, is the same question. Raises TooLateToAsk by the
    database's clock, and Refused for more questions than one person may ask.
    """
    if not takes_questions(*as_it_stands(challenge, ASKING)):
        raise TooLateToAsk
    challenge = lock_for_share(challenge)
    now = database_now()
    if not takes_questions(challenge, now):
        raise TooLateToAsk
    hold(challenge, by)
    text = normalize_newlines(text)
    waiting = list(Question.objects.asked_by(by, challenge).waiting())
    if same := next((one for one in waiting if one.text == text), None):
        return same
    mark = free_mark(challenge, by, waiting=len(waiting))
    question = Question.objects.create(
        challenge=challenge,
        text=text,
        language=language,
        wants_meeting=wants_meeting,
        asked_on=timezone.localdate(now),
    )
    Asker.objects.create(question=question, mark=mark, person=str(by.pk))
    return question


@transaction.atomic
def take_back(challenge, token, *, by):
    """Remove one's own question, until it is published or declined. Nothing of it stays."""
    challenge = lock_for_share(challenge)
    own = Question.objects.asked_by(by, challenge).select_for_update(of=("self",))
    question = own.filter(token=token).first()
    if question is None or question.state not in Question.WAITING:
        raise gone()
    question.delete()


def hold(challenge, person):
    """Let one person's questions about a challenge come one at a time."""
    with connection.cursor() as cursor:
        name = asker_marks(person, challenge)[0]
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def free_mark(challenge, person, *, waiting):
    if waiting >= MOST_WAITING:
        raise Refused(
            _("You have %(number)d questions that wait for an answer. Ask more when they have it.")
            % {"number": MOST_WAITING},
            code="waiting",
        )
    taken = set(Asker.objects.of(person, challenge).values_list("mark", flat=True))
    if len(taken) >= Asker.MOST:
        raise Refused(
            _("You have asked %(number)d questions about the challenge, which is the most.")
            % {"number": Asker.MOST},
            code="most",
        )
    return next(mark for mark in asker_marks(person, challenge) if mark not in taken)


# What the team does


def tell_of_questions(today):
    """Tell teams of what was asked before today and that they have not been told of.

    Once a day and not at once: the moment of a question could tell whose it is.
    """
    asked = Question.objects.filter(state=State.ASKED, corrects=None, asked_on__lt=today)

    @transaction.atomic
    def tell_of(challenge):
        told = Notification.objects.filter(kind=QUESTIONS_WAIT.name, subject_id=challenge.pk)
        last = told.aggregate(at=Max("created_at"))["at"]
        since = timezone.localdate(last) if last else date.min
        if asked.filter(challenge=challenge, asked_on__gte=since).exists():
            notify_all(team(challenge), QUESTIONS_WAIT, challenge, once=str(today))

    each_alone(tell_of, Challenge.objects.published().filter(pk__in=asked.values("challenge")))


@transaction.atomic
def answer_question(question, *, revision, by, **words):
    """Save the wording that readers get and the answer; both stay with the team until a run.

    Raises Overtaken if `revision` is not that of the stored question, Gone if it is settled.
    """
    challenge = lock_for_share(question.challenge)
    if not takes_answers(challenge, database_now()):
        raise over()
    question = unsettled(question, revision)
    for name in WORDS:
        setattr(question, name, normalize_newlines(words[name]))
    return move(question, State.ANSWERED, *WORDS)


@transaction.atomic
def decline_question(question, *, revision, reason, by):
    """Leave a question without a public answer. The reason is for the asker alone.

    The notification names the challenge: its row must not lead from a person to a question.
    """
    lock_for_share(question.challenge)
    question = unsettled(question, revision)
    if question.corrects_id:
        raise gone()
    question.declined_reason = normalize_newlines(reason)
    move(question, State.DECLINED, "declined_reason")
    for person in askers([question]):
        notify(person, QUESTION_DECLINED, question.challenge, once=new_token())
    return question


@transaction.atomic
def publish_answers(challenge, chosen, *, by):
    """Publish answers to everybody at the same moment. Returns the `AnswerRun`.

    `chosen` maps tokens to the revisions that were looked through. Watchers and askers get one
    and the same notification, so that it tells nobody who asked.
    """
    challenge = locked(challenge)
    now = database_now()
    if not takes_answers(challenge, now):
        raise over()
    questions = to_publish(challenge, chosen)
    number = challenge.answer_runs.aggregate(last=Max("number"))["last"] or 0
    run = AnswerRun.objects.create(challenge=challenge, number=number + 1, published_at=now, by=by)
    for question in questions:
        question.run = run
        move(question, State.PUBLISHED, "run")
    tell_all(ANSWERS_PUBLISHED, run)
    audit.record("answers", challenge=challenge.slug, run=run.number, sha256=fingerprint(questions))
    return run


def fingerprint(questions):
    """Of the words as published: whoever changed them in the database could be told."""
    words = [[getattr(one, name) for name in WORDS] for one in questions]
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


@transaction.atomic
def start_correction(question, *, by):
    """The team's own entry that will stand beside what it published; the same one while it waits.

    What is published is never changed.
    """
    challenge = lock_for_share(question.challenge)
    if not takes_answers(challenge, database_now()):
        raise over()
    question = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    if question.state != State.PUBLISHED:
        raise gone()
    if begun := question.corrections.waiting().first():
        return begun
    return Question.objects.create(
        challenge=challenge,
        corrects=question,
        language=question.language,
        text=str(question.question),
        asked_on=timezone.localdate(database_now()),
        **{name: getattr(question, name) for name in WORDS},
    )


@transaction.atomic
def drop_correction(question, *, by):
    """Throw away a correction that is not published."""
    lock_for_share(question.challenge)
    rows = Question.objects.select_for_update(of=("self",)).waiting()
    question = rows.filter(pk=question.pk, corrects__isnull=False).first()
    if question is None:
        raise gone()
    question.delete()


def unsettled(question, revision):
    """The question, locked, as it was when the page was opened."""
    rows = Question.objects.select_for_update(of=("self",)).waiting()
    question = rows.select_related("challenge").filter(pk=question.pk).first()
    if question is None:
        raise gone()
    if question.revision != revision:
        raise Overtaken
    return question


def to_publish(challenge, chosen):
    """The chosen answers, locked, if they are still what was looked through."""
    rows = challenge.questions.select_for_update(of=("self",)).filter(state=State.ANSWERED)
    found = list(rows.select_related("corrects").filter(token__in=chosen).order_by("token"))
    if not found:
        raise Refused(_("Choose at least one answer to publish."), code="none")
    if {one.token: one.revision for one in found} != chosen:
        raise Overtaken
    return found


def gone():
    return Gone(_("The question is no longer there, or is settled already."))


def over():
    return Refused(
        _("The challenge takes no more answers, so an answer now would help nobody."), code="closed"
    )


def move(question, state, *fields):
    check_move(question.state, state, Question.NEXT)
    question.state = state
    question.revision += 1
    question.save(update_fields=["state", "revision", *fields])
    return question
