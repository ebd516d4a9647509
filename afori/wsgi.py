import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "afori.settings")

application = get_wsgi_application()

if os.environ.get("AFORI_OPENER_KEK"):
    raise ImproperlyConfigured("AFORI_OPENER_KEK belongs to the opener's worker alone.")
