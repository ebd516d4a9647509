"""What challenges hold about a person. Answers: only those that the person writes and may see."""

import json
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from afori.common import files
from afori.common.personal_data import (
    SHOWN,
    Attachment,
    Fate,
    Holding,
    Obstacle,
    facts,
    plain,
    register,
)
from afori.notifications.models import Follow

from .content import Draft
from .judging import lettered
from .judging import named as answerer
from .models import (
    Asker,
    Challenge,
    Opener,
    Panelist,
    Question,
    Recusal,
    Score,
    SealedPart,
    SetAside,
    Submission,
    TeamMember,
)
from .models.questions import asker_marks
from .notifications.watching import FOLLOWED
from .parcels import TEXT, opened_chunks
from .receipts import exact

FOLDER = pgettext_lazy("own data", "answers")
DRAFT = pgettext_lazy("own data", "draft")
VERSION = pgettext_lazy("own data", "version")
FILES = pgettext_lazy("own data", "files")
AT_A_TIME = 50  # challenges whose marks one question to the database holds


def collected(user):
    return {
        _("Answers"): (
            facts(one, "reference", "challenge", "organisation", "state", "language", "created_at")
            for one in answers(user)
        ),
        _("Receipts"): (receipt for one in answers(user) for receipt in receipts(one)),
        _("Challenges that you are named to open"): (
            facts(one, "challenge", "created_at") for one in openings(user)
        ),
        _("Challenges that you work on"): (
            facts(one, "challenge", "created_at") for one in named(TeamMember, user)
        ),
        _("Challenges whose answers you judge"): (
            facts(one, "challenge", "created_at", "declared_at", "has_conflict", "statement")
            for one in named(Panelist, user)
        ),
        _("Answers that you do not judge"): (
            facts(one.panelist, "challenge")
            | {
                _("Organisation"): answerer(one.answer),
                _("Reason"): one.reason,
                _("Time"): plain(one.at),
            }
            for one in recusals(user)
        ),
        _("Your scores on panels"): (
            facts(one.panelist, "challenge")
            | {
                pgettext("submission", "Answer"): lettered(one.answer),
                _("Criterion"): one.criterion.prompt,
                _("Score"): one.value,
                _("Comment"): one.comment,
            }
            for one in scores(user)
        ),
        _("Questions that you have asked"): (
            facts(one, "challenge", "asked_on", "text", "wants_meeting", "declined_reason")
            | {_("Question"): str(one.question), pgettext("submission", "Answer"): str(one.answer)}
            for one in questions(user)
        ),
        _("Challenges that you follow"): (facts(one, "title") for one in followed(user)),
    }


def answers(user):
    visible = Submission.objects.visible_to(user).select_related("challenge", "organisation")
    return visible.order_by("pk").distinct()


def openings(user):
    return named(Opener, user)


def named(model, user):
    return model.objects.filter(user=user).select_related("challenge").order_by("pk")


def recusals(user):
    """By name and not by letter, as the panelist was asked."""
    own = Recusal.objects.filter(panelist__user=user).order_by("pk")
    return own.select_related(
        "panelist__challenge", "answer__submission__organisation__merged_into"
    )


def scores(user):
    """By letter and not by name: with anonymous reading no more was shown."""
    own = Score.objects.filter(panelist__user=user).order_by("pk")
    return own.select_related("panelist__challenge", "answer", "criterion")


def questions(user):
    """One's own, found by their marks; what the team has not published yet is not told."""
    for own in askers(user):
        found = Question.objects.filter(pk__in=own.values("question"))
        ordered = found.order_by("challenge_id", "-asked_on", "token")
        for one in ordered.select_related("challenge"):
            if one.state == Question.State.ANSWERED:
                one.question_sv = one.question_en = one.answer_sv = one.answer_en = ""
            yield one


def askers(user):
    """One's own, a batch of challenges at a time: each person has many marks at each."""
    asked_about = Question.objects.order_by().values("challenge")
    challenges = list(Challenge.objects.filter(pk__in=asked_about).only("pk").order_by("pk"))
    for start in range(0, len(challenges), AT_A_TIME):
        batch = challenges[start : start + AT_A_TIME]
        marks = [mark for one in batch for mark in asker_marks(user, one)]
        yield Asker.objects.filter(mark__in=marks)


def followed(user):
    own = Follow.objects.of(user).filter(kind=FOLLOWED).values("subject_id")
    return Challenge.objects.visible_to(user).filter(pk__in=own).order_by("pk")


def receipts(submission):
    for one in submission.versions.all():
        yield {
            _("Receipt"): one.printed_number,
            pgettext("submission", "Answer"): submission.reference,
            _("Received"): exact(one.received_at),
            _("Version"): one.number,
            _("Checksum (SHA-256)"): one.sha256,
        }
    for one in submission.attempts.all():
        yield {
            _("Receipt"): one.printed_number,
            pgettext("submission", "Answer"): submission.reference,
            _("What happened"): str(one.get_kind_display()),
            _("Time"): exact(one.at),
        }


def attachments(user):
    """A folder an answer: the draft, one's texts beside it, versions and files, one at a time."""
    for one in answers(user):
        folder = f"{FOLDER}/{one.reference}"
        yield Attachment(f"{folder}/{DRAFT}.json", partial(draft, one, user))
        for part in opened_texts(one):
            name = f"{folder}/{VERSION}-{part.version.number}.json"
            yield Attachment(name, partial(version, part))
        for stored in one.files.all():
            path = f"{folder}/{FILES}/{stored.token}/{stored.name}"
            yield Attachment(path, partial(files.read, stored, decrypt=True))


def draft(submission, user):
    content = Draft(submission).content()
    content["set_aside"] = [
        {"prompt": one.answer.criterion.prompt, "text": one.text, "saved": plain(one.updated_at)}
        for one in SetAside.objects.filter(answer__submission=submission, user=user).select_related(
            "answer__criterion"
        )
    ]
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def opened_texts(submission):
    """Versions can be read once they are opened. Before that nobody can, their authors included."""
    opened = SealedPart.objects.filter(
        version__submission=submission, position=TEXT, data_key__isnull=False
    )
    return opened.select_related("version__submission")


def version(part):
    """What was received, letter by letter: its checksum is that of the receipt."""
    return b"".join(opened_chunks(part, part.version.submission.challenge.key))


def erase(user):
    """Who asked goes; the question stays, for it names nobody and others have read it."""
    SetAside.objects.filter(user=user).delete()
    for own in askers(user):
        own.delete()


def named_opener(user):
    """Challenges whose answers this person is to open and that nobody has opened yet. The page of
    the role says whether one can leave it to others.
    """
    waiting = openings(user).filter(challenge__opening=None)
    for one in waiting.exclude(challenge__state__in=Challenge.OVER)[:SHOWN]:
        yield Obstacle(
            _("You are named to open the answers to %(challenge)s.") % {"challenge": one.challenge},
            reverse("challenges:role", args=[one.challenge.slug]),
            _("See whether you can leave it to the others"),
        )


register(
    Holding(
        name="answers",
        title=FOLDER,
        what=gettext_lazy(
            "Answers to challenges that you write, with files and receipts, questions that "
            "you have asked, and what you have written as one of a panel."
        ),
        stays=gettext_lazy(
            "Answers, drafts and receipts: they are your organisation's. Receipts can still be "
            "checked; they never held your name. Questions stay without a trace of who asked. "
            "What a panel has stated, scored and decided, who has read the answers, and the log of "
            "how a challenge was handled: they show that it was done right. Where your name stood, "
            "they say Former user. Only the protocol of an opening keeps the names of the two who "
            "opened."
        ),
        collect=collected,
        attachments=attachments,
        erase=erase,
        obstacles=named_opener,
        fields={
            "challenges.Opener.user": Fate.NAMELESS,
            "challenges.SubmissionAuthor.user": Fate.NAMELESS,
            "challenges.Answer.saved_by": Fate.NAMELESS,
            "challenges.SetAside.user": Fate.ERASED,
            "challenges.SubmissionFile.uploaded_by": Fate.NAMELESS,
            "challenges.SubmissionVersion.received_from": Fate.NAMELESS,
            "challenges.Attempt.by": Fate.NAMELESS,
            "challenges.Answer.writer": Fate.NAMELESS,
            "challenges.Challenge.approved_by": Fate.NAMELESS,
            "challenges.TeamMember.user": Fate.NAMELESS,
            "challenges.Section.saved_by": Fate.NAMELESS,
            "challenges.Section.opened_by": Fate.NAMELESS,
            "challenges.ChangeRequest.by": Fate.NAMELESS,
            "challenges.ChangeRequest.settled_by": Fate.NAMELESS,
            "challenges.AnswerRun.by": Fate.NAMELESS,
            "challenges.Amendment.by": Fate.NAMELESS,
            "challenges.Reading.user": Fate.NAMELESS,
            "challenges.Panelist.user": Fate.NAMELESS,
            "challenges.Consensus.by": Fate.NAMELESS,
            "challenges.Decision.by": Fate.NAMELESS,
            "challenges.FollowUp.told_by": Fate.NAMELESS,
        },
    )
)
