"""Decisions: prepared one by one, looked through, sent together."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from afori.common.states import Refused
from afori.notifications.letters import absolute, letter

from .. import actions
from ..agreement import order
from ..ending import public_from
from ..forms import DecisionForm
from ..judging import Judging
from ..models import Decision
from ..notifications import DECIDED
from .held import keeps_text
from .judging import opened, paged, shared, step_before
from .shared import told_if_refused


def decisions(request, slug):
    """What is prepared and what is left; when all is, the way to sending."""
    judging = Judging(request.user, slug)
    if away := step_before(judging):
        return away
    require_team(judging)
    return render(request, "challenges/decision_list.html", all_decisions(request, judging))


def require_team(judging):
    if not judging.challenge.on_team:
        raise PermissionDenied


def all_decisions(request, judging):
    found = order(judging)
    page = paged(request, found.lines())
    prepared = Decision.objects.filter(answer__in=found.by_key)
    results = dict(prepared.values_list("answer", "result"))
    suggested = found.suggestions()
    for line in page:
        line["decision"] = label_of(results, line["answer"])
        line["suggestion"] = label_of(suggested, line["answer"])
    return {
        **shared(judging),
        "page_obj": page,
        "left": len(found.by_key) - len(results),
        "public_at": public_from(judging.challenge),
    }


def label_of(results, answer):
    result = results.get(answer.pk)
    return Decision.Result(result).label if result else ""


@keeps_text
def decision(request, slug, token):
    """What one supplier is told; a POST saves it."""
    judging, answer = opened(request.user, slug, token)
    require_team(judging)
    if not judging.has_insight(answer):
        messages.info(request, _("Hand in your own scores first. Then you see the others'."))
        return redirect(answer)
    stored = Decision.objects.filter(answer=answer).select_related("by").first()
    form = DecisionForm(request.POST or None, initial=initial(judging, answer, stored))
    newer = None
    if request.method == "POST" and form.is_valid():
        done, newer = save(request, answer, form)
        if done:
            return redirect("challenges:decision_preview", slug, token)
    context = {
        **shared(judging),
        "answer": answer,
        "label": judging.label(answer),
        "agreed": {one.criterion_id: one for one in answer.consensus.all()},
        "stored": stored,
        "newer": newer,
        "form": form,
    }
    return render(request, "challenges/decision_edit.html", context, status=409 if newer else 200)


def initial(judging, answer, stored):
    if stored:
        return {"result": stored.result, "feedback": stored.feedback, "mark": stored.mark}
    return {"result": order(judging).suggestions().get(answer.pk)}


def save(request, answer, form):
    """Returns whether it is saved, and what somebody else wrote meanwhile, if they did."""
    typed = form.cleaned_data
    try:
        actions.prepare_decision(
            answer,
            result=typed["result"],
            feedback=typed["feedback"],
            seen=typed["mark"],
            by=request.user,
        )
    except actions.Overtaken as overtaken:
        form.data = form.data.copy()
        form.data["mark"] = overtaken.stored.mark if overtaken.stored else ""
        return False, overtaken.stored
    except Refused as refusal:
        messages.error(request, refusal.message)
        return False, None
    messages.success(request, _("The decision is saved. Nothing is sent yet."))
    return True, None


def decision_preview(request, slug, token):
    """The mail and the page as the supplier will see them."""
    judging, answer = opened(request.user, slug, token)
    require_team(judging)
    stored = Decision.objects.filter(answer=answer).first()
    if stored is None or not judging.has_insight(answer):
        return redirect("challenges:decision", slug, token)
    answer.submission.challenge = judging.challenge
    stored.answer = answer
    context = {
        **shared(judging),
        "answer": answer,
        "label": judging.label(answer),
        "decision": stored,
        "mail": mail_of(stored) if judging.sees_names else None,
        "public_at": public_from(judging.challenge),
    }
    return render(request, "challenges/decision_preview.html", context)


def mail_of(decision):
    context = {
        "subject": decision,
        "url": absolute(DECIDED.url(decision)),
        "text": str(DECIDED.text(decision)),
    }
    return letter("", DECIDED.templates, context)


def decisions_send(request, slug):
    """The last look, and the button that sends all of them."""
    judging = Judging(request.user, slug)
    if away := step_before(judging):
        return away
    require_team(judging)
    context = all_decisions(request, judging)
    if request.method == "POST":
        if told_if_refused(request, actions.send_decisions, judging.challenge):
            messages.success(request, _("The decisions are sent to all who answered."))
        return redirect("challenges:decisions", slug)
    if context["left"] or not context["is_open"]:
        return redirect("challenges:decisions", slug)
    return render(request, "challenges/decision_send.html", context)
