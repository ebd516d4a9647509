import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from challenges import opener

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "afori.settings")

application = get_wsgi_application()

if opener.has_kek():
    raise ImproperlyConfigured("AFORI_OPENER_KEK belongs to the opener's worker alone.")
