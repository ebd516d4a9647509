from django.urls import path

from . import mailbox_views as views
from .webhook_views import bounce_report

urlpatterns = [
    path("e-post/studs/", bounce_report, name="bounce_report"),
    path("demo/mejl/", views.mailbox_list, name="mailbox"),
    path("demo/mejl/<slug:name>/", views.mailbox_mail, name="mailbox_mail"),
    path("demo/mejl/<slug:name>/html/", views.mailbox_html, name="mailbox_html"),
]
