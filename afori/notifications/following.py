"""Following: somebody wants to be told about something. Nobody else sees who follows, or how many.

`kind` names what is followed, as "challenge"; the app that owns it says who is told of what, and
registers it as a `Followable`. Whole kinds, as "every_challenge", are followed without a subject.
"""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from .models import Follow, Reader
from .schedule import schedule


def reader_of(user):
    """The person's settings for what they follow, made if they have none."""
    found = Reader.objects.of(user).first()
    return found or new_reader(user=user, language=user.language, confirmed_at=timezone.now())


@transaction.atomic
def new_reader(**who):
    """A reader with the usual settings, for `user` or `address`; the one that is there if so."""
    one = {name: who.pop(name) for name in ("user", "address") if name in who}
    reader, is_new = Reader.objects.get_or_create(**one, defaults=who)
    if is_new:
        schedule(Reader.objects.filter(pk=reader.pk))
        reader.refresh_from_db()
    return reader


def follow(kind, subject=None, *, by):
    """Begin to follow, as a person or a `Reader`; doing it again changes nothing."""
    reader = by if isinstance(by, Reader) else reader_of(by)
    subject_id = subject.pk if subject else Follow.WHOLE
    return Follow.objects.get_or_create(reader=reader, kind=kind, subject_id=subject_id)[0]


def unfollow(kind, subject=None, *, by):
    own = Follow.objects.filter(reader=by) if isinstance(by, Reader) else Follow.objects.of(by)
    own.about(kind, subject).delete()


def follows(user, kind, subject=None):
    return user.is_authenticated and Follow.objects.of(user).about(kind, subject).exists()


def followed_by(user, kind):
    """For `annotate(is_followed=…)` on what is followed."""
    return Exists(Follow.objects.of(user).filter(kind=kind, subject_id=OuterRef("pk")))


def followers(kind, subject=None):
    """People with an account who follow it, as a queryset."""
    following = Follow.objects.about(kind, subject).values("reader__user")
    return get_user_model().objects.filter(pk__in=following, is_active=True)
