"""Short ways to what tests of amendments need."""

from datetime import timedelta

from challenges.actions.amending import amend
from challenges.models import Challenge

DAY = timedelta(days=1)
WHY = "Flera bad om mer tid."


def moved(challenge, **by):
    Challenge.objects.filter(pk=challenge.pk).update(
        closes_at=challenge.closes_at + timedelta(**by)
    )


def closes_later(challenge, at):
    Challenge.objects.filter(pk=challenge.pk).update(closes_at=at + timedelta(seconds=1))


def change(challenge, by, *, seen=0, **changes):
    return amend(challenge, changes, reason_sv=WHY, seen=seen, by=by)
