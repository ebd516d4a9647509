"""Closing organisations that no longer take part, and opening them again."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from afori.common.states import NotAllowedNow, Refused

from ..closing import obstacles
from ..telling import tell
from .locks import admins_of, locked
from .refusals import NeedsReason


class StillNeeded(Refused):
    """Something that others rely on hangs on the organisation."""


@transaction.atomic
def close_organisation(organisation, *, by, reason):
    """End an organisation's part in the arena; its administrators are told why.

    Its memberships stay but give no rights. Refused while something that others rely on is its own.
    """
    organisation = locked(organisation)
    if organisation.is_closed:
        raise NotAllowedNow(_("The organisation is already closed."))
    if not reason.strip():
        raise NeedsReason(_("Say why. The organisation's administrators will read it."))
    if found := obstacles(organisation):
        raise StillNeeded(" ".join(found))
    admins = list(admins_of(organisation))
    mark_closed(organisation, at=timezone.now(), by=by, reason=reason)
    tell(admins, "organisation_closed", organisation, once=organisation.closed_at.isoformat())
    return organisation


@transaction.atomic
def reopen_organisation(organisation, *, by):
    """Give a closed organisation and its members their rights back."""
    organisation = locked(organisation)
    if not organisation.is_closed:
        raise NotAllowedNow(_("The organisation is not closed."))
    if organisation.merged_into_id:
        raise NotAllowedNow(_("An organisation that was merged into another stays closed."))
    closed_at = organisation.closed_at
    mark_closed(organisation, at=None)
    tell(admins_of(organisation), "organisation_reopened", organisation, once=str(closed_at))
    return organisation


def mark_closed(organisation, *, at, by=None, reason=""):
    """The only writer of when, by whom and why an organisation was closed."""
    organisation.closed_at = at
    organisation.closed_by, organisation.closing_reason = by, reason.strip()
    organisation.save(update_fields=["closed_at", "closed_by", "closing_reason", "updated_at"])
