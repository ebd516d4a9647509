"""One's next digest, in a frame that can do nothing but show it."""

from csp.constants import SELF
from csp.decorators import csp, csp_update
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from .choosing import settings_of
from .mailbox_views import ONLY_A_PICTURE_OF_A_MAIL, SANDBOX
from .previewing import preview


@require_safe
@csp_update({"frame-src": [SELF]})
def preview_page(request):
    context = {"reader": settings_of(request.user), "sandbox": SANDBOX}
    return render(request, "notifications/preview.html", context)


@require_safe
@never_cache
@xframe_options_sameorigin
@csp(ONLY_A_PICTURE_OF_A_MAIL)
def preview_html(request):
    letter = preview(request.user)
    if letter is None:
        return render(request, "notifications/preview_empty.html")
    return HttpResponse(letter.html.replace("<head>", '<head><base target="_top">', 1))
