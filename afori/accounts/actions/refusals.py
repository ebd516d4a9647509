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


class ChangedMeanwhile(Refused):
    """Somebody else has changed the organisation; as it is now it is in `organisation`."""

    def __init__(self, organisation):
        super().__init__(_("Somebody else has changed the profile meanwhile."), code="changed")
        self.organisation = organisation


class AlreadyThere(Refused):
    """The person is a member already, or has asked."""


class OwnRequest(Refused):
    """Nobody answers their own request."""


class LastAdmin(Refused):
    """An organisation with members needs an administrator."""


class NeedsReason(Refused):
    """Nobody is declined or removed without saying why."""


class OrganisationClosed(Refused):
    """Nobody joins an organisation that is closed or has become part of another."""


class AskedTooOften(Refused):
    """The organisation has had enough requests of this person for now."""


class TooManyInvitations(Refused):
    """As many invitations wait as an organisation may have."""


class NotYourInvitation(Refused):
    """The person has not shown that the invited address is theirs."""


class InvitationOver(Refused):
    """The invitation was answered or taken back, has expired, or its sender may not invite now."""

    def __init__(self):
        super().__init__(_("The invitation is no longer valid."), code="over")


class ChecksMissing(Refused):
    """Nobody is verified unchecked."""
