from django.conf import settings
from django.contrib.messages.storage import cookie


class CookieStorage(cookie.CookieStorage):
    """Messages travel in a signed cookie, so that pages for strangers need no session."""

    cookie_name = "__Host-messages" if settings.SECURE else "messages"
