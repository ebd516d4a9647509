from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.conf import settings
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..forms.providers import LoginProviderForm
from ..models import LoginProvider

# The secret of an organisation's log-in is never shown; whose account it opens is theirs.
admin.site.unregister([SocialAccount, SocialApp, SocialToken])


@admin.register(LoginProvider)
class LoginProviderAdmin(admin.ModelAdmin):
    form = LoginProviderForm
    list_display = ["name", "kind", "answers_for"]
    search_fields = ["name", "provider_id"]
    readonly_fields = ["addresses"]
    fieldsets = [
        (None, {"fields": ["name", "provider", "slug", "domains", "addresses"]}),
        ("OpenID Connect", {"fields": ["server_url", "client_id", "secret"]}),
        ("SAML 2.0", {"fields": ["entity_id", "sso_url", "certificate", "allow_idp_initiated"]}),
    ]

    @admin.display(description=gettext_lazy("kind"))
    def kind(self, provider):
        return "SAML 2.0" if provider.is_saml else "OpenID Connect"

    @admin.display(description=gettext_lazy("answers for"))
    def answers_for(self, provider):
        return ", ".join(provider.domains)

    @admin.display(description=gettext_lazy("Addresses that the organisation registers"))
    def addresses(self, provider):
        if not provider.pk:
            return _("They are shown here when you have saved.")
        return format_html_join("", "<div>{}: <code>{}</code></div>", registered(provider))


def registered(provider):
    """What the organisation enters in its own system, as (what it is, address)."""
    slug = provider.provider_id
    if not provider.is_saml:
        yield _("Redirect URI"), absolute("openid_connect_callback", slug)
        return
    yield _("Metadata and entity ID"), absolute("saml_metadata", slug)
    yield _("Reply address (ACS)"), absolute("saml_acs", slug)


def absolute(name, slug):
    return settings.AFORI_BASE_URL + reverse(name, args=[slug])
