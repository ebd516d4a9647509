"""The answers to a challenge as the audit chain tells of them, beside the rows that are there."""

from .models import Attempt, AuditEntry, Submission, SubmissionVersion
from .models.submissions import printed

MISSING, CHANGED, UNKNOWN, STATE = "missing", "changed", "unknown", "state"
RECEIVED, WITHDRAWN = "received", "withdrawn"


def deviations(challenge):
    """What was lost or changed past the chain, by receipt: see `DEVIATIONS` in protocols."""
    told = {one["receipt"]: one for one in entries(challenge)}
    rows = {row.receipt_number: row for row in receipted(challenge)}
    found = [(number, MISSING) for number in told.keys() - rows.keys()]
    found += [(number, UNKNOWN) for number in rows.keys() - told.keys()]
    both = [number for number in told if number in rows]
    found += [(number, CHANGED) for number in both if facts_of(rows[number]) != told[number]]
    latest = {rows[number].submission_id: number for number in both}
    found += [(number, STATE) for number in latest.values() if not stands(rows[number])]
    return [{"receipt": printed(number), "what": what} for number, what in sorted(found)]


def entries(challenge):
    """What the chain tells, in its order: each with the chain's head that the receipt holds."""
    for entry in AuditEntry.objects.telling(RECEIVED, WITHDRAWN, challenge=challenge.slug):
        told = entry.told
        yield {
            "receipt": told["receipt"],
            "version": told.get("version"),
            "sha256": told.get("sha256"),
            "audit_head": entry.hash,
        }


def receipted(challenge):
    versions = SubmissionVersion.objects.defer("manifest")
    withdrawals = Attempt.objects.filter(kind=Attempt.Kind.WITHDRAWN)
    for rows in (versions, withdrawals):
        yield from rows.filter(submission__challenge=challenge).select_related("submission")


def facts_of(row):
    return {
        "receipt": row.receipt_number,
        "version": getattr(row, "number", None),
        "sha256": getattr(row, "sha256", None),
        "audit_head": row.audit_head,
    }


def stands(row):
    """Whether the submission is in the state that this, its latest receipt, brought it to."""
    is_version = isinstance(row, SubmissionVersion)
    expected = Submission.State.SUBMITTED if is_version else Submission.State.WITHDRAWN
    return row.submission.state == expected
