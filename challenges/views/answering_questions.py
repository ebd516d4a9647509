"""The team's side of questions: answer, reword, decline, publish in runs."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from afori.common.states import Refused
from afori.common.views import posted

from .. import actions
from ..actions.questions import WORDS
from ..asking import ask_by, is_late, takes_answers
from ..forms import DeclineForm, PublishForm, WordingForm
from ..locks import database_now
from ..models import Challenge, Question
from .held import keeps_text, typed_in, unlogged

A_PAGE = 50
DECLINE = "decline-%s"  # two forms on one page: each has ids of its own
State = Question.State


def of_team(request, slug):
    """The challenge, for its team; 404 for everybody else."""
    found = Challenge.objects.of_team(request.user).select_related("owner")
    return get_object_or_404(found.defer(*Challenge.LONG_TEXTS), slug=slug)


def question_of(challenge, token):
    found = challenge.questions.select_related("run", "corrects")
    question = get_object_or_404(found, token=token)
    question.challenge = challenge
    return question


def page(request, challenge, template, *, status=200, **context):
    now = database_now()
    known = {
        "challenge": challenge,
        "takes_answers": takes_answers(challenge, now),
        "is_late": is_late(challenge, now),
        "ask_by": ask_by(challenge),
    }
    return render(request, f"challenges/{template}.html", known | context, status=status)


def work_questions(request, slug):
    """One state at a time; what waits for an answer comes first."""
    challenge = of_team(request, slug)
    counted = challenge.questions.order_by().values_list("state").annotate(Count("pk"))
    numbers = dict(counted)
    shown = request.GET.get("show")
    if shown not in State.values:
        shown = next((state for state in State.values if numbers.get(state)), State.ASKED)
    rows = challenge.questions.filter(state=shown).select_related("run", "corrects").by_day()
    return page(
        request,
        challenge,
        "work_questions",
        shown=shown,
        shown_label=State(shown).label,
        tabs=[(value, label, numbers.get(value, 0)) for value, label in State.choices],
        page_obj=Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
    )


@keeps_text
def work_question(request, slug, token):
    challenge = of_team(request, slug)
    question = question_of(challenge, token)
    form = WordingForm(posted(request), initial=stored(question))
    if request.method == "POST" and form.is_valid():
        return save(request, question, form)
    return question_page(request, question, form=form)


def stored(question):
    return {name: getattr(question, name) for name in (*WORDS, "revision")}


def question_page(request, question, *, form=None, decline=None, **context):
    return page(
        request,
        question.challenge,
        "work_question",
        question=question,
        form=form or WordingForm(initial=stored(question)),
        decline=decline or DeclineForm(initial=stored(question), auto_id=DECLINE),
        is_waiting=question.state in Question.WAITING,
        **context,
    )


def save(request, question, form):
    try:
        actions.answer_question(question, **form.cleaned_data, by=request.user)
    except actions.Overtaken as refusal:
        return overtaken(request, question, refusal)
    except Refused as refusal:
        return too_late(request, question, refusal)
    messages.success(request, _("Saved. Nobody sees the answer until it is published in a run."))
    return redirect("challenges:work_questions", question.challenge.slug)


def overtaken(request, question, refusal):
    """What is stored beside what was typed; saving once more then replaces what is stored."""
    question = question_of(question.challenge, question.token)
    typed = dict(typed_in(request)) | {"revision": question.revision}
    form = WordingForm(initial=typed)
    return unlogged(
        question_page(request, question, form=form, refusal=refusal, is_overtaken=True, status=409)
    )


def too_late(request, question, refusal):
    """The question is gone, or the time is over: what was typed, to copy."""
    typed = [text for name, text in typed_in(request) if text]
    return unlogged(
        page(
            request,
            question.challenge,
            "work_question_gone",
            refusal=refusal,
            typed=typed,
            status=409,
        )
    )


@keeps_text
def work_question_decline(request, slug, token):
    challenge = of_team(request, slug)
    question = question_of(challenge, token)
    form = DeclineForm(posted(request), auto_id=DECLINE)
    if request.method != "POST":
        return redirect("challenges:work_question", slug, token)
    if not form.is_valid():
        return question_page(request, question, decline=form)
    try:
        actions.decline_question(question, **form.cleaned_data, by=request.user)
    except Refused as refusal:
        return too_late(request, question, refusal)
    messages.success(request, _("Declined. The person who asked is told why, nobody else."))
    return redirect("challenges:work_questions", slug)


def work_publish_answers(request, slug):
    """Preview the chosen answers exactly as everybody will read them, then publish them all."""
    challenge = of_team(request, slug)
    if request.method == "POST":
        return publish(request, challenge)
    tokens = request.GET.getlist("question")[:A_PAGE]
    ready = challenge.questions.filter(state=State.ANSWERED, token__in=tokens)
    questions = list(ready.select_related("corrects").order_by("token"))
    if not questions:
        messages.warning(request, _("Choose at least one answer to publish."))
        return redirect("challenges:work_questions", slug)
    chosen = " ".join(f"{one.token}:{one.revision}" for one in questions)
    return page(request, challenge, "work_publish_answers", questions=questions, chosen=chosen)


def publish(request, challenge):
    form = PublishForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Choose at least one answer to publish."))
        return redirect("challenges:work_questions", challenge.slug)
    try:
        run = actions.publish_answers(challenge, form.cleaned_data["chosen"], by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        messages.info(request, _("Nothing was published. Look through the answers again."))
        return redirect("challenges:work_questions", challenge.slug)
    messages.success(
        request,
        _("Run %(number)d is published to everybody. Followers and those who asked are told.")
        % {"number": run.number},
    )
    return redirect("challenges:work_questions", challenge.slug)


@require_POST
def work_question_correct(request, slug, token):
    """Begin a correction of what is published."""
    challenge = of_team(request, slug)
    try:
        begun = actions.start_correction(question_of(challenge, token), by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("challenges:work_question", slug, token)
    return redirect("challenges:work_question", slug, begun.token)


@require_POST
def work_question_drop(request, slug, token):
    """Throw away a correction that is not published yet."""
    challenge = of_team(request, slug)
    try:
        actions.drop_correction(question_of(challenge, token), by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The correction is thrown away. What is published stands."))
    return redirect("challenges:work_questions", slug)
