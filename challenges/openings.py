"""Where the opening of a challenge stands, in words that pages use."""

from django.utils.functional import cached_property

from . import audit
from .actions.opening import TOGETHER, attempted, counting, first_pair, key_of
from .models import AuditEntry, Challenge

SLOW_SECONDS = 120


class OpeningState:
    """`phase` is cancelled, opened, early, waiting, approved, or closed: over and never opened."""

    def __init__(self, challenge, user, now):
        self.challenge, self.user, self.now = challenge, user, now
        self.opening = getattr(challenge, "opening", None)
        self.openers = list(challenge.openers.select_related("user"))

    @cached_property
    def phase(self):
        if self.opening:
            return "opened"
        if self.challenge.state == Challenge.State.CANCELLED:
            return "cancelled"
        if self.challenge.state != Challenge.State.PUBLISHED:
            return "closed"
        if self.now <= self.challenge.closes_at:
            return "early"
        return "approved" if self.pair else "waiting"

    @cached_property
    def approvals(self):
        approvals = list(counting(self.challenge, key_of(self.challenge)))
        for one in approvals:
            one.expires_at = one.at + TOGETHER
        return approvals

    @cached_property
    def pair(self):
        return first_pair(self.approvals)

    @property
    def standing(self):
        """The approval that still waits for another one, or None."""
        valid = [one for one in self.approvals if one.expires_at > self.now]
        return valid[-1] if valid else None

    @property
    def expired(self):
        """Approvals that nobody joined in time; the latest of each person."""
        latest = {one.opener_id: one for one in self.approvals if one.expires_at <= self.now}
        current = {one.opener_id for one in self.approvals if one.expires_at > self.now}
        return [one for opener, one in latest.items() if opener not in current]

    @property
    def is_own(self):
        """Whether the standing approval is the person's."""
        return self.standing is not None and self.standing.opener.user_id == self.user.pk

    @property
    def is_opener(self):
        return self.challenge.opens

    @property
    def is_slow(self):
        """Whether the opener's process ought to have been done by now."""
        return bool(self.pair) and (self.now - self.pair[1].at).total_seconds() > SLOW_SECONDS

    @cached_property
    def is_declined(self):
        """Whether the opener's own checks have stopped what these two approved."""
        refused = AuditEntry.objects.filter(event="opening refused")
        facts = audit.canonical(attempted(self.challenge, self.pair)).strip("{}")
        return refused.filter(facts__contains=facts).exists()
