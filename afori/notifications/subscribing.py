"""News of topics by e-mail alone: asked for in a form, confirmed by the owner of the address.

Nothing is sent to an address but the question until its owner has confirmed it. What was asked for
travels in the link of that question, so that nobody else changes what an address follows.
"""

import json
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.core.signing import BadSignature, SignatureExpired, Signer, TimestampSigner
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from afori.common.models import new_token
from afori.taxonomy.models import Topic

from .actions import queue_mail
from .bounces import start_again
from .following import follow, new_reader
from .letters import absolute
from .models import Follow, Reader
from .schedule import schedule

DAYS = 7
KIND = "topic"
asking = TimestampSigner(salt="afori.notifications.asked", sep=".")
own = Signer(salt="afori.notifications.own", sep=".")


@dataclass(frozen=True)
class Asked:
    """What the link of a question asks its reader to confirm."""

    reader: Reader
    topics: list

    @property
    def is_done(self):
        return self.reader.confirmed_at is not None and {one.pk for one in self.topics} <= set(
            topic_ids(self.reader)
        )


class TooOld(BadSignature):
    """The link was ours, but its time is over."""


def has_account(address):
    """Whether a person who logs in here has confirmed the address."""
    return EmailAddress.objects.filter(email=address, verified=True, user__is_active=True).exists()


@transaction.atomic
def ask(address, topics, *, language):
    """Ask the owner of an address whether they want news of the topics; or, where they have an
    account, to log in instead. Whoever asks learns nothing of that.
    """
    if has_account(address):
        queue(address, "has_account", language)
        return
    reader = new_reader(address=address, language=language)
    if reader.confirmed_at is None:
        Reader.objects.filter(pk=reader.pk).update(language=language, updated_at=timezone.now())
    secret = json.dumps([one.pk for one in topics])
    queue(address, "asked", language, subject_id=reader.pk, secret=secret)


def queue(address, name, language, **fields):
    kind = f"notifications.{name}"
    queue_mail(kind=kind, key=f"{kind}:{new_token()}", address=address, language=language, **fields)


def link_to_confirm(reader, topic_ids):
    token = asking.sign(f"{reader.token}~{'-'.join(map(str, topic_ids))}")
    return absolute(reverse("notifications:confirm", args=[token]))


def read_link(token):
    """What a link asks to confirm. Raises `TooOld`, or BadSignature for what is nobody's."""
    try:
        mark, _tilde, ids = asking.unsign(token, max_age=DAYS * 86_400).partition("~")
    except SignatureExpired as error:
        raise TooOld from error
    topics = Topic.objects.filter(pk__in=[int(pk) for pk in ids.split("-")])
    return Asked(reader_with(mark), list(topics))


def own_link(reader):
    return absolute(own_page(reader))


def own_page(reader):
    return reverse("notifications:own", args=[own.sign(reader.token)])


def read_own_link(token):
    """The confirmed reader whose link it is. Raises BadSignature for what is nobody's."""
    reader = reader_with(own.unsign(token))
    if reader.confirmed_at is None:
        raise BadSignature("not confirmed")
    return reader


def reader_with(mark):
    reader = Reader.objects.filter(token=mark, user=None).first()
    if reader is None:
        raise BadSignature("nobody's")
    return reader


@transaction.atomic
def confirm(asked):
    """The owner of the address wants what was asked for; doing it again changes nothing."""
    reader = Reader.objects.select_for_update().get(pk=asked.reader.pk)
    if reader.confirmed_at is None:
        Reader.objects.filter(pk=reader.pk).update(confirmed_at=timezone.now())
        schedule(Reader.objects.filter(pk=reader.pk))
        start_again(reader.address)
    for topic in asked.topics:
        follow(KIND, topic, by=reader)


def topic_ids(reader):
    followed = Follow.objects.filter(reader=reader, kind=KIND)
    return list(followed.values_list("subject_id", flat=True))


@transaction.atomic
def change(reader, topics):
    """Follow these topics and no others."""
    chosen = {one.pk for one in topics}
    Follow.objects.filter(reader=reader, kind=KIND).exclude(subject_id__in=chosen).delete()
    for topic in topics:
        follow(KIND, topic, by=reader)


def stop(reader):
    """Forget the address and all that it follows."""
    Reader.objects.filter(pk=reader.pk, user=None).delete()


@transaction.atomic
def take_over(user, address):
    """What an address followed is the person's who has an account with it now. The address must
    be confirmed by the person.
    """
    reader = Reader.objects.select_for_update().filter(address=address).first()
    if reader is None:
        return
    person = Reader.objects.of(user).first()
    if reader.confirmed_at is None:
        reader.delete()
    elif person is None:
        Reader.objects.filter(pk=reader.pk).update(user=user, address=None)
    else:
        for kind, pk in reader.follows.values_list("kind", "subject_id"):
            Follow.objects.get_or_create(reader=person, kind=kind, subject_id=pk)
        reader.delete()
