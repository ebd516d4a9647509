from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import views

app_name = "notifications"
urlpatterns = [
    path("", views.NotificationList.as_view(), name="list"),
    path(_("read/"), views.read, name="read"),
    path(_("open/<slug:token>/"), views.open_notification, name="open"),
]
