"""Pages of the demo's mailbox. Outside the demo they do not exist."""

from functools import wraps

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from afori.common.views import public

from . import mailbox

SANDBOX = "allow-top-navigation-by-user-activation"
ONLY_A_PICTURE_OF_A_MAIL = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "frame-ancestors": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "sandbox": [SANDBOX],
}


def only_in_demo(view):
    """A page for anyone, in the demo; 404 elsewhere."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if not settings.AFORI_DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return public(never_cache(require_safe(wrapped)))


@only_in_demo
def mailbox_list(request):
    address = request.GET.get("address", "")[:254]
    context = {"mails": mailbox.mails(address), "address": address}
    return render(request, "demo/mailbox.html", context)


@only_in_demo
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def mailbox_mail(request, name):
    context = {"mail": mail_or_404(name), "sandbox": SANDBOX}
    return render(request, "demo/mailbox_mail.html", context)


@only_in_demo
@xframe_options_sameorigin
@csp(ONLY_A_PICTURE_OF_A_MAIL)  # type: ignore[arg-type]
def mailbox_html(request, name):
    """The mail's HTML alone, for a sandboxed frame: no script, no picture, links open outside."""
    html = mail_or_404(name).html
    return HttpResponse(html.replace("<head>", '<head><base target="_top">', 1))


def mail_or_404(name):
    mail = mailbox.find(name)
    if mail is None:
        raise Http404
    return mail
