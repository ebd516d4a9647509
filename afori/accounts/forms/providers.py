"""How staff describe an organisation's own log-in, without code."""

from urllib.parse import urlsplit

from cryptography.x509 import load_pem_x509_certificate
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..domains import clean_domain
from ..models import LoginProvider
from ..providers import seal_secret

HERE = {"localhost", "127.0.0.1"}
RESERVED = {"openid_connect", "saml"}
OIDC, SAML = "openid_connect", "saml"
NEEDED = {
    OIDC: ["server_url", "client_id"],
    SAML: ["entity_id", "sso_url", "certificate"],
}


class LoginProviderForm(forms.ModelForm):
    provider = forms.ChoiceField(
        label=_("Kind"),
        choices=[(OIDC, "OpenID Connect"), (SAML, "SAML 2.0")],
        help_text=_("Choose OpenID Connect if the organisation offers both."),
    )
    name = forms.CharField(
        label=_("Name on the log-in page"),
        max_length=40,
        help_text=_("The organisation's name: it stands on the button."),
    )
    slug = forms.SlugField(
        label=_("Short name in the addresses"),
        max_length=50,
        help_text=_("For example ekhamra. It cannot be changed: the organisation registers it."),
    )
    domains = forms.CharField(
        label=_("E-mail domains that the organisation answers for"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=_(
            "One on each line, for example ekhamra.se. Its word is taken for addresses in these "
            "alone; all others have to be confirmed by code."
        ),
    )
    server_url = forms.URLField(
        label=_("Issuer"),
        required=False,
        assume_scheme="https",
        help_text=_("OpenID Connect: the address before /.well-known/openid-configuration."),
    )
    client_id = forms.CharField(
        label=_("Client ID"), required=False, max_length=191, help_text=_("OpenID Connect.")
    )
    secret = forms.CharField(
        label=_("Client secret"),
        required=False,
        max_length=500,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "class": "vTextField"}),
        help_text=_(
            "OpenID Connect. It is kept encrypted and never shown again. "
            "Leave it empty to keep the one there is."
        ),
    )
    entity_id = forms.CharField(
        label=_("Entity ID"), required=False, max_length=500, help_text=_("SAML: the issuer.")
    )
    sso_url = forms.URLField(
        label=_("Address to log in at"),
        required=False,
        assume_scheme="https",
        help_text=_("SAML: single sign-on with HTTP-Redirect."),
    )
    certificate = forms.CharField(
        label=_("Certificate"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "class": "vLargeTextField"}),
        help_text=_("SAML: the one that answers are signed with, as PEM."),
    )
    allow_idp_initiated = forms.BooleanField(
        label=_("People may start from the organisation's own portal"),
        required=False,
        help_text=_(
            "SAML. Weaker: such an answer is not tied to a browser. Leave it out if you can."
        ),
    )

    class Meta:
        model = LoginProvider
        fields = ["provider", "name", "client_id"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial |= described(self.instance)
            self.fields["slug"].disabled = self.fields["provider"].disabled = True

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        others = LoginProvider.objects.filter(provider_id=slug).exclude(pk=self.instance.pk)
        if others.exists() or slug in RESERVED:
            raise ValidationError(_("Another log-in has this short name."), code="taken")
        return slug

    def clean_domains(self):
        return sorted({clean_domain(one) for one in self.cleaned_data["domains"].split()})

    def clean_server_url(self):
        return only_encrypted(self.cleaned_data["server_url"].rstrip("/"))

    def clean_sso_url(self):
        return only_encrypted(self.cleaned_data["sso_url"])

    def clean_certificate(self):
        text = self.cleaned_data["certificate"].strip()
        try:
            return text and bool(load_pem_x509_certificate(text.encode())) and text
        except ValueError:
            raise ValidationError(
                _("This is no certificate in PEM form (-----BEGIN CERTIFICATE-----)."), code="pem"
            ) from None

    def clean(self):
        cleaned = super().clean()
        for name in NEEDED.get(cleaned.get("provider"), []):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, forms.Field.default_error_messages["required"])
        return cleaned

    def save(self, commit=True):
        provider, slug = self.instance, self.cleaned_data["slug"]
        provider.provider_id = slug
        provider.secret = ""
        provider.settings = self.described_settings()
        if provider.is_saml:
            provider.client_id = slug
        return super().save(commit)

    def described_settings(self):
        cleaned = self.cleaned_data
        if cleaned["provider"] == SAML:
            idp = {"entity_id": cleaned["entity_id"], "sso_url": cleaned["sso_url"]}
            idp["x509cert"] = cleaned["certificate"]
            return {
                "domains": cleaned["domains"],
                "idp": idp,
                "allow_idp_initiated": cleaned["allow_idp_initiated"],
            }
        kept = self.instance.settings.get("secret", "")
        secret = seal_secret(cleaned["secret"]) if cleaned["secret"] else kept
        return {
            "domains": cleaned["domains"],
            "server_url": cleaned["server_url"],
            "secret": secret,
        }


def described(provider):
    """What the form shows of a stored description; never its secret."""
    stored = provider.settings
    idp = stored.get("idp", {})
    return {
        "slug": provider.provider_id,
        "domains": "\n".join(provider.domains),
        "server_url": stored.get("server_url", ""),
        "entity_id": idp.get("entity_id", ""),
        "sso_url": idp.get("sso_url", ""),
        "certificate": idp.get("x509cert", ""),
        "allow_idp_initiated": stored.get("allow_idp_initiated", False),
    }


def only_encrypted(address):
    parts = urlsplit(address)
    if address and parts.scheme != "https" and parts.hostname not in HERE:
        raise ValidationError(_("The address must begin with https."), code="https")
    return address
