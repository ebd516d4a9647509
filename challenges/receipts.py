"""What receipts say, the same on screen, on paper and by mail."""

from datetime import UTC

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from afori.common import formatting

from .models import SubmissionVersion


def exact(moment, *, thousandths=True):
    """ "20 november 2026 kl. 15.04.27,412 svensk tid (UTC+1)"."""
    here = timezone.localtime(moment)
    language = get_language()
    text = formatting.when(here, language, style="long", seconds=True, thousandths=thousandths)
    return f"{text} {formatting.zone(here, language)}"


def utc(moment):
    """The whole value that was compared with the deadline: "2026-11-20T14:04:27.123456Z"."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Checksum(str):
    """A checksum in groups of four, so that people can compare it; pages set it in even letters."""

    is_checksum = True


def grouped(checksum):
    return Checksum(" ".join(checksum[at : at + 4] for at in range(0, len(checksum), 4)))


def facts(receipt):
    """Pairs of term and text: what a receipt says to those who write the answer."""
    submission = receipt.submission
    is_version = isinstance(receipt, SubmissionVersion)
    who = _("Submitted by") if is_version else _("Organisation")
    return [
        (_("Challenge"), submission.challenge.title),
        (who, submission.organisation.name),
        *(version_facts(receipt) if is_version else attempt_facts(receipt)),
        (_("Checksum of the log"), grouped(receipt.audit_head)),
    ]


def version_facts(version):
    number = str(version.number)
    if version.number > 1:
        number = _("%(number)d, replaces version %(earlier)d") % {
            "number": version.number,
            "earlier": version.number - 1,
        }
    return [
        (_("Received"), exact(version.received_at)),
        (_("The same in UTC"), utc(version.received_at)),
        (_("Version"), number),
        (_("Can be read"), opens(version.submission.challenge)),
        (_("Checksum of the answer"), grouped(version.sha256)),
    ]


def opens(challenge):
    words = _("Earliest %s, when two appointed people open the answers together")
    return words % exact(challenge.closes_at, thousandths=False)


def attempt_facts(attempt):
    return [
        (_("What happened"), attempt.get_kind_display()),
        (_("Time"), exact(attempt.at)),
        (_("The same in UTC"), utc(attempt.at)),
        (_("Last time to answer"), exact(attempt.submission.challenge.closes_at)),
    ]


def mailed_facts(receipt):
    """The same, with the checksums of the files. Their names stay out of mail, which is open."""
    files = receipt.files if isinstance(receipt, SubmissionVersion) else []
    sums = [
        (_("Checksum of file %(number)d") % {"number": number}, grouped(file["sha256"]))
        for number, file in enumerate(files, start=1)
    ]
    address = settings.AFORI_BASE_URL + reverse("challenges:receipt_check")
    number = (_("Number of the receipt"), receipt.printed_number)
    return [number, *facts(receipt), *sums, (_("Check the receipt"), address)]


def checked_facts(receipt):
    """What anybody who holds the number and a checksum may know. No names, no challenge."""
    if isinstance(receipt, SubmissionVersion):
        return [
            (_("Received"), exact(receipt.received_at)),
            (_("The same in UTC"), utc(receipt.received_at)),
            (_("Version"), str(receipt.number)),
        ]
    return [
        (_("What happened"), receipt.get_kind_display()),
        (_("Time"), exact(receipt.at)),
        (_("The same in UTC"), utc(receipt.at)),
    ]
