"""The panel: conflicts of interest are declared before anything can be read."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import actions
from ..forms import ConflictsForm, DeclarationForm
from ..judging import Judging, named
from ..models import OpenedAnswer, Panelist, Recusal
from .held import keeps_text
from .shared import told_if_refused


@keeps_text
def panel(request, slug):
    """One's own next step on the panel, and for the team where everybody stands."""
    judging = Judging(request.user, slug)
    form = DeclarationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        require_panelist(judging)
        if told_if_refused(request, actions.declare, judging.challenge, **form.cleaned_data):
            messages.success(request, _("Your declaration is noted."))
        return redirect("challenges:panel", slug)
    return panel_page(request, judging, form=form)


def panel_page(request, judging, *, form=None, conflicts=None):
    challenge, panelist = judging.challenge, judging.panelist
    answered = answered_to(judging) if panelist and is_declared(panelist) else []
    is_rival = any(one.is_own for one in answered)
    context = {
        "challenge": challenge,
        "opening": judging.opening,
        "panelist": panelist,
        "form": form or DeclarationForm(),
        "answered": answered,
        "is_rival": is_rival,
        "conflicts": conflicts or ConflictsForm(answers=answered),
        "own_recusals": own_recusals(panelist),
        "is_open": challenge.is_undecided,
        "panel": whole_panel(challenge) if challenge.on_team else [],
    }
    return render(request, "challenges/panel.html", context)


def is_declared(panelist):
    return panelist.has_conflict is False


def answered_to(judging):
    """Everybody who answered, by name and not by letter; nothing before the opening."""
    if judging.opening is None:
        return []
    answers = OpenedAnswer.objects.filter(opening=judging.opening).with_names()
    own = set(answers.of_own(judging.user).values_list("pk", flat=True))
    for answer in (found := list(answers)):
        answer.is_own = answer.pk in own
    return sorted(found, key=lambda one: named(one).casefold())


def own_recusals(panelist):
    if panelist is None:
        return []
    return panelist.recusals.select_related("answer__submission__organisation__merged_into")


def whole_panel(challenge):
    recusals = Recusal.objects.order_by("at", "pk")
    found = Panelist.objects.filter(challenge=challenge).select_related("user")
    return found.prefetch_related(Prefetch("recusals", recusals))


@keeps_text
@require_POST
def panel_check(request, slug):
    """The second step: with whom of those who answered there is a conflict."""
    judging = Judging(request.user, slug)
    panelist = require_panelist(judging)
    answered = answered_to(judging) if is_declared(panelist) else []
    form = ConflictsForm(request.POST, answers=answered)
    if not form.is_valid():
        return panel_page(request, judging, conflicts=form)
    if any(one.is_own for one in answered):
        raise PermissionDenied
    done = told_if_refused(
        request, actions.check_answers, judging.challenge, conflicts=form.conflicts()
    )
    return redirect("challenges:answers" if done else "challenges:panel", slug)


def require_panelist(judging):
    if judging.panelist is None:
        raise PermissionDenied
    return judging.panelist
