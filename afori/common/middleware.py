from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponseBadRequest
from django.utils import translation
from django.utils.cache import add_never_cache_headers


class RefuseBadInput:
    """400 for a zero byte or broken unicode in the address."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        raw = request.META.get("QUERY_STRING", "")
        if "\x00" in request.path or "%00" in raw or "\ufffd" in request.path:
            return HttpResponseBadRequest()
        return self.get_response(request)


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
            and match is not None
            and getattr(match.func, "public", False)
        )
