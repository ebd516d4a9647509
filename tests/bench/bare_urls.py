"""Bare views: what the portal's are measured against."""

from secrets import token_hex
from uuid import uuid4

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone

from afori import urls as portal
from challenges.locks import lock_for_share
from challenges.models import Challenge, SubmissionVersion


@transaction.atomic
def submit(request, pk):
    """The same lock and the same insert as submitting, and nothing else."""
    lock_for_share(Challenge(pk=int(request.POST["challenge"])), ["slug"])
    SubmissionVersion.objects.create(
        submission_id=pk,
        number=1,
        submit_key=uuid4(),
        received_at=timezone.now(),
        received_from_id=int(request.POST["by"]),
        manifest="[]",
        sha256=token_hex(32),
        audit_head=token_hex(32),
    )
    return HttpResponse(status=204)


def challenge(request, slug):
    """The same rows as on the page of a challenge, in one plain template."""
    found = Challenge.objects.select_related("owner", "network")
    found = found.prefetch_related("topics", "criteria", "needs")
    challenge = get_object_or_404(found.defer("search_sv", "search_en"), slug=slug)
    published = challenge.questions.published().select_related("run")
    context = {
        "challenge": challenge,
        "amendments": challenge.amendments.prefetch_related("fields")[:3],
        "questions": published[:3],
        "meetings": challenge.events.all(),
    }
    return render(request, "bare_challenge.html", context)


urlpatterns = [
    path("healthz", lambda request: HttpResponse("ok")),
    path("submit/<int:pk>/", submit),
    path("challenge/<slug:slug>/", challenge),
    *portal.urlpatterns,
]
