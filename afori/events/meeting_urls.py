from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import meeting_views as views

app_name = "meetings"
urlpatterns = [
    path(_("challenges/<slug:slug>/work/meetings/"), views.meetings, name="list"),
    path(_("challenges/<slug:slug>/work/meetings/new/"), views.meeting_new, name="new"),
    path(
        _("challenges/<slug:slug>/work/meetings/<slug:meeting>/"),
        views.meeting_change,
        name="change",
    ),
    path(
        _("challenges/<slug:slug>/work/meetings/<slug:meeting>/notes/"),
        views.meeting_notes,
        name="notes",
    ),
]
