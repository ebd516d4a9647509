from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import (
    followed_views,
    following_views,
    preview_views,
    subscription_views,
    unsubscribe_views,
    views,
)

app_name = "notifications"
urlpatterns = [
    path(_("unsubscribe/<str:token>/"), unsubscribe_views.unsubscribe_by_link, name="unsubscribe"),
    path("", views.NotificationList.as_view(), name="list"),
    path(_("read/"), views.read, name="read"),
    path(_("open/<slug:token>/"), views.open_notification, name="open"),
    path(_("by-mail/"), subscription_views.by_mail, name="by_mail"),
    path(_("by-mail/asked/"), subscription_views.by_mail_asked, name="by_mail_asked"),
    path(_("by-mail/confirm/<str:token>/"), subscription_views.confirm_by_link, name="confirm"),
    path(_("by-mail/choices/<str:token>/"), subscription_views.own_choices, name="own"),
    path(_("next/"), preview_views.preview_page, name="preview"),
    path(_("next/html/"), preview_views.preview_html, name="preview_html"),
    path(_("followed/"), followed_views.followed, name="followed"),
    path(_("choices/"), followed_views.choices, name="choices"),
    path(_("choices/mail-again/"), followed_views.mail_again, name="mail_again"),
    path(_("follow/<slug:kind>/"), following_views.follow, name="follow_kind"),
    path(_("follow/<slug:kind>/<slug:slug>/"), following_views.follow, name="follow"),
    path(_("unfollow/<slug:kind>/<int:subject_id>/"), following_views.unfollow, name="unfollow"),
]
