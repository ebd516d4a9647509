"""The admin's frame: our name, our order of apps, our log-in, and what waits for an editor."""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.i18n import JavaScriptCatalog

from .context import SITE
from .foreign_messages import EDITOR

ORDER = ["knowledge", "funding", "networks", "challenges", "events", "taxonomy", "accounts"]


class EditorCatalog(JavaScriptCatalog):
    """Django's words for the admin's scripts, and ours for the rich-text editor."""

    def get_catalog(self):
        return super().get_catalog() | {word: gettext(word) for word in EDITOR}


class AdminSite(admin.AdminSite):
    index_title = _("Editors' desk")
    empty_value_display = "–"

    @property
    def site_header(self):
        return SITE.name

    site_title = site_header

    def each_context(self, request):
        return super().each_context(request) | {"site_url": reverse("home")}

    def index(self, request, extra_context=None):
        waiting = [one for each in self._registry.values() for one in reminders(each, request)]
        return super().index(request, {"waiting": waiting, **(extra_context or {})})

    def get_app_list(self, request, app_label=None):
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: place(app["app_label"]))

    def i18n_javascript(self, request, extra_context=None):
        return EditorCatalog.as_view(packages=["django.contrib.admin"])(request)

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def get_urls(self):
        """Without Django's jump to any row of any model: it would tell which rows exist."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def catch_all_view(self, request, url):
        """Only addresses that lack their last slash are mended; all others are not found."""
        if request.path.endswith("/"):
            raise Http404
        return super().catch_all_view(request, url)


class AdminConfig(DjangoAdminConfig):
    default_site = "afori.common.admin_site.AdminSite"


def place(label):
    return ORDER.index(label) if label in ORDER else len(ORDER)


def reminders(model_admin, request):
    """What one model wants an editor to see on the first page: (text, address) pairs."""
    ask = getattr(model_admin, "reminders", None)
    return ask(request) if ask and model_admin.has_change_permission(request) else []
