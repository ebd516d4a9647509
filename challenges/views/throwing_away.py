from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from .. import actions
from .shared import told_if_refused
from .work import is_draft, own_challenge, work_page


def throw_away(request, slug):
    """What is lost, and the button; for all but drafts what to do instead."""
    challenge = own_challenge(request, slug)
    is_sent = request.method == "POST"
    if is_sent and is_draft(challenge):
        if told_if_refused(request, actions.throw_away, challenge):
            done = _("The draft “%(challenge)s” has been thrown away.")
            messages.success(request, done % {"challenge": challenge.title})
            return redirect("my_pages")
        return redirect("challenges:throw_away", slug)
    context = {"others": challenge.team.active().exclude(user=request.user).select_related("user")}
    return work_page(
        request, challenge, "work_throw_away", status=409 if is_sent else 200, **context
    )
