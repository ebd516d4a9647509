from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import unsubscribe_views, views

app_name = "notifications"
urlpatterns = [
    path(_("unsubscribe/<str:token>/"), unsubscribe_views.unsubscribe_by_link, name="unsubscribe"),
    path("", views.NotificationList.as_view(), name="list"),
    path(_("read/"), views.read, name="read"),
    path(_("open/<slug:token>/"), views.open_notification, name="open"),
]
