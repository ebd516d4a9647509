"""Answers for machines: health, robots, security contact."""

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from afori.notifications.outbox import is_late, oldest_waiting

NEVER_KEPT = {"Cache-Control": "no-store"}


def healthz(request):
    """The process answers. Asks nothing of the database."""
    return HttpResponse("ok", content_type="text/plain", headers=NEVER_KEPT)


def readyz(request):
    """200 when the database answers, else 503; says when mail has waited too long."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        waiting = oldest_waiting()
    except DatabaseError:
        return JsonResponse({"database": "down"}, status=503, headers=NEVER_KEPT)
    return JsonResponse(
        {"database": "up", "mail": "late" if is_late(waiting) else "on time"}, headers=NEVER_KEPT
    )


def robots(request):
    private = [reverse(name) for name in ("my_pages", "account_login", "search")]
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in ["/admin/", *private]),
        f"Sitemap: {settings.AFORI_BASE_URL}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def security_txt(request):
    """RFC 9116. Expires a year from the first of this month."""
    first = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: mailto:{settings.AFORI_CONTACT_EMAIL}",
        f"Expires: {(first + timedelta(days=365)).isoformat()}",
        "Preferred-Languages: sv, en",
        f"Canonical: {settings.AFORI_BASE_URL}{request.path}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
