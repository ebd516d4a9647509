from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from .subscribing import own_page
from .unsubscribing import read, unsubscribe


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_by_link(request, token):
    """Whoever holds the link of a mail may end its kind of mails: GET asks, POST does it.

    No log-in, cookie or token against forgery: mail programs send none, and the link is a secret
    of its reader's.
    """
    try:
        reader, group = read(token)
    except BadSignature as error:
        raise Http404 from error
    is_done = request.method == "POST"
    if is_done:
        unsubscribe(reader, group)
    own = None if reader.user_id else own_page(reader)
    context = {"group": group, "is_done": is_done, "own_page": own}
    return render(request, "notifications/unsubscribe.html", context)
