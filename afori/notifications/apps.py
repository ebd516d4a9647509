from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "afori.notifications"
    verbose_name = _("Notifications")

    def ready(self):
        from . import (  # noqa: F401 - they register their kinds
            account_mail,
            confirmed,
            digest,
            followed,
            staff_decisions,
            subscription_mail,
        )

        autodiscover_modules("notifications")
