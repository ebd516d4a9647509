from django.contrib import messages

from afori.accounts.models import User
from afori.common.states import Refused


def colleagues(organisation, present):
    """Active members of the organisation, without those that the rows name already."""
    members = User.objects.filter(
        memberships__organisation=organisation, memberships__state="active"
    )
    return members.exclude(pk__in=present.values("user")).order_by("name")


def told_if_refused(request, action, *args, **kwargs):
    """Do it; a refusal becomes a message to the person. Returns whether it was done."""
    try:
        action(*args, **kwargs, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return False
    return True
