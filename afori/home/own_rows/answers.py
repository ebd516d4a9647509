"""Answers to challenges, for those who write them."""

from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from challenges.models import Challenge, Decision, Submission

from .parts import closing, named, until

DECIDED = "decided"


def drafts(user):
    return Submission.objects.visible_to(user).filter(unfinished()), answer_columns()


def unfinished():
    return Q(state=Submission.State.DRAFT, challenge__in=Challenge.objects.open())


def answers(user):
    """All but those that wait to be finished."""
    received = Decision.objects.filter(answer__submission=OuterRef("pk"), sent_at__isnull=False)
    state = Case(When(Exists(received), then=Value(DECIDED)), default="state")
    others = Submission.objects.visible_to(user).exclude(unfinished())
    return others, answer_columns(state=state)


def answer_columns(**more):
    return {
        "at": "challenge__closes_at",
        "what": named("challenge__title"),
        "place": "organisation__name",
        "slug": "challenge__slug",
        "key": "reference",
        "state": "state",
        **more,
    }


def answer(raw, now):
    return standing(raw, now) | {
        "url": reverse("challenges:submission", args=[raw.slug, raw.key]),
        "title": raw.what,
    }


def standing(raw, now):
    if raw.state == DECIDED:
        text = _("You have got the decision, with feedback.")
        return {"figure": pgettext("arrived", "Decision"), "word": True, "meta": [text, raw.place]}
    meta = [Submission.State(raw.state).label, raw.place, closing(raw)]
    return until(raw, now) | {"meta": meta}
