from allauth.core.ratelimit import consume
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from . import webhook
from .bounces import KnownReport, note_bounce


@csrf_exempt
@login_not_required
@never_cache
def bounce_report(request):
    """For the mail provider alone. The answer is the same whether we know the address or not."""
    if not settings.AFORI_BOUNCE_SECRET:
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not consume(request, action="bounce_report"):
        return HttpResponse(status=429)
    return HttpResponse(status=counted(request))


def counted(request):
    """The status that answers a report."""
    body = request.read(webhook.MOST_BYTES + 1)
    if len(body) > webhook.MOST_BYTES:
        return 413
    signature = request.headers.get("X-Afori-Signature", "")
    if not webhook.is_genuine(signature, body, settings.AFORI_BOUNCE_SECRET):
        return 403
    try:
        told = webhook.read(body)
        note_bounce(told.address, hard=told.hard, report=f"webhook:{told.id}")
    except ValueError:
        return 400
    except KnownReport:
        return 409
    return 204
