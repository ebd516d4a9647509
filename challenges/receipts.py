"""What receipts say, the same on screen, on paper and by mail."""

from datetime import UTC

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from afori.common import formatting

from .locks import database_now


def exact(moment):
    """ "20 november 2026 kl. 15.04.27 svensk tid (UTC+1)"."""
    here = timezone.localtime(moment)
    language = get_language()
    text = formatting.when(here, language, style="long", seconds=True)
    return f"{text} {formatting.zone(here, language)}"


def utc(moment):
    """The whole value that was compared with the deadline: "2026-11-20T14:04:27.123456Z"."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def grouped(checksum):
    """A checksum in groups of four, so that people can compare it."""
    return " ".join(checksum[start : start + 4] for start in range(0, len(checksum), 4))


def version_facts(version):
    submission = version.submission
    number = str(version.number)
    if version.number > 1:
        number = _("%(number)d, replaces version %(earlier)d") % {
            "number": version.number,
            "earlier": version.number - 1,
        }
    return [
        (_("Challenge"), submission.challenge.title),
        (_("Submitted by"), submission.organisation.name),
        (_("Received"), exact(version.received_at)),
        (_("The same in UTC"), utc(version.received_at)),
        (_("Version"), number),
        (_("Checksum (SHA-256)"), grouped(version.sha256)),
    ]


def attempt_facts(attempt):
    submission = attempt.submission
    return [
        (_("Challenge"), submission.challenge.title),
        (_("Organisation"), submission.organisation.name),
        (_("What happened"), attempt.get_kind_display()),
        (_("Time"), exact(attempt.at)),
        (_("The same in UTC"), utc(attempt.at)),
        (_("Last time to answer"), exact(submission.challenge.closes_at)),
    ]


def facts(receipt):
    return version_facts(receipt) if hasattr(receipt, "received_at") else attempt_facts(receipt)


def ahead(submission):
    """What comes next, as dates in order for `components/times.html`."""
    challenge = submission.challenge
    open_until = exact(challenge.closes_at)
    is_open = challenge.is_open(at=database_now())
    decision = challenge.decision_expected_on
    return [
        {
            "label": _("You can change, submit again or withdraw"),
            "text": _("until %s") % open_until,
            "state": "next" if is_open else "done",
        },
        {
            "label": _("The time to answer is over"),
            "text": open_until,
            "state": "todo" if is_open else "next",
        },
        {
            "label": _("Decision"),
            "text": formatting.month(decision, get_language()) if decision else "",
            "state": "todo",
        },
    ]
