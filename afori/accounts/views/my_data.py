"""One's own data: to download it, and to delete the account."""

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.ratelimit import consume_or_429
from django.conf import settings
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from afori.common import personal_data
from afori.common.views import posted

from .. import actions
from ..actions.erasure import WAIT, deleted_on
from ..archive import archive_of
from ..forms import DeletionForm
from .shared import attempt, page


def my_data(request):
    """What is held, the way to download it, and the way out."""
    context = {
        "holdings": personal_data.holdings(),
        "confirmed": did_recently_reauthenticate(request),
        "deleted_on": deleted_on(request.user),
    }
    return render(request, "accounts/my_data.html", context)


@require_POST
def my_data_download(request):
    """The file, for those who have just shown that it is they. Others come back for it."""
    if not did_recently_reauthenticate(request):
        back = urlencode({"next": reverse("accounts:my_data")})
        return redirect(f"{reverse('account_reauthenticate')}?{back}")
    if limited := consume_or_429(request, action="data_download"):
        return limited
    name = f"{settings.AFORI_SITE_NAME}-{timezone.localdate()}.zip"
    response = FileResponse(archive_of(request.user), as_attachment=True, filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@page
@reauthentication_required(allow_get=True)
def account_delete(request):
    """What disappears and what stays; then the question."""
    if request.user.deletion_requested_at:
        return redirect("accounts:my_data")
    form = DeletionForm(posted(request))
    obstacles = personal_data.obstacles(request.user)
    if request.method == "POST" and not obstacles and form.is_valid():
        attempt(
            request,
            lambda: actions.request_deletion(by=request.user),
            _("Your account will be deleted. You can still change your mind."),
        )
        return redirect("accounts:my_data")
    context = {
        "form": form,
        "obstacles": obstacles,
        "holdings": personal_data.holdings(),
        "days": WAIT.days,
    }
    return render(request, "accounts/account_delete.html", context)


@require_POST
def account_keep(request):
    attempt(
        request,
        lambda: actions.cancel_deletion(by=request.user),
        _("Your account stays. Nothing has been deleted."),
    )
    return redirect("accounts:my_data")
