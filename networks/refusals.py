"""Why something cannot be done: each refusal has a name, and a text for the person."""

from django.utils.translation import gettext_lazy as _

from afori.common.states import Refused


class Refusal(Refused):
    """One of the refusals of this package. `text` says what is the matter and what to do."""

    text = ""

    def __init__(self):
        super().__init__(self.text, code=type(self).__name__)


class NoOrganisation(Refusal):
    text = _("Say which organisation you belong to first.")


class NotABuyer(Refusal):
    text = _("Only organisations that buy for the public can join a buyer network.")


class NotVerified(Refusal):
    text = _("Your organisation has not been verified yet. You can join when that is done.")


class NetworkClosed(Refusal):
    text = _("The network does not take new members now.")


class InvitationOnly(Refusal):
    text = _("The network admits by invitation. Write to its organiser.")


class AlreadyMember(Refusal):
    text = _("You are already a member, or wait for an answer.")


class LeftOrganisation(Refusal):
    text = _("The person no longer belongs to the organisation that they asked for.")


class NotActive(Refusal):
    text = _("The membership has already ended.")


class ReasonMissing(Refusal):
    text = _("Say why, so that the person understands.")


class LastCoordinator(Refusal):
    text = _(
        "You are the only coordinator. Ask the agency to appoint another one before you leave, "
        "so that the members are not left alone."
    )


class NeedClosed(Refusal):
    text = _("The need is closed, so its pooled demand no longer changes.")


class SignatoryMissing(Refusal):
    text = _("A pledge needs the name of someone who may sign for the organisation.")
