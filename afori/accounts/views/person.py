from allauth.mfa.adapter import get_adapter as mfa_adapter
from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import is_valid_path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from afori.common.views import posted

from ..acting import act_for
from ..forms import SessionForm, SettingsForm
from ..mfa import has_second_factor, needs_second_factor, take_heading
from ..models import Organisation
from .organisations import waiting_of
from .shared import page


@require_POST
def act_for_organisation(request):
    """Act for another of one's organisations, then go on where one was."""
    slug = request.POST.get("organisation", "")
    act_for(request, get_object_or_404(Organisation.objects.of(request.user), slug=slug))
    path = request.POST.get("next", "")
    return redirect(path if is_page(path) else "my_pages")


def is_page(path):
    return url_has_allowed_host_and_scheme(path, allowed_hosts=None) and is_valid_path(
        path.partition("?")[0]
    )


@page
def settings_page(request):
    form = SettingsForm(posted(request), instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your settings are saved."))
        return redirect("accounts:settings")
    context = {
        "form": form,
        "requests": waiting_of(request.user),
        "has_second_factor": mfa_adapter().is_mfa_enabled(request.user),
        "should_have_one": needs_second_factor(request.user),
    }
    return render(request, "accounts/settings.html", context)


@require_POST
def session_end(request):
    """Log out in one of the other places where one is logged in."""
    form = SessionForm(request.POST, user=request.user)
    if not form.is_valid():
        raise Http404
    form.cleaned_data["session"].end()
    messages.success(request, _("You are logged out there."))
    return redirect("usersessions_list")


def second_factor(request):
    """Why a second factor is needed and how to get one; with one, on to where one was heading."""
    if has_second_factor(request.user):
        return redirect(take_heading(request) or "mfa_index")
    context = {"required": settings.AFORI_REQUIRE_MFA and needs_second_factor(request.user)}
    return render(request, "accounts/second_factor.html", context)
