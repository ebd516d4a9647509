"""News by e-mail without an account: the form, and what the links in the mails lead to.

No log-in, cookie or token against forgery behind those links: each is a secret of its reader's.
GET changes nothing, for programs that look for harm in mails open each link.
"""

from allauth.core.ratelimit import consume_or_429
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from afori.accounts.limits import limits_mail
from afori.common.views import posted, public

from .forms import SubscriptionForm, TopicsForm
from .subscribing import (
    TooOld,
    ask,
    change,
    confirm,
    has_account,
    own_page,
    read_link,
    read_own_link,
    stop,
    topic_ids,
)


def by_link(view):
    methods = require_http_methods(["GET", "HEAD", "POST"])
    return csrf_exempt(login_not_required(never_cache(methods(view))))


@public
@never_cache
@limits_mail
def by_mail(request):
    """Topics and an address. The answer is the same whoever has the address."""
    if request.user.is_authenticated:
        return redirect("notifications:followed")
    form = SubscriptionForm(posted(request))
    if form.is_valid():
        address = form.cleaned_data["email"]
        if limited := consume_or_429(request, action="subscription", key=address):
            return limited
        ask(address, form.cleaned_data["topics"], language=get_language())
        return redirect("notifications:by_mail_asked")
    return render(request, "notifications/by_mail.html", {"form": form})


@public
@require_safe
def by_mail_asked(request):
    return render(request, "notifications/by_mail_asked.html")


@by_link
def confirm_by_link(request, token):
    try:
        asked = read_link(token)
    except BadSignature as error:
        return broken(request, is_old=isinstance(error, TooOld))
    if has_account(asked.reader.address):
        return render(request, "notifications/by_mail_account.html")
    if request.method == "POST":
        confirm(asked)
    context = {"asked": asked, "is_done": asked_anew(asked), "own_page": own_page(asked.reader)}
    return render(request, "notifications/by_mail_confirm.html", context)


def asked_anew(asked):
    asked.reader.refresh_from_db()
    return asked.is_done


@by_link
def own_choices(request, token):
    """The topics of an address: change them, or stop."""
    try:
        reader = read_own_link(token)
    except BadSignature:
        return broken(request, is_old=False)
    if request.method == "POST" and "stop" in request.POST:
        stop(reader)
        return render(request, "notifications/by_mail_stopped.html")
    form = TopicsForm(posted(request), initial={"topics": topic_ids(reader)})
    is_saved = form.is_valid()
    if is_saved:
        change(reader, form.cleaned_data["topics"])
    context = {"form": form, "reader": reader, "is_saved": is_saved}
    return render(request, "notifications/by_mail_own.html", context)


def broken(request, *, is_old):
    status = 410 if is_old else 404
    return render(request, "notifications/by_mail_broken.html", {"is_old": is_old}, status=status)
