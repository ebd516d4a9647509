"""What the pages around one's own submission share."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render

from .. import opener
from ..content import Draft
from ..locks import database_now
from ..models import Submission
from ..parts import Parts

RELATED = ("challenge__owner", "challenge__key", "challenge__opening", "organisation")


def own(request, slug, reference, of=()):
    """The submission, for its authors, with all that its pages show, or the fields named; 404 for
    everybody else.
    """
    visible = Submission.objects.visible_to(request.user)
    known = visible.select_related(*RELATED).defer("challenge__opening__protocol")
    found = visible.select_related("challenge").only(*of) if of else known
    return get_object_or_404(found, challenge__slug=slug, reference=reference)


def seal_is_ready(challenge):
    """Whether answers can be received: the opener has made the challenge's keys for its time."""
    return opener.is_ready(challenge, getattr(challenge, "key", None))


def criterion_of(draft, position):
    for criterion in draft.criteria:
        if criterion.position == position:
            return criterion
    raise Http404


def page(
    request,
    submission,
    template,
    *,
    current="",
    draft=None,
    versions=None,
    now=None,
    status=200,
    **context,
):
    """Render one part of the answer with its neighbours and what the time allows."""
    draft = draft or Draft(submission)
    now = now or database_now()
    if versions is None:
        versions = submission.versions.all()[:1] if submission.latest_version else []
    latest = next(iter(versions), None)
    known = {
        "challenge": submission.challenge,
        "submission": submission,
        "draft": draft,
        "parts": Parts(draft, current, reader=request.user, at=now),
        "is_open": submission.challenge.is_open(at=now),
        "latest": latest,
        "has_changes": latest is not None and latest.sha256 != draft.sha256,
    }
    return render(request, f"challenges/{template}.html", known | context, status=status)
