"""What challenges hold about a person. Answers: only those that the person writes and may see."""

import json
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

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
from .models import (
    Asker,
    Challenge,
    Opener,
    Panelist,
    Question,
    SealedPart,
    SetAside,
    Submission,
    TeamMember,
)
from .notifications.watching import FOLLOWED
from .parcels import TEXT, opened_chunks
from .receipts import exact

FOLDER = pgettext_lazy("own data", "answers")
DRAFT = pgettext_lazy("own data", "draft")
VERSION = pgettext_lazy("own data", "version")
FILES = pgettext_lazy("own data", "files")


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
        _("Questions that you have asked"): (
            facts(one, "challenge", "asked_on", "text", "wants_meeting", "declined_reason")
            | {_("Question"): str(one.question), _("Answer"): str(one.answer)}
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


def questions(user):
    """One's own, found by their marks; what the team has not published yet is not told."""
    for challenge in asked_about():
        for one in Question.objects.asked_by(user, challenge).select_related("challenge"):
            if one.state == Question.State.ANSWERED:
                one.question_sv = one.question_en = one.answer_sv = one.answer_en = ""
            yield one


def asked_about():
    return Challenge.objects.filter(pk__in=Question.objects.order_by().values("challenge"))


def followed(user):
    own = Follow.objects.of(user).filter(kind=FOLLOWED).values("subject_id")
    return Challenge.objects.visible_to(user).filter(pk__in=own).order_by("pk")


def receipts(submission):
    for one in submission.versions.all():
        yield {
            _("Receipt"): one.printed_number,
            _("Answer"): submission.reference,
            _("Received"): exact(one.received_at),
            _("Version"): one.number,
            _("Checksum (SHA-256)"): one.sha256,
        }
    for one in submission.attempts.all():
        yield {
            _("Receipt"): one.printed_number,
            _("Answer"): submission.reference,
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
        for stored in one.files.filter(removed_at=None):
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
    for challenge in asked_about():
        Asker.objects.of(user, challenge).delete()


def named_opener(user):
    """Challenges whose answers this person is to open and that are not decided."""
    waiting = openings(user).exclude(challenge__state__in=Challenge.OVER)
    for one in waiting[:SHOWN]:
        yield Obstacle(
            _("You are named to open the answers to %(challenge)s.") % {"challenge": one.challenge},
            one.challenge.get_absolute_url(),
            _("Ask the challenge's owner to name somebody else"),
        )


register(
    Holding(
        name="answers",
        title=FOLDER,
        what=gettext_lazy(
            "Answers to challenges that you write, with files and receipts, and questions that "
            "you have asked."
        ),
        stays=gettext_lazy(
            "Answers, drafts and receipts: they are your organisation's. Receipts can still be "
            "checked; they never held your name. Questions stay without a trace of who asked."
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
