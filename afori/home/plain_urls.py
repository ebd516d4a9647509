"""Addresses without a language."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path

from afori.common.views import public

from . import machines
from .sitemaps import SITEMAPS

urlpatterns = [
    path("healthz", public(machines.healthz), name="healthz"),
    path("readyz", public(machines.readyz), name="readyz"),
    path("robots.txt", public(machines.robots), name="robots"),
    path("sitemap.xml", public(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    path(".well-known/security.txt", public(machines.security_txt), name="security_txt"),
]
