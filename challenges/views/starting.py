"""Beginning a challenge: who may, and from what."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from afori.accounts.acting import acts_elsewhere
from afori.common.states import Refused
from networks.models import Need

from ..actions import carried, copy_challenge, start_challenge, start_from_need
from ..forms import StartForm
from ..models import Challenge
from .held import HELD, give_back

MOST_SOURCES = 100


def new(request):
    """Anyone may read how it works. A buyer gives a title and begins."""
    need = asked_need(request)
    if request.method == "POST" and (elsewhere := acts_elsewhere(request)):
        messages.warning(request, elsewhere)
        return redirect(request.get_full_path())
    if request.method == "POST" and not request.user.is_authenticated:
        return give_back(request, HELD)
    may = request.user.has_perm("challenges.start_challenge")
    if request.method == "POST" and not may:
        raise PermissionDenied
    form = start_form(request, need) if may else None
    if request.method == "POST" and form.is_valid():
        return begin(request, form, need)
    context = {
        "form": form,
        "need": need,
        "carried": carried_over(need) if need and may else [],
        "standing": standing(request),
    }
    return render(request, "challenges/challenge_new.html", context)


def asked_need(request):
    """The need that one comes from, in the query; 404 for one that the person may not see."""
    slug = request.GET.get("need")
    return get_object_or_404(Need.objects.visible_to(request.user), slug=slug) if slug else None


def carried_over(need):
    """What comes along from the need, in words."""
    names = {
        "summary": _("the summary"),
        "background": _("causes and effects, as background"),
        "function": _("what is needed, as the function asked for"),
        "affected": _("who is affected"),
        "level": _("the level"),
        "topics": _("the topics"),
        "goals": _("the global goals"),
        "network": _("the network"),
    }
    found = {name.removesuffix("_sv").removesuffix("_en") for name in carried(need)}
    return [words for name, words in names.items() if name in found]


def standing(request):
    if not request.user.is_authenticated:
        return "stranger"
    if request.acting_for is None:
        return "alone"
    if request.acting_for.is_supplier:
        return "supplier"
    return "buyer" if request.acting_for.is_verified else "unverified"


def start_form(request, need):
    sources = earlier(request) if need is None else Challenge.objects.none()
    initial = {"source": request.GET.get("copy")}
    if need:
        initial["title"] = need.title_sv
    form = StartForm(request.POST or None, initial=initial, sources=sources)
    if need or not sources:
        del form.fields["source"], form.fields["with_people"]
    return form


def earlier(request):
    """Challenges of the organisation that the person may see, latest first."""
    found = Challenge.objects.visible_to(request.user).filter(owner=request.acting_for)
    latest = found.order_by("-pk").values("pk")[:MOST_SOURCES]
    return Challenge.objects.filter(pk__in=latest).only("slug", "title_sv", "title_en")


def begin(request, form, need):
    who = {"organisation": request.acting_for, "by": request.user}
    title, source = form.cleaned_data["title"], form.cleaned_data.get("source")
    try:
        if need:
            challenge = start_from_need(need, title=title, **who)
        elif source:
            people = form.cleaned_data["with_people"]
            challenge = copy_challenge(source, title=title, with_people=people, **who)
        else:
            challenge = start_challenge(title=title, **who)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("challenges:new")
    messages.success(request, _("The draft is there. Only you and those you add see it."))
    return redirect("challenges:work", challenge.slug)
