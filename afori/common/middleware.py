from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest
from django.utils import translation
from django.utils.cache import add_never_cache_headers


class RefuseBadInput:
    """400 for a zero byte or broken unicode in the address or in form fields."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        address = request.META.get("PATH_INFO", "").encode("latin-1", "replace")
        query = unquote_to_bytes(request.META.get("QUERY_STRING", "").replace("+", " "))
        if not (is_clean(address) and is_clean(query)):
            raise BadRequest("zero byte or broken unicode in the address")
        if request.method == "POST" and has_zero_byte(request.POST):
            raise BadRequest("zero byte in a form field")


def is_clean(raw):
    try:
        return "\x00" not in raw.decode("utf-8")
    except UnicodeDecodeError:
        return False


def has_zero_byte(fields):
    return any("\x00" in text for name, values in fields.lists() for text in (name, *values))


class LanguageFromAddress:
    """The address alone decides the language: no cookie, no Accept-Language."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class StrangersWithoutSession:
    """Whoever sends no session cookie is anonymous; nobody looks into a session to find out."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            request.user = AnonymousUser()
        return self.get_response(request)


class CachePolicy:
    """Public pages of strangers may be kept by a shared cache; all else is private."""

    SHARED = "public, max-age=0, s-maxage=60, stale-while-revalidate=600"

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"
        )
        if response.has_header("Cache-Control"):
            return response
        if self.shareable(request, response):
            response.headers["Cache-Control"] = self.SHARED
        else:
            add_never_cache_headers(response)
        return response

    @staticmethod
    def shareable(request, response):
        match = request.resolver_match
        return (
            request.method in ("GET", "HEAD")
            and response.status_code == 200
            and not request.COOKIES
            and not response.cookies
            and not response.has_header("Vary")
            and match is not None
            and getattr(match.func, "public", False)
        )
