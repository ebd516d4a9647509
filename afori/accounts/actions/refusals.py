from django.utils.translation import gettext as _

from afori.common.states import Refused


class OrganisationExists(Refused):
    """Another organisation has the number; it is in `organisation`."""

    def __init__(self, organisation):
        super().__init__(
            _("%(name)s has this organisation number. Ask to join it instead.")
            % {"name": organisation.name},
            code="exists",
        )
        self.organisation = organisation


class AlreadyThere(Refused):
    """The person is a member already, or has asked."""


class OwnRequest(Refused):
    """Nobody answers their own request."""


class LastAdmin(Refused):
    """An organisation with members needs an administrator."""


class NeedsReason(Refused):
    """A request is not declined without saying why."""
