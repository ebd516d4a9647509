from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    name = "afori.common"
    verbose_name = _("Common")

    def ready(self):
        from . import leftovers  # noqa: F401 - it registers its rule

        autodiscover_modules("retention", "personal_data")
