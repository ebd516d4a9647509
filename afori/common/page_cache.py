"""Whole public pages for strangers, kept in the process for some seconds."""

import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotModified

from .middleware import CachePolicy

MOST_PAGES = 500
LONGEST_QUERY = 200


@dataclass(frozen=True)
class Page:
    body: bytes
    headers: dict
    etag: str
    fresh_until: float

    def is_fresh(self):
        return time.monotonic() < self.fresh_until

    def answer(self, request):
        if request.headers.get("If-None-Match") == self.etag:
            response = HttpResponseNotModified()
            for name in ("ETag", "Cache-Control"):
                response.headers[name] = self.headers[name]
            return response
        return HttpResponse(self.body, headers=self.headers)


class Pages:
    """The least recently used pages go first."""

    def __init__(self):
        self.pages = OrderedDict()
        self.lock = Lock()

    def get(self, key):
        with self.lock:
            if key in self.pages:
                self.pages.move_to_end(key)
            return self.pages.get(key)

    def put(self, key, page):
        with self.lock:
            self.pages[key] = page
            self.pages.move_to_end(key)
            while len(self.pages) > MOST_PAGES:
                self.pages.popitem(last=False)

    def clear(self):
        with self.lock:
            self.pages.clear()


pages = Pages()


class PageCache:
    """First in the chain. Whoever sends a cookie goes past it and sees every change at once.

    A page is kept for `AFORI_PAGE_SECONDS`; when it cannot be made anew, because the database is
    away, the last one made is shown.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not may_be_kept(request):
            return self.get_response(request)
        key = (request.scheme, request.META.get("HTTP_HOST"), request.get_full_path())
        page = pages.get(key)
        if page and page.is_fresh():
            return page.answer(request)
        response = self.get_response(request)
        if response.status_code >= 500 and page:
            return page.answer(request)
        if is_shared(response):
            page = made(response)
            pages.put(key, page)
            return page.answer(request)
        return response


def may_be_kept(request):
    return (
        settings.AFORI_PAGE_SECONDS > 0
        and request.method in ("GET", "HEAD")
        and not request.META.get("HTTP_COOKIE")
        and len(request.META.get("QUERY_STRING", "")) <= LONGEST_QUERY
    )


def is_shared(response):
    return (
        response.headers.get("Cache-Control") == CachePolicy.SHARED
        and not response.streaming
        and not response.cookies
    )


def made(response):
    body = response.content
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return Page(
        body=body,
        headers={**response.headers, "ETag": etag},
        etag=etag,
        fresh_until=time.monotonic() + settings.AFORI_PAGE_SECONDS,
    )
