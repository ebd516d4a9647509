"""Changing what is published: the only writer of `Amendment`."""

from django.db import transaction
from django.utils.translation import gettext as _

from afori.common.states import Refused
from afori.notifications.actions import tell_all

from .. import amendable, audit
from ..locks import database_now
from ..models import AmendedField, Amendment, Challenge
from ..notifications.publishing import AMENDED
from .challenges import locked
from .guards import Overtaken


class NotPossible(Refused):
    """Some values cannot be changed so; `problems` says why, by field."""

    def __init__(self, problems):
        super().__init__(" ".join(problems.values()), code="values")
        self.problems = problems


@transaction.atomic
def amend(challenge, changes, *, reason_sv, reason_en="", seen, by):
    """Change the named fields of a published challenge, tell its watchers and return the amendment.

    `seen` is the number of the latest amendment that the person knew of, 0 for none. The
    challenge is locked alone: no submit is under way, and the time is read when all have ended.
    """
    challenge = locked(challenge)
    now = database_now()
    require_amendable(challenge, now)
    latest = latest_number(challenge)
    if latest != seen:
        raise Overtaken(
            _("The challenge was changed while you wrote. Nothing of yours is published yet.")
        )
    changes = really_changed(challenge, changes)
    if not changes:
        raise Refused(_("Nothing is changed yet."), code="same")
    if found := amendable.problems(challenge, changes, now):
        raise NotPossible(found)
    amendment = Amendment.objects.create(
        challenge=challenge,
        number=latest + 1,
        published_at=now,
        by=by,
        reason_sv=reason_sv,
        reason_en=reason_en,
    )
    write(challenge, amendment, changes)
    tell_all(AMENDED, amendment)
    audit.record(
        "amended",
        challenge=challenge.slug,
        number=amendment.number,
        fields=sorted(changes),
        closes_at=challenge.closes_at.isoformat(),
    )
    return amendment


def require_amendable(challenge, now):
    """Raise Refused unless it is published and the time to answer is not over."""
    if challenge.state != Challenge.State.PUBLISHED:
        raise Refused(_("Only a published challenge is changed this way."), code="state")
    if now > challenge.closes_at:
        raise Refused(
            _("The time to answer is over. What suppliers have answered to stays as it was."),
            code="closed",
        )


def latest_number(challenge):
    return challenge.amendments.values_list("number", flat=True).first() or 0


def really_changed(challenge, changes):
    unknown = changes.keys() - set(amendable.NAMES)
    if unknown:
        raise Refused(_("This cannot be changed once it is published."), code="fields")
    return {name: value for name, value in changes.items() if value != getattr(challenge, name)}


def write(challenge, amendment, changes):
    """Keep each value before and after, and give the challenge its new ones."""
    AmendedField.objects.bulk_create(
        AmendedField(
            amendment=amendment,
            name=name,
            before=amendable.kept(getattr(challenge, name)),
            after=amendable.kept(value),
        )
        for name, value in changes.items()
    )
    for name, value in changes.items():
        setattr(challenge, name, value)
    challenge.save(update_fields=[*changes, "updated_at"])
