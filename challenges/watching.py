"""Who is told what happens with a published challenge. Nobody sees who they are, or how many."""

from afori.accounts.models import User
from afori.notifications.models import Follow

from .models import SubmissionAuthor


def watchers(challenge):
    """Those who follow the challenge and those who write an answer to it."""
    followers = Follow.objects.about("challenge", challenge).values("user")
    authors = SubmissionAuthor.objects.active().filter(submission__challenge=challenge)
    ids = followers.union(authors.values("user"))
    return User.objects.filter(pk__in=list(ids.values_list("user", flat=True)), is_active=True)
