"""Short ways to what tests of outcomes need."""

import re
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from challenges import actions, tasks
from challenges.locks import database_now
from challenges.models import Challenge

OTHERS = [
    *["stranger", "user", "supplier", "rival", "buyer", "coordinator", "owner", "staff"],
    *["superuser", "colleague"],
]
CANARY = "Kanarieordet 5e1ect10n"
State = Challenge.State


def text_of(response):
    """The words of a page, without markup and space."""
    return " ".join(
        re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\u00a0", " ").split()
    )


def address(name, challenge, *args):
    return reverse(f"challenges:{name}", args=[challenge.slug, *args])


def typed(**more):
    day = timezone.localdate().isoformat()
    return {"kind": "none", "text_sv": "Inget svar höll.", "decided_on": day, **more}


def waiting(arena, **facts):
    """An outcome that is saved and becomes public in nine days."""
    sent = database_now() - timedelta(days=1)
    Challenge.objects.filter(pk=arena.challenge.pk).update(wait_days=10, decisions_sent_at=sent)
    arena.challenge.refresh_from_db()
    return told(arena, **facts)


def told(arena, kind="chosen", **facts):
    day = {"decided_on": timezone.localdate(), "text_sv": CANARY, **facts}
    return actions.tell_outcome(arena.challenge, by=arena.member, kind=kind, **day)


def wait_is_over(arena):
    sent = database_now() - timedelta(days=10, seconds=1)
    Challenge.objects.filter(pk=arena.challenge.pk).update(decisions_sent_at=sent)
    tasks.publish_outcomes()
