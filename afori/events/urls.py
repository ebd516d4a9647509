from django.urls import path
from django.utils.translation import gettext_lazy as _

from afori.common.views import public

from . import views

app_name = "events"
urlpatterns = [
    path("", public(views.EventList.as_view()), name="list"),
    path("<slug:slug>/", public(views.EventDetail.as_view()), name="detail"),
    path(_("<slug:slug>/calendar.ics"), public(views.event_calendar), name="calendar"),
]
