"""Whether a receipt is genuine: its number and a checksum, against what is stored and the chain."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.crypto import constant_time_compare

from . import audit
from .models import Attempt, AuditEntry, Submission, SubmissionVersion

RELATED = ("submission__challenge", "submission__organisation")
MOST = 200


@dataclass(frozen=True)
class Checked:
    """A receipt, what the checksum is of ("whole", "file" or "chain"), and whether the audit chain
    has the entry that the receipt names.
    """

    receipt: SubmissionVersion | Attempt
    matches: str
    in_chain: bool

    def is_own(self, user):
        own = Submission.objects.visible_to(user)
        return own.filter(pk=self.receipt.submission_id).exists()


def check(number, checksum):
    """A `Checked`, or None if there is no such receipt or the checksum is none of its own.

    A number that nobody has costs the same queries and sums as one with a wrong checksum.
    """
    version, attempt = (
        model._default_manager.filter(receipt_number=number).select_related(*RELATED).first()
        for model in (SubmissionVersion, Attempt)
    )
    receipt = version or attempt or nobodys()
    matches, in_chain = matched(receipt, checksum), is_in_chain(receipt)
    is_known = bool(version or attempt)
    return Checked(receipt, matches, in_chain) if is_known and matches else None


def nobodys():
    return SubmissionVersion(manifest="[]", sha256=audit.FIRST, audit_head=audit.FIRST)


def matched(receipt, checksum):
    """What the checksum is of, "" if it is of nothing in the receipt."""
    kinds = [kind for kind, own in sums(receipt) if constant_time_compare(own, checksum)]
    return kinds[0] if kinds else ""


def sums(receipt):
    if isinstance(receipt, SubmissionVersion):
        yield "whole", receipt.sha256
        yield from (("file", file["sha256"]) for file in receipt.files)
    yield "chain", receipt.audit_head


def is_in_chain(receipt):
    """Whether the entry that the receipt names is there, tells of it, and is as it was hashed."""
    found = AuditEntry.objects.filter(hash=receipt.audit_head).first()
    entry = found or AuditEntry(id=0, at=timezone.now(), facts="{}", previous=audit.FIRST)
    is_whole = audit.fingerprint(entry) == entry.hash
    return is_whole and f'"receipt":"{receipt.receipt_number}"' in entry.facts


def own_with(user, checksum):
    """The person's own receipts that a checksum belongs to, latest first."""
    own = SubmissionVersion.objects.filter(submission__in=Submission.objects.visible_to(user))
    latest = own.select_related(*RELATED).order_by("-received_at")[:MOST]
    return [version for version in latest if matched(version, checksum)]
