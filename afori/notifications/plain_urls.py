from django.urls import path

from . import mailbox_views as views

urlpatterns = [
    path("demo/mejl/", views.mailbox_list, name="mailbox"),
    path("demo/mejl/<slug:name>/", views.mailbox_mail, name="mailbox_mail"),
    path("demo/mejl/<slug:name>/html/", views.mailbox_html, name="mailbox_html"),
]
