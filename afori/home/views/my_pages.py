from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from afori.accounts.actions.erasure import deleted_on
from afori.accounts.mfa import has_second_factor, needs_second_factor
from afori.common.lists import MOST_ROWS, ROWS_A_PAGE
from afori.notifications.bounces import is_stopped
from afori.notifications.reading import latest

from ..own_lists import LISTS, Raw, most_urgent_first, shown

ROWS = 5


def my_pages(request):
    """What waits for the person, the most urgent first, and then what is theirs."""
    user = request.user
    lists = shown(user, ROWS)
    context = {
        "deleted_on": deleted_on(user),
        "is_stopped": is_stopped(user.email),
        "lacks_second_factor": lacks_second_factor(user),
        "may_see_overdue": user.has_perm("challenges.see_overdue"),
        "waiting": most_urgent_first(lists),
        "drafts": lists.get("drafts"),
        "answers": lists.get("answers"),
        "challenges": lists.get("challenges"),
        "followed": lists.get("followed"),
        "networks": lists.get("networks"),
        "organisations": lists.get("organisations"),
        "entries": latest(user),
    }
    return render(request, "home/my_pages.html", context)


def lacks_second_factor(user):
    """Where it is required nobody comes here without one; elsewhere it is good advice."""
    return (
        not settings.AFORI_REQUIRE_MFA and needs_second_factor(user) and not has_second_factor(user)
    )


def my_list(request, name):
    """All of one list of My pages."""
    own_list = LISTS.get(name)
    if own_list is None:
        raise Http404
    rows = own_list.queryset(request.user)[:MOST_ROWS]
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    now = timezone.localtime()
    context = {
        "heading": own_list.heading,
        "page_obj": page,
        "rows": [own_list.row(Raw(*values), now) for values in page],
    }
    return render(request, "home/my_list.html", context)
