from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import views

app_name = "accounts"
urlpatterns = [
    path(_("settings/"), views.settings_page, name="settings"),
    path(_("settings/two-step/"), views.second_factor, name="second_factor"),
    path(_("my-data/"), views.my_data, name="my_data"),
    path(_("my-data/download/"), views.my_data_download, name="my_data_download"),
    path(_("my-data/delete/"), views.account_delete, name="account_delete"),
    path(_("my-data/delete/cancel/"), views.account_keep, name="account_keep"),
    path(_("sessions/end/"), views.session_end, name="session_end"),
    path(_("act-for/"), views.act_for_organisation, name="act_for"),
    path(_("organisation/"), views.organisation_start, name="organisation_start"),
    path(_("organisation/new/"), views.organisation_create, name="organisation_create"),
    path(_("organisation/alike/"), views.organisation_alike, name="organisation_alike"),
    path(_("organisation/<slug:slug>/"), views.members, name="members"),
    path(_("organisation/<slug:slug>/edit/"), views.organisation_edit, name="organisation_edit"),
    path(_("organisation/<slug:slug>/logo/"), views.organisation_logo, name="organisation_logo"),
    path(_("organisation/<slug:slug>/join/"), views.organisation_join, name="organisation_join"),
    path(_("organisation/<slug:slug>/invite/"), views.invite, name="invite"),
    path(_("organisation/<slug:slug>/leave/"), views.organisation_leave, name="organisation_leave"),
    path(
        _("organisation/<slug:slug>/check/"),
        views.verification_request,
        name="verification_request",
    ),
    path(_("requests/<str:token>/"), views.membership_decide, name="membership_decide"),
    path(_("requests/<str:token>/withdraw/"), views.request_withdraw, name="request_withdraw"),
    path(_("members/<str:token>/"), views.member_change, name="member_change"),
    path(_("members/<str:token>/remove/"), views.member_remove, name="member_remove"),
    path(_("invited/<str:token>/"), views.invitation, name="invitation"),
    path(
        _("invited/<str:token>/take-back/"),
        views.invitation_take_back,
        name="invitation_take_back",
    ),
    path(
        _("invited/<str:token>/send-again/"),
        views.invitation_send_again,
        name="invitation_send_again",
    ),
]
