"""Which readers want news of a group by mail, in the database and whatever their number."""

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from .models import Follow, MailAddress, Preference, Reader


def wanting_mail(group, followed, *, on=None):
    """Readers who follow one of the pairs (kind, id) and want mails of the group at once.

    Not those who have paused on that day, nor addresses that bounce.
    """
    on = on or timezone.localdate()
    readers = Reader.objects.listening().filter(
        Q(paused_until=None) | Q(paused_until__lte=on), Exists(following(followed))
    )
    readers = readers.filter(~Exists(stopped()))
    own = Preference.objects.filter(reader=OuterRef("pk"), group=group.name)
    if group.mail == Preference.Mail.AT_ONCE:
        return readers.filter(~Exists(own.exclude(mail=Preference.Mail.AT_ONCE)))
    return readers.filter(Exists(own.filter(mail=Preference.Mail.AT_ONCE)))


def following(followed):
    chosen = Q(pk__in=[])
    for kind, subject_id in followed:
        chosen |= Q(kind=kind, subject_id=subject_id)
    return Follow.objects.filter(chosen, reader=OuterRef("pk"))


def stopped():
    address = Lower(Coalesce(OuterRef("user__email"), OuterRef("address")))
    return MailAddress.objects.filter(address=address, stopped_at__isnull=False)
