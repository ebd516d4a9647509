from django.urls import path
from django.utils.translation import gettext_lazy as _

from afori.common.views import public

from . import views

app_name = "knowledge"
urlpatterns = [
    path(_("knowledge/"), public(views.ArticleList.as_view()), name="list"),
    path(_("knowledge/glossary/"), public(views.Glossary.as_view()), name="glossary"),
    path(_("knowledge/pictures/<slug:token>/"), public(views.article_image), name="image"),
    path(_("knowledge/<slug:slug>/"), public(views.ArticleDetail.as_view()), name="article"),
    path(_("knowledge/<slug:slug>/preview/"), views.article_preview, name="preview"),
    path(
        _("knowledge/<slug:slug>/files/<slug:token>/"),
        public(views.article_attachment),
        name="attachment",
    ),
    path(_("theme-weeks/"), public(views.ThemeWeekList.as_view()), name="theme_weeks"),
    path(_("theme-weeks/<slug:slug>/"), public(views.ThemeWeekDetail.as_view()), name="theme_week"),
    path(
        _("theme-weeks/<slug:slug>/calendar.ics"),
        public(views.theme_week_calendar),
        name="theme_week_calendar",
    ),
    path(
        _("theme-weeks/<slug:slug>/preview/"),
        views.theme_week_preview,
        name="theme_week_preview",
    ),
]
