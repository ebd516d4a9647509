"""Ending mails by one click, without logging in: RFC 8058. Each link is one reader's alone."""

from urllib.parse import quote

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse

from .groups import groups
from .letters import absolute
from .models import Preference, Reader

DIGEST = "digest"
signer = Signer(salt="afori.notifications.unsubscribe", sep=".")


def token_for(reader, what=DIGEST):
    """Signed: what it ends is the digest, or the mails of the group of news of that name."""
    return signer.sign(f"{reader.token}~{what}")


def url_for(reader, what=DIGEST):
    return absolute(reverse("notifications:unsubscribe", args=[token_for(reader, what)]))


def headers(reader, what=DIGEST):
    """What lets a mail program show a button of its own."""
    mailto = f"mailto:{settings.AFORI_CONTACT_EMAIL}?subject={quote(token_for(reader, what))}"
    return {
        "List-Unsubscribe": f"<{url_for(reader, what)}>, <{mailto}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def read(token):
    """The reader and what the token ends, a `Group` or None for the digest.

    Raises BadSignature for a token that is not ours or whose reader is gone.
    """
    mark, _tilde, what = signer.unsign(token).partition("~")
    group = next((one for one in groups() if one.name == what), None)
    reader = Reader.objects.select_related("user").filter(token=mark).first()
    if reader is None or (group is None and what != DIGEST):
        raise BadSignature("nobody's")
    return reader, group


@transaction.atomic
def unsubscribe(reader, group):
    """End the digest, or the mails of a group; doing it again changes nothing."""
    if group is None:
        own = Reader.objects.filter(pk=reader.pk)
        own.update(frequency=Reader.Frequency.OFF, next_at=None)
        return
    Preference.objects.update_or_create(
        reader=reader,
        group=group.name,
        defaults={"mail": Preference.Mail.OFF},
        create_defaults={"mail": Preference.Mail.OFF, "in_app": group.in_app},
    )
