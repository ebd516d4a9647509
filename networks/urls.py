from django.urls import path
from django.utils.translation import gettext_lazy as _

from afori.common.views import public

from . import views

app_name = "networks"
urlpatterns = [
    path(_("networks/"), public(views.NetworkList.as_view()), name="list"),
    path(_("networks/<slug:slug>/"), public(views.NetworkDetail.as_view()), name="detail"),
    path(_("networks/<slug:slug>/join/"), views.join, name="join"),
    path(_("networks/<slug:slug>/withdraw/"), views.withdraw, name="withdraw"),
    path(_("networks/<slug:slug>/leave/"), views.leave, name="leave"),
    path(_("networks/<slug:slug>/requests/"), views.requests, name="requests"),
    path(_("networks/<slug:slug>/requests/<int:pk>/"), views.decide, name="decide"),
    path(_("networks/<slug:slug>/room/"), views.room, name="room"),
    path(
        _("networks/<slug:slug>/members/<int:pk>/remove/"),
        views.remove_member,
        name="remove_member",
    ),
    path(_("networks/<slug:slug>/documents/"), views.document_add, name="document_add"),
    path(_("networks/<slug:slug>/documents/<str:token>/"), views.document, name="document"),
    path(
        _("networks/<slug:slug>/documents/<str:token>/remove/"),
        views.document_remove,
        name="document_remove",
    ),
    path(_("needs/"), public(views.NeedList.as_view()), name="needs"),
    path(_("needs/<slug:slug>/"), public(views.NeedDetail.as_view()), name="need"),
    path(_("needs/<slug:slug>/commitment/"), views.commit_to_need, name="commit"),
    path(_("needs/<slug:slug>/commitment/withdraw/"), views.uncommit, name="uncommit"),
]
