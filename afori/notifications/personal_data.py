"""What notifications and mails hold about a person."""

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from afori.accounts.personal_data import addresses
from afori.common.personal_data import Fate, Holding, facts, plain, register

from . import mailbox
from .models import Follow, MailAddress, Notification, OutgoingMail, Preference, Reader
from .reading import entries

CHUNK = 200


def collected(user):
    return {
        _("Notifications"): told(user),
        _("E-mails"): mailed(user),
        pgettext("own data", "Digests"): chosen(user),
        pgettext("own data", "What is followed"): followed(user),
        pgettext("own data", "Choices for news"): preferred(user),
        pgettext("own data", "Mail that came back"): bounced(user),
    }


def told(user):
    """As the person reads them now: nothing that is no longer open to them."""
    own = list(Notification.objects.of(user).order_by("-pk").values_list("pk", flat=True))
    for start in range(0, len(own), CHUNK):
        chunk = Notification.objects.filter(pk__in=own[start : start + CHUNK])
        for entry in entries(chunk, user):
            one = entry.notification
            yield {
                _("Time"): plain(one.created_at),
                _("Text"): entry.text,
                _("Read on"): plain(one.read_at),
            }


def mailed(user):
    for one in OutgoingMail.objects.filter(user=user).defer("secret").iterator(CHUNK):
        yield facts(one, "kind", "address", "language", "state", "created_at", "sent_at")


def chosen(user):
    for one in Reader.objects.of(user):
        yield facts(one, "language", "frequency", "weekday", "hour", "paused_until")


def followed(user):
    """Whatever is followed, by its kind and key: some of it may be closed to the person now."""
    for one in Follow.objects.of(user).order_by("pk").iterator(CHUNK):
        yield facts(one, "kind", "subject_id", "created_at")


def preferred(user):
    for one in Preference.objects.filter(reader__user=user).order_by("pk"):
        yield facts(one, "group", "mail", "in_app")


def bounced(user):
    for one in MailAddress.objects.filter(address__in=addresses(user)).order_by("pk"):
        yield facts(one, "address", "points", "stopped_at", "updated_at")


def erase(user):
    known = addresses(user)
    Notification.objects.of(user).delete()
    Reader.objects.filter(Q(user=user) | Q(address__in=known)).delete()
    MailAddress.objects.filter(address__in=known).delete()
    own = Q(user=user) | Q(address__in=known)
    OutgoingMail.objects.filter(own).exclude(key__startswith=FAREWELL).delete()
    if settings.AFORI_DEMO:
        mailbox.forget({*known, user.name} - {""})


FAREWELL = "account:account_erased:"
"""Keys of mails that tell people that they have been erased; the outbox then forgets whom."""


register(
    Holding(
        name="notifications",
        title=pgettext_lazy("own data", "notifications"),
        what=gettext_lazy(
            "What we have told you, here and by e-mail, what you follow and how you want the news."
        ),
        collect=collected,
        erase=erase,
        fields={
            "notifications.Notification.user": Fate.ERASED,
            "notifications.OutgoingMail.user": Fate.ERASED,
            "notifications.Reader.user": Fate.ERASED,
        },
    )
)
