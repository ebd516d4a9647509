"""What the panel agrees on, and the ranking that comes of it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from afori.common.states import Refused

from .. import actions
from ..agreement import agreement, order
from ..forms import ConsensusForm
from ..judging import Judging
from .held import keeps_text
from .judging import opened, paged, shared, step_before


def consensus(request, slug):
    """How far the panel has come with each answer."""
    judging = Judging(request.user, slug)
    if away := step_before(judging):
        return away
    page = paged(request, judging.answers)
    context = {**shared(judging), "page_obj": page, "rows": order(judging).rows(list(page))}
    return render(request, "challenges/consensus_list.html", context)


@keeps_text
def consensus_answer(request, slug, token):
    """The panel's scores side by side, and what was agreed; a POST saves that."""
    judging, answer = opened(request.user, slug, token)
    if not judging.has_insight(answer):
        messages.info(request, _("Hand in your own scores first. Then you see the others'."))
        return redirect(answer)
    found = agreement(judging, answer)
    form = ConsensusForm(request.POST or None, criteria=judging.criteria, stored=found.agreed)
    overtaken = []
    if request.method == "POST" and form.is_valid():
        overtaken, refusal = save(request, answer, form)
        if not overtaken and not refusal:
            messages.success(request, _("What you agreed on is saved."))
            return redirect("challenges:consensus_answer", slug, token)
    context = {
        **shared(judging),
        "answer": answer,
        "label": judging.label(answer),
        "found": found,
        "form": form,
        "overtaken": overtaken,
        "parts": found.parts(form),
    }
    status = 409 if overtaken else 200
    return render(request, "challenges/consensus_answer.html", context, status=status)


def save(request, answer, form):
    """Save criterion by criterion. Returns what met something newer, and whether it was refused."""
    overtaken = []
    for criterion in form.criteria:
        value, reason, mark = form.written(criterion)
        if value is None:
            continue
        try:
            agreed = actions.agree(
                answer, criterion, value=value, reason=reason, seen=mark, by=request.user
            )
        except actions.Overtaken as newer:
            agreed = newer.stored
            overtaken.append((criterion, agreed))
        except Refused as refusal:
            messages.error(request, refusal.message)
            return overtaken, True
        renew(form, f"mark-{criterion.position}", agreed.mark if agreed else "")
    return overtaken, False


def renew(form, name, value):
    """Let the form that is shown again start from what is stored now."""
    form.data = form.data.copy()
    form.data[name] = value


def ranking(request, slug):
    judging = Judging(request.user, slug)
    if away := step_before(judging):
        return away
    context = shared(judging)
    if judging.sees_all:
        context |= ranked(paged(request, order(judging).lines()))
    return render(request, "challenges/ranking.html", context)


def ranked(page):
    """The lines of a page, by what became of them; their places are those among all."""
    judged = [line for line in page if line["place"]]
    return {
        "page_obj": page,
        "places": [line for line in judged if line["place"].number],
        "below": [line for line in judged if not line["place"].number],
        "waiting": [line["answer"] for line in page if not line["place"]],
    }
