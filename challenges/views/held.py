"""Text that arrives after log-in or access has gone is given back, not thrown away."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from afori.common.errors import csrf_failure

from ..models import Challenge, Criterion

TEXTS = ("title", "text", "partners", "reason", "contact", "statement", "feedback")
BEGINNINGS = ("change_", "reason-", "comment-")
ENDINGS = ("_sv", "_en")
# What decides something is chosen again, on the page itself. The rest comes along unseen.
DECIDING = ("then", "do", "decision", "settled", "has_conflict", "csrfmiddlewaretoken")
OWN = ("same-origin", "none")


class CsrfCheck(CsrfViewMiddleware):
    """Django's own check, telling instead of answering."""

    def _reject(self, request, reason):
        return reason

    def is_foreign(self, request):
        """Whether the browser says that another site sent this, as Django's check asks it."""
        if request.headers.get("Sec-Fetch-Site", "none") not in OWN:
            return True
        if "Origin" in request.headers:
            return not self._origin_verified(request)
        if referer := request.headers.get("Referer"):
            return not url_has_allowed_host_and_scheme(referer, {request.get_host()})
        return request.is_secure()


def is_foreign(request):
    return CsrfCheck(lambda request: None).is_foreign(request)


def is_forged(request):
    check = CsrfCheck(lambda request: None)
    check.process_request(request)
    return check.process_view(request, None, (), {}) is not None


def keeps(template):
    """A log-in and a CSRF token are asked for as everywhere; without them a POST does nothing but
    come back, as `template`, with what was typed and a fresh token; to what another site sends, no
    form. The address tells nothing to a stranger. Whoever may not see the answer, or made its
    address up, gets 404 with what was typed.
    """

    def decorate(view):
        @csrf_exempt
        @login_not_required
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if request.method == "POST" and is_foreign(request):
                return unlogged(csrf_failure(request))
            if request.method == "POST" and (
                not request.user.is_authenticated or is_forged(request)
            ):
                return give_back(request, template)
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            try:
                return view(request, *args, **kwargs)
            except Http404:
                if request.method != "POST":
                    raise
                return say_gone(request)

        return guarded

    return decorate


HELD = "challenges/answer_held.html"
keeps_text = keeps(HELD)
keeps_draft = keeps("challenges/answer_submit_held.html")


def is_text(name):
    return name in TEXTS or name.endswith(ENDINGS) or name.startswith(BEGINNINGS)


def sent(request):
    """All that came, with every value of what has several."""
    return [(name, value) for name, values in request.POST.lists() for value in values]


def typed_in(request):
    """Long texts, to be seen again; empty ones need not be."""
    return [(name, value) for name, value in sent(request) if is_text(name) and value]


def shown(typed):
    """Name, label, text and height of each field: alone it needs no name of its own."""
    if len(typed) == 1:
        [(name, text)] = typed
        return [(name, _("What you had typed"), text, 14)]
    return [(name, label_of(name), text, min(14, 2 + len(text) // 80)) for name, text in typed]


def label_of(name):
    """What the challenge or its criterion calls a field such as "summary_sv" or "0-prompt_sv"."""
    number, _sign, field = name.rpartition("-")
    is_criterion = number.isdecimal() and len(number) < 4
    model = Criterion if is_criterion else Challenge
    known = {one.name: one for one in model._meta.concrete_fields}
    if field not in known or (number and not is_criterion):
        return _("What you had typed")
    label = capfirst(known[field].verbose_name)
    if not is_criterion:
        return label
    return f"{_('Criterion %(number)d') % {'number': int(number) + 1}}: {label}"


def say_gone(request):
    typed = typed_in(request)
    context = {"typed": typed, "shown": shown(typed)}
    return unlogged(render(request, "challenges/answer_gone.html", context, status=404))


def give_back(request, template):
    typed = typed_in(request)
    hidden = [
        (name, value)
        for name, value in sent(request)
        if not (is_text(name) and value) and name not in DECIDING
    ]
    context = {"typed": typed, "shown": shown(typed), "hidden": hidden}
    return unlogged(render(request, template, context, status=403))


def unlogged(response):
    """Keep the address, which tells that somebody writes an answer, out of Django's log."""
    response._has_been_logged = True
    return response
