"""What has happened to an answer and what comes next, for those who write it."""

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from afori.common import formatting

from .models import Challenge, Submission
from .receipts import exact


def ahead(submission, *, at):
    """Dates in order for `components/times.html`, all done when nothing is left to wait for.

    `at` is the database's time.
    """
    challenge = submission.challenge
    steps = list(steps_of(submission, challenge, challenge.is_open(at=at)))
    left = next((place for place, step in enumerate(steps) if not step[-1]), len(steps))
    states = ["done"] * left + ["next"] + ["todo"] * len(steps)
    return [
        {"label": label, "text": text, "state": state}
        for (label, text, _is_done), state in zip(steps, states, strict=False)
    ]


def steps_of(submission, challenge, is_open):
    """Label, text and whether it is done."""
    if challenge.state == Challenge.State.CANCELLED:
        yield _("The challenge was cancelled. No answers to it are ever opened."), "", True
        return
    yield answering(submission, challenge, is_open)
    if submission.state == Submission.State.SUBMITTED:
        yield opening(challenge, is_open)
        yield deciding(challenge)
    elif submission.state == Submission.State.WITHDRAWN:
        yield _("What was withdrawn is never opened"), "", True


def answering(submission, challenge, is_open):
    closes = exact(challenge.closes_at, thousandths=False)
    if not is_open:
        return _("The time to answer is over"), closes, True
    label = {
        Submission.State.DRAFT: _("You can submit"),
        Submission.State.SUBMITTED: _("You can change, submit again or withdraw"),
        Submission.State.WITHDRAWN: _("You can change the draft and submit again"),
    }[submission.state]
    return label, _("until %s") % closes, False


def opening(challenge, is_open):
    if found := getattr(challenge, "opening", None):
        return _("Two people opened the answers together"), on(found.completed_at), True
    earliest = _("earliest %s") % exact(challenge.closes_at, thousandths=False) if is_open else ""
    return _("Two people open the answers together"), earliest, False


def deciding(challenge):
    label, expected = _("Decision and feedback"), challenge.decision_expected_on
    if sent := challenge.decisions_sent_at:
        return label, _("sent %s") % on(sent), True
    text = formatting.month(expected, get_language()) if expected else ""
    return label, text, challenge.is_over


def on(moment):
    return formatting.day(timezone.localtime(moment), get_language())
