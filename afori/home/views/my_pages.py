from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from afori.accounts.actions.erasure import deleted_on
from afori.accounts.models import Membership
from afori.common import formatting
from afori.notifications.reading import latest
from challenges.models import Submission
from knowledge.models import Article
from networks.models import NetworkMembership

ROWS = 20


def my_pages(request):
    """What waits for the person, and what is theirs. Each list is bounded."""
    user = request.user
    current = my_networks(user)
    context = {
        "deleted_on": deleted_on(user),
        "requests": NetworkMembership.objects.to_decide_by(user)
        .select_related("network", "organisation", "user")
        .order_by("requested_at")[:ROWS],
        "colleagues": Membership.objects.to_decide_by(user)
        .select_related("user", "organisation")
        .order_by("requested_at")[:ROWS],
        "submissions": my_submissions(user),
        "networks": [one for one in current if not one.is_requested],
        "pending": [one for one in current if one.is_requested],
        "organisations": user.active_memberships[:ROWS],
        "joining": Membership.objects.requested()
        .filter(user=user)
        .select_related("organisation")[:ROWS],
        "entries": latest(user),
        "overdue": overdue_articles(user),
    }
    return render(request, "home/my_pages.html", context)


def my_networks(user):
    memberships = NetworkMembership.objects
    current = memberships.active_of(user) | memberships.requested().filter(user=user)
    return current.select_related("network", "organisation")[:ROWS]


def my_submissions(user):
    """The person's answers, those whose time runs out first on top."""
    now = timezone.localtime()
    submissions = (
        Submission.objects.visible_to(user)
        .select_related("challenge", "organisation")
        .order_by("-challenge__closes_at", "-pk")[:ROWS]
    )
    return [with_time_left(submission, now) for submission in submissions]


def with_time_left(submission, now):
    closes = timezone.localtime(submission.challenge.closes_at)
    return {
        "submission": submission,
        "left": formatting.time_left(closes, now, get_language()),
    }


def overdue_articles(user):
    if not (user.is_staff and user.has_perm("knowledge.change_article")):
        return Article.objects.none()
    return Article.objects.overdue().order_by("review_by", "pk")[:ROWS]
