"""A web application with the portal's models and settings, but none of its middleware."""

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "afori.settings")
django.setup(set_prefix=False)
settings.MIDDLEWARE = []
settings.ROOT_URLCONF = "tests.bench.bare_urls"
settings.TEMPLATES[0]["DIRS"].append(Path(os.environ["BARE_TEMPLATES"]))
application = WSGIHandler()
