"""Following: a person wants to be told about something. Nobody else sees who follows, or how many.

`kind` names what is followed, as "challenge"; the app that owns it says who is told of what.
"""

from django.contrib.auth import get_user_model

from .models import Follow


def follow(kind, subject, *, by):
    """Begin to follow; doing it again changes nothing."""
    return Follow.objects.get_or_create(user=by, kind=kind, subject_id=subject.pk)[0]


def unfollow(kind, subject, *, by):
    Follow.objects.of(by).about(kind, subject).delete()


def follows(user, kind, subject):
    return user.is_authenticated and Follow.objects.of(user).about(kind, subject).exists()


def followers(kind, subject):
    """People with an account who follow it, as a queryset."""
    following = Follow.objects.about(kind, subject).values("user")
    return get_user_model().objects.filter(pk__in=following, is_active=True)
