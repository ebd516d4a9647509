"""The steps of a challenge on its team's workspace, beside the sections that are written there.

A step is a function of the challenge, the person and the database's time. It gives a `Step`, or
None where it does not belong to the phase. Each area adds its own to `STEPS`, in the order in
which one meets them. The challenge is one fetched `with_progress`; a step asks the database once
at most.
"""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from afori.common import formatting

from .asking import is_late, takes_answers
from .models import Challenge, FollowUp, OpenedAnswer, Outcome, Question
from .progress import DONE, OPEN, WRONG, Progress

State = Challenge.State


@dataclass(frozen=True)
class Step:
    """`state` is in words; `kind` is DONE where nothing is left to do, WRONG where something must
    be put right, else OPEN. Without `url` it cannot be entered yet.
    """

    label: str
    state: str
    url: str = ""
    kind: Progress = OPEN


def steps(challenge, user, now):
    found = (step(challenge, user, now) for step in STEPS)
    return [step for step in found if step]


def preview(challenge, user, now):
    if challenge.state != State.IN_REVIEW:
        return None
    url = reverse("challenges:preview", args=[challenge.slug])
    return Step(_("Preview"), _("As suppliers will see it"), url)


def review(challenge, user, now):
    if not challenge.waits_for_review:
        return None
    return Step(pgettext("challenge", "Review"), _("With the editors"))


def taking_back(challenge, user, now):
    """From the editors, or what they have approved."""
    if challenge.state != State.IN_REVIEW:
        return None
    url = reverse("challenges:publishing", args=[challenge.slug])
    state = _("It becomes a draft, and is reviewed anew when you send it again")
    return Step(_("Take it back and write more"), state, f"{url}#back")


def questions(challenge, user, now):
    """Waiting ones first, then answers that nobody reads yet."""
    if challenge.state in Challenge.WRITTEN:
        return None
    url = reverse("challenges:work_questions", args=[challenge.slug])
    left = challenge.questions.aggregate(
        asked=Count("pk", filter=Q(state=Question.State.ASKED)),
        answered=Count("pk", filter=Q(state=Question.State.ANSWERED)),
    )
    if not takes_answers(challenge, now) or not any(left.values()):
        return Step(_("Questions from suppliers"), _("Nothing waits"), url)
    words = [
        ngettext("%d to answer", "%d to answer", left["asked"]) % left["asked"],
        ngettext("%d answer to publish", "%d answers to publish", left["answered"])
        % left["answered"],
    ]
    told = [text for text, number in zip(words, left.values(), strict=True) if number]
    kind = WRONG if is_late(challenge, now) else OPEN
    return Step(_("Questions from suppliers"), ", ".join(told), url, kind)


def opening(challenge, user, now):
    if challenge.state in Challenge.WRITTEN:
        return None
    url = reverse("challenges:opening", args=[challenge.slug])
    label = pgettext("challenge", "Opening")
    if is_opened(challenge):
        return Step(label, _("Opened"), url, DONE)
    if challenge.is_over:
        return None
    if now <= challenge.closes_at:
        return Step(label, _("When the time to answer is over"), url)
    return Step(label, _("Waits for two of those named"), url)


def is_opened(challenge):
    """Asked of the database once for the challenge at hand."""
    return hasattr(challenge, "opening")


def panel(challenge, user, now):
    if challenge.state in Challenge.WRITTEN:
        return None
    url = reverse("challenges:panel", args=[challenge.slug])
    declared = list(challenge.panel.values_list("declared_at", flat=True))
    if not declared:
        return Step(_("Panel"), _("Nobody, the team agrees itself"), url, DONE)
    if None in declared:
        return Step(_("Panel"), _("Waits for declarations"), url)
    return Step(_("Panel"), _("Declared"), url, DONE)


def judging(challenge, user, now):
    """Reading, consensus and ranking: how far the panel has come."""
    if not is_opened(challenge):
        return None
    answers = OpenedAnswer.objects.readable_by(user).filter(opening__challenge=challenge)
    agreed = Count("consensus", distinct=True)
    asked = Count("opening__challenge__criteria", distinct=True)
    found = list(answers.annotate(agreed=agreed, asked=asked).values_list("agreed", "asked"))
    if not found:
        return None
    done = sum(agreed >= asked for agreed, asked in found)
    url = reverse("challenges:answers", args=[challenge.slug])
    state = _("%(done)d of %(number)d agreed on") % {"done": done, "number": len(found)}
    kind = DONE if done == len(found) else OPEN
    return Step(_("Reading and consensus"), state, url, kind)


def decisions(challenge, user, now):
    if not is_opened(challenge):
        return None
    url = reverse("challenges:decisions", args=[challenge.slug])
    if challenge.decisions_sent_at:
        return Step(_("Decisions"), _("Sent"), url, DONE)
    return Step(_("Decisions"), _("To be prepared and sent together"), url)


def outcome(challenge, user, now):
    if challenge.state in Challenge.WRITTEN or challenge.state == State.CANCELLED:
        return None
    url = reverse("challenges:outcome", args=[challenge.slug])
    if challenge.is_over:
        return Step(_("Outcome"), _("Everybody can read it"), url, DONE)
    if Outcome.objects.filter(challenge=challenge).exists():
        return Step(_("Outcome"), _("Saved, waits to become public"), url, DONE)
    if now <= challenge.closes_at:
        return Step(_("Outcome"), _("When the time to answer is over"), url)
    return Step(_("Outcome"), _("To be told"), url)


def follow_up(challenge, user, now):
    """The one that is to be told next."""
    untold = FollowUp.objects.filter(outcome__challenge=challenge, told_at=None)
    one = untold.first() if challenge.is_over else None
    if one is None:
        return None
    label = _("Follow-up after %(months)d months") % {"months": one.months}
    url = reverse("challenges:follow_up", args=[challenge.slug, one.months])
    if one.due_on <= timezone.localdate(now):
        return Step(label, _("Time to tell"), url, WRONG)
    day = formatting.day(one.due_on, get_language())
    return Step(label, _("Due %(day)s") % {"day": day}, url)


def cancelling(challenge, user, now):
    url = reverse("challenges:cancel", args=[challenge.slug])
    if challenge.state == State.CANCELLED:
        return Step(_("Cancelled"), _("Everybody can read why"), url, DONE)
    if challenge.state == State.PUBLISHED:
        return Step(_("Cancel the challenge"), _("If it will lead to nothing"), url)
    return None


def meetings(challenge, user, now):
    """Dialogue meetings that are planned, or whose notes nobody can read yet."""
    if challenge.state in Challenge.WRITTEN:
        return None
    held = Q(ends_at__lt=now)
    found = challenge.events.dialogue_meetings().aggregate(
        ahead=Count("pk", filter=~held),
        unnoted=Count("pk", filter=held & Q(notes_sv="", notes_en="")),
    )
    url = reverse("meetings:list", args=[challenge.slug])
    label = _("Dialogue meetings")
    if found["unnoted"]:
        return Step(label, _("Notes to publish"), url, WRONG)
    if found["ahead"]:
        words = ngettext("%d meeting planned", "%d meetings planned", found["ahead"])
        return Step(label, words % found["ahead"], url)
    return Step(label, _("None planned"), url)


def publishing(challenge, user, now):
    """From the editors' approval to the readers."""
    if challenge.state != State.IN_REVIEW:
        return None
    url = reverse("challenges:publishing", args=[challenge.slug])
    if not challenge.approved_at:
        return Step(_("Publish"), _("When an editor has approved it"), url)
    if not challenge.publish_at:
        return Step(_("Publish"), _("Approved: publish now or at a time"), url)
    is_due = challenge.publish_at <= now
    state = _("Waits for its keys") if is_due else _("At %(time)s") % {"time": at(challenge)}
    return Step(_("Publish"), state, url)


def at(challenge):
    here = timezone.localtime(challenge.publish_at)
    return formatting.when(here, get_language(), style="long")


def amendment(challenge, user, now):
    if not challenge.is_open(at=now) and not challenge.is_upcoming(at=now):
        return None
    url = reverse("challenges:amendment", args=[challenge.slug])
    return Step(_("Change the challenge"), _("Public, with what stood before"), url)


STEPS = [
    *(preview, review, publishing, taking_back),
    *(questions, meetings, amendment),
    *(opening, panel, judging, decisions),
    *(outcome, follow_up, cancelling),
]
