from allauth.socialaccount.models import SocialApp
from django.utils.translation import gettext_lazy as _


class LoginProvider(SocialApp):
    """An organisation's own log-in. afori.accounts.providers says what its `settings` hold."""

    class Meta:
        proxy = True
        verbose_name = _("organisation log-in")
        verbose_name_plural = _("organisation log-ins")

    @property
    def is_saml(self):
        return self.provider == "saml"

    @property
    def domains(self):
        return self.settings.get("domains", [])
