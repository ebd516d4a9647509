from django.contrib import messages
from django.views.decorators.http import require_http_methods

from afori.common.states import Refused

page = require_http_methods(["GET", "HEAD", "POST"])


def attempt(request, action, success):
    """Do it and say so, or say why not. Returns whether it was done."""
    try:
        action()
    except Refused as refusal:
        messages.warning(request, refusal.message)
        return False
    messages.success(request, success)
    return True
