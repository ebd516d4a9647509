"""Who writes an answer."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from afori.accounts.models import User

from .. import actions
from ..forms import AuthorForm
from .page import own, page
from .shared import colleagues, told_if_refused


def authors(request, slug, reference):
    """Those who write the answer; a POST adds a colleague."""
    submission = own(request, slug, reference)
    present = submission.authors.active().select_related("user")
    form = AuthorForm(
        request.POST or None, colleagues=colleagues(submission.home, submission.authors)
    )
    if request.method == "POST" and form.is_valid():
        if told_if_refused(request, actions.add_author, submission, form.cleaned_data["user"]):
            messages.success(request, _("Your colleague now sees the answer."))
        return redirect("challenges:authors", slug, reference)
    return page(request, submission, "answer_authors", form=form, authors=present)


@require_POST
def author_remove(request, slug, reference):
    submission = own(request, slug, reference)
    present = User.objects.filter(pk__in=submission.authors.values("user"))
    form = AuthorForm(request.POST, colleagues=present)
    if form.is_valid():
        told_if_refused(request, actions.remove_author, submission, form.cleaned_data["user"])
        if form.cleaned_data["user"] == request.user:
            return redirect(submission.challenge)
    return redirect("challenges:authors", slug, reference)
