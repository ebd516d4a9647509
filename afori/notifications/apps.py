from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "afori.notifications"
    verbose_name = _("Notifications")

    def ready(self):
        from . import account_mail, digest, followed, staff_decisions  # noqa: F401 - they register their kinds

        autodiscover_modules("notifications")
