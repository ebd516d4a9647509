"""What must hold before an answer that is being written is changed."""

from django.utils.translation import gettext as _

from afori.accounts.models import Membership
from afori.common.states import Refused

from ..locks import database_now
from ..models import Submission


def locked_draft(submission, by):
    """The submission, locked, if the person is an author and the time is not over."""
    found = Submission.objects.visible_to(by).filter(pk=submission.pk)
    submission = found.select_for_update(of=("self",)).select_related("challenge").first()
    if submission is None:
        raise Refused(_("You no longer have access to this answer."), code="author")
    require_open(submission.challenge)
    return submission


def require_open(challenge):
    if not challenge.is_open(at=database_now()):
        raise Refused(_("The time to answer is over. Nothing was changed."), code="closed")


def require_member(organisation, user):
    if not Membership.objects.active().filter(user=user, organisation=organisation).exists():
        raise Refused(
            _("Only people in your own organisation can write the answer."), code="member"
        )
