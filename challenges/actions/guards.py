"""What must hold before something that others may have changed meanwhile is written."""

from django.utils.translation import gettext as _

from afori.accounts.models import Membership
from afori.common.states import Refused

from ..locks import database_now
from ..models import Submission


class Overtaken(Refused):
    """Somebody else saved after the person had opened the page. Nothing was overwritten; `stored`
    is what they saved, where the two are to be shown side by side.
    """

    def __init__(self, message="", *, stored=None):
        super().__init__(
            message
            or _("A colleague changed this after you opened the page. Nothing was overwritten."),
            code="overtaken",
        )
        self.stored = stored


class Gone(Refused):
    """Somebody else was first: what was to be settled is settled already, or taken back."""

    def __init__(self, message):
        super().__init__(message, code="gone")


def require_latest(stored, seen):
    """Raise Overtaken unless `seen` is the mark of what is stored, "" if nothing is."""
    if seen != (stored.mark if stored else ""):
        raise Overtaken(
            _("Somebody else saved meanwhile. Compare the two and save again."), stored=stored
        )


def locked_draft(submission, by):
    """The submission, locked, if the person is an author and the time is not over."""
    submission = locked_own(submission, by)
    require_open(submission.challenge)
    return submission


def locked_own(submission, by):
    """The submission, locked, if the person is an author."""
    found = Submission.objects.visible_to(by).filter(pk=submission.pk)
    submission = found.select_for_update(of=("self",)).select_related("challenge").first()
    if submission is None:
        raise Refused(_("You no longer have access to this answer."), code="author")
    return submission


def require_open(challenge):
    if not challenge.is_open(at=database_now()):
        raise Refused(_("The time to answer is over. Nothing was changed."), code="closed")


def require_member(organisation, user):
    if not Membership.objects.active().filter(user=user, organisation=organisation).exists():
        raise Refused(
            _("Only people in your own organisation can write the answer."), code="member"
        )
