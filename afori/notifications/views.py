from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import ListView

from .actions import mark_read
from .models import Notification
from .reading import destination, entries

REMEMBERED = 400


class NotificationList(ListView):
    """A person's notifications, unread ones first. Those that are done with count as read."""

    template_name = "notifications/notification_list.html"
    paginate_by = 20

    def get_queryset(self):
        return Notification.objects.of(self.request.user).unread_first()[:REMEMBERED]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        user = self.request.user
        found = entries(context["object_list"], user)
        stale = [one.notification for one in found if one.is_stale]
        if any(one.read_at is None for one in stale):
            mark_read(user, stale)
        found.sort(key=lambda entry: not entry.is_unread)
        return context | {"entries": found}


@require_POST
def read(request):
    """Mark all of one's notifications as read."""
    mark_read(request.user)
    messages.success(request, _("All notifications are marked as read."))
    return redirect("notifications:list")


@require_safe
def open_notification(request, token):
    """Mark one as read and go to the place it is about."""
    notification = get_object_or_404(Notification.objects.of(request.user), token=token)
    mark_read(request.user, [notification])
    url = destination(notification, request.user)
    if url is None:
        messages.info(request, _("This has been dealt with, or is no longer open to you."))
    return redirect(url or "notifications:list")
