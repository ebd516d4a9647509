"""The dialogue meetings of a challenge, as its team plans them and publishes their notes."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from afori.common.states import Refused
from afori.common.views import posted
from challenges.actions import Overtaken
from challenges.asking import takes_answers
from challenges.locks import database_now
from challenges.models import Challenge
from challenges.views.held import keeps_text, unlogged

from . import actions
from .forms import MeetingForm, NotesForm
from .plain_text import as_text, is_plain

SHOWN = 50


def of_team(request, slug):
    """A challenge that has been published, for its team; 404 for everybody else."""
    found = Challenge.objects.published().of_team(request.user).select_related("owner")
    return get_object_or_404(found.defer(*Challenge.LONG_TEXTS), slug=slug)


def meetings_of(challenge):
    return challenge.events.dialogue_meetings().defer("search_sv", "search_en")


def meeting_of(challenge, slug):
    meeting = get_object_or_404(meetings_of(challenge), slug=slug)
    meeting.challenge = challenge
    return meeting


def page(request, challenge, template, *, status=200, **context):
    known = {"challenge": challenge, "is_open": takes_answers(challenge, database_now())}
    return render(request, f"events/{template}.html", known | context, status=status)


def meetings(request, slug):
    challenge = of_team(request, slug)
    wanted = challenge.questions.waiting().filter(wants_meeting=True)
    return page(
        request,
        challenge,
        "meeting_list",
        meetings=meetings_of(challenge).order_by("-starts_at")[:SHOWN],
        wanted=wanted.count(),
        now=database_now(),
    )


@keeps_text
def meeting_new(request, slug):
    challenge = of_team(request, slug)
    form = MeetingForm(posted(request), initial={"title_sv": _("Dialogue meeting")})
    if request.method == "POST" and form.is_valid():
        form.cleaned_data.pop("seen")
        return kept(request, challenge, form, actions.plan_meeting, challenge)
    return page(request, challenge, "meeting_form", form=form)


@keeps_text
def meeting_change(request, slug, meeting):
    challenge = of_team(request, slug)
    meeting = meeting_of(challenge, meeting)
    form = MeetingForm(posted(request), initial=stored(meeting))
    if not (is_plain(meeting.body_sv) and is_plain(meeting.body_en)):
        return page(request, challenge, "meeting_form", meeting=meeting, is_formatted=True)
    if request.method == "POST" and form.is_valid():
        return kept(request, challenge, form, actions.change_meeting, meeting)
    return page(request, challenge, "meeting_form", form=form, meeting=meeting)


def stored(meeting):
    facts = {name: getattr(meeting, name) for name in actions.FACTS}
    facts |= {name: as_text(getattr(meeting, name)) for name in ("body_sv", "body_en")}
    return facts | {"seen": meeting.updated_at.isoformat()}


def kept(request, challenge, form, action, subject):
    """Do it, or show the form again with all that was typed and why it was not done."""
    try:
        meeting = action(subject, **form.cleaned_data, by=request.user)
    except Overtaken as refusal:
        newer = meeting_of(challenge, subject.slug)
        form.data = {**request.POST.dict(), "seen": newer.updated_at.isoformat()}
        return not_kept(request, challenge, form, refusal, newer)
    except Refused as refusal:
        return not_kept(request, challenge, form, refusal, None)
    messages.success(
        request, _("Saved. The meeting is public, and those who follow the challenge are told.")
    )
    return redirect("meetings:list", meeting.challenge.slug)


def not_kept(request, challenge, form, refusal, newer):
    return unlogged(
        page(
            request,
            challenge,
            "meeting_form",
            form=form,
            refusal=refusal,
            newer=newer,
            status=409,
        )
    )


@keeps_text
def meeting_notes(request, slug, meeting):
    challenge = of_team(request, slug)
    meeting = meeting_of(challenge, meeting)
    known = {"meeting": meeting, "has_begun": meeting.starts_at <= database_now()}
    if not (is_plain(meeting.notes_sv) and is_plain(meeting.notes_en)):
        return page(request, challenge, "meeting_notes", **known, is_formatted=True)
    form = NotesForm(posted(request), initial=noted(meeting))
    if request.method != "POST" or not form.is_valid():
        return page(request, challenge, "meeting_notes", form=form, **known)
    try:
        actions.publish_notes(meeting, **form.cleaned_data, by=request.user)
    except Refused as refusal:
        newer = meeting_of(challenge, meeting.slug)
        form.data = {**request.POST.dict(), "seen": newer.updated_at.isoformat()}
        known |= {"form": form, "refusal": refusal, "newer": newer, "status": 409}
        return unlogged(page(request, challenge, "meeting_notes", **known))
    messages.success(
        request, _("The notes are published to everybody. Those who follow the challenge are told.")
    )
    return redirect("meetings:list", slug)


def noted(meeting):
    texts = {name: as_text(getattr(meeting, name)) for name in ("notes_sv", "notes_en")}
    return texts | {"seen": meeting.updated_at.isoformat()}
