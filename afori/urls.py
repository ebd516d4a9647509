from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

urlpatterns = [
    path("", include("afori.home.plain_urls")),
    path("", include("afori.accounts.plain_urls")),
    path("", include("afori.notifications.plain_urls")),
    *i18n_patterns(
        path("", include("afori.home.urls")),
        path(_("account/"), include("afori.accounts.account_urls")),
        path(_("people/"), include("afori.accounts.urls")),
        path(_("organisations/"), include("afori.home.organisation_urls")),
        path(_("notifications/"), include("afori.notifications.urls")),
        path("", include("networks.urls")),
        path("", include("challenges.urls")),
        path("", include("afori.events.meeting_urls")),
        path(_("funding/"), include("funding.urls")),
        path(_("events/"), include("afori.events.urls")),
        path("", include("knowledge.urls")),
        path(_("search/"), include("afori.search.urls")),
        path("admin/", admin.site.urls),
        prefix_default_language=False,
    ),
]
