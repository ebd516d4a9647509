"""Addresses that organisations enter in their own log-ins. They must never change."""

from allauth.socialaccount.providers.openid_connect import views as openid_connect
from allauth.socialaccount.providers.saml import views as saml
from django.urls import path

from .account_views import no_single_logout, returns_in_language, saml_metadata

SAML = "konto/saml/<slug:organization_slug>"
urlpatterns = [
    path(
        "konto/oidc/<slug:provider_id>/login/callback/",
        returns_in_language(openid_connect.callback),
        name="openid_connect_callback",
    ),
    path(f"{SAML}/metadata/", saml_metadata, name="saml_metadata"),
    path(f"{SAML}/acs/", saml.acs, name="saml_acs"),
    path(f"{SAML}/acs/finish/", returns_in_language(saml.finish_acs), name="saml_finish_acs"),
    path(f"{SAML}/sls/", no_single_logout, name="saml_sls"),
]
