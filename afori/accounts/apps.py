from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "afori.accounts"
    verbose_name = _("People and organisations")

    def ready(self):
        from . import squatters  # noqa: F401

        autodiscover_modules("closing", "merging")
