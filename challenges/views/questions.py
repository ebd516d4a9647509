"""Questions and answers, for all who read and for those who ask. Nobody sees who asked."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from afori.accounts.acting import acts_elsewhere
from afori.common.states import Refused
from afori.common.views import posted

from .. import actions
from ..asking import ask_by, takes_questions
from ..forms import AskForm, QuestionFilter
from ..locks import database_now
from ..models import Challenge, Question
from .held import keeps_text, typed_in, unlogged

A_PAGE = 20


def published_challenge(slug):
    found = Challenge.objects.published().select_related("owner")
    return get_object_or_404(found.defer(*Challenge.LONG_TEXTS), slug=slug)


def questions(request, slug):
    return questions_page(request, published_challenge(slug), AskForm())


@keeps_text
def ask(request, slug):
    """Take a question. Whatever becomes of it, what was typed comes back."""
    challenge = published_challenge(slug)
    if request.method != "POST":
        return redirect(reverse("challenges:questions", args=[slug]) + "#ask")
    if elsewhere := acts_elsewhere(request):
        return give_text_back(request, challenge, elsewhere)
    if not request.user.has_perm("challenges.ask_question", challenge):
        return give_text_back(request, challenge, _("The question was not received."), status=403)
    form = AskForm(posted(request))
    if not form.is_valid():
        return questions_page(request, challenge, form)
    return keep(request, challenge, form)


def keep(request, challenge, form):
    try:
        actions.ask(challenge, **form.cleaned_data, language=request.LANGUAGE_CODE, by=request.user)
    except Refused as refusal:
        return give_text_back(request, challenge, refusal.message)
    messages.success(
        request,
        _(
            "Your question has been received. The answer goes to everybody at the same moment, "
            "and you are told when it does."
        ),
    )
    return redirect(reverse("challenges:questions", args=[challenge.slug]) + "#own")


def give_text_back(request, challenge, reason, *, status=409):
    context = {"refusal": reason, "typed": dict(typed_in(request)).get("text", "")}
    return unlogged(questions_page(request, challenge, AskForm(), status=status, **context))


@require_POST
def question_take_back(request, slug):
    """The token is in the form, not in the address: addresses are logged with who called them."""
    challenge = published_challenge(slug)
    try:
        actions.take_back(challenge, request.POST.get("question", ""), by=request.user)
    except Refused:
        messages.error(
            request, _("The question is settled, or taken back already. Look at it below.")
        )
    else:
        messages.success(request, _("Your question is taken back. Nothing of it is kept."))
    return redirect(reverse("challenges:questions", args=[slug]) + "#own")


def questions_page(request, challenge, form, *, status=200, **context):
    now = database_now()
    search = QuestionFilter(request.GET)
    everything = challenge.questions.published()
    page_obj = Paginator(search.narrow(with_corrections(everything)), A_PAGE).get_page(
        request.GET.get("page")
    )
    is_searched = bool(search.chosen("q"))
    known = {
        "challenge": challenge,
        "form": form,
        "search": search,
        "is_searched": is_searched,
        "is_searchable": is_searched or page_obj.paginator.num_pages > 1,
        "page_obj": page_obj,
        "runs": in_runs(page_obj),
        "ask_by": ask_by(challenge),
        "standing": standing(request, challenge, now),
        "own": own_questions(request, challenge),
        "takes_answers": challenge.is_open(at=now) or challenge.is_upcoming(at=now),
    }
    return render(request, "challenges/question_list.html", known | context, status=status)


def with_corrections(published):
    corrections = Prefetch(
        "corrections", Question.objects.published().select_related("run"), to_attr="corrected_by"
    )
    return published.select_related("run", "corrects").prefetch_related(corrections)


def in_runs(questions):
    """The questions as pairs of run and list, in their order."""
    runs = []
    for question in questions:
        if not runs or runs[-1][0] != question.run:
            runs.append((question.run, []))
        runs[-1][1].append(question)
    return runs


def own_questions(request, challenge):
    """Those that this very person asked: colleagues see nothing of them."""
    if not request.user.is_authenticated:
        return []
    return Question.objects.asked_by(request.user, challenge).select_related("run")


def standing(request, challenge, now):
    """Who looks, and so what the page says instead of the form, or that it shows the form."""
    if not takes_questions(challenge, now):
        return "over"
    if not request.user.is_authenticated:
        return "stranger"
    if request.acting_for is None:
        return "alone"
    if request.acting_for.pk == challenge.owner_id:
        return "owner"
    if request.acting_for.is_buyer:
        return "buyer"
    may_ask = request.user.has_perm("challenges.ask_question", challenge)
    return "supplier" if may_ask else "employed"
