"""Challenges that one works on, reviews, opens, judges or follows.

Before the opening nothing here may depend on whether there are answers, or how many.
"""

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from afori.common import formatting
from afori.notifications.models import Follow
from challenges.models import (
    Challenge,
    ChangeRequest,
    FollowUp,
    HandedIn,
    OpenedAnswer,
    Opener,
    Panelist,
    Question,
    TeamMember,
)

from .parts import closing, decision, for_staff, local, named, until

State = Challenge.State
CHANGES, WRITE, PUBLISH = "changes", "write", "publish"


def worked_on(user):
    """Challenges that the person is on the team of."""
    own = TeamMember.objects.active().filter(user=user)
    return Challenge.objects.filter(pk__in=own.values("challenge"))


def columns(**more):
    return {
        "what": named("title"),
        "place": "owner__name",
        "slug": "slug",
        "at": "closes_at",
        **more,
    }


def of_challenge(**more):
    """Columns of what belongs to a challenge."""
    return {
        "at": "challenge__closes_at",
        "what": named("challenge__title"),
        "place": "challenge__owner__name",
        "slug": "challenge__slug",
        **more,
    }


def page_of(raw, name="detail"):
    return {"url": reverse(f"challenges:{name}", args=[raw.slug]), "title": raw.what}


def now_do(text, raw, now):
    """Something to do since a day that has passed."""
    day = formatting.relative_day(local(raw.at).date(), now.date(), get_language())
    return {"figure": text, "label": day, "word": True}


def due(text, raw, now):
    """The time that is left, and then what is to be done."""
    return now_do(text, raw, now) if raw.at < now else until(raw, now)


# The team


def writing(user):
    """Drafts, first those that the editors want changed, and what is approved and not published."""
    asked_for = ChangeRequest.objects.filter(challenge=OuterRef("pk"), settled_at=None)
    approved = Q(state=State.IN_REVIEW, approved_at__isnull=False, publish_at=None)
    step = Case(
        When(approved, then=Value(PUBLISH)),
        When(Exists(asked_for), then=Value(CHANGES)),
        default=Value(WRITE),
    )
    found = worked_on(user).filter(Q(state=State.DRAFT) | approved)
    return found, columns(at="updated_at", state=step)


def written(raw, now):
    figure, text = {
        PUBLISH: (pgettext("to do", "Publish"), _("The editors have approved it.")),
        CHANGES: (pgettext("to do", "Change"), _("The editors ask for changes.")),
        WRITE: (pgettext("to do", "Write"), _("Draft. Nobody but your team sees it.")),
    }[raw.state]
    page = "publishing" if raw.state == PUBLISH else "work"
    return page_of(raw, page) | now_do(figure, raw, now) | {"meta": [text, raw.place]}


def questions(user):
    """While answers to them may still be published. The state is how many have none yet."""
    waiting = Question.objects.waiting().filter(challenge=OuterRef("pk")).order_by()
    asked = waiting.filter(state=Question.State.ASKED)
    number = asked.values("challenge").annotate(number=Count("pk")).values("number")
    open_ones = worked_on(user).filter(state=State.PUBLISHED, closes_at__gte=timezone.now())
    return open_ones.filter(Exists(waiting)), columns(
        at=Coalesce("answers_by", "closes_at"), state=Coalesce(Subquery(number), 0)
    )


def question(raw, now):
    if number := int(raw.state):
        step = pgettext("to do", "Answer")
        text = ngettext("%d question to answer", "%d questions to answer", number) % number
    else:
        step, text = pgettext("to do", "Publish"), _("The answers are written, not published.")
    left = due(step, raw, now)
    return page_of(raw, "work_questions") | left | {"meta": [text, closing(raw)]}


def decisions(user):
    """Opened, and the suppliers wait for an answer."""
    opened = OpenedAnswer.objects.filter(opening__challenge=OuterRef("pk"))
    waiting = worked_on(user).filter(state=State.PUBLISHED, decisions_sent_at=None)
    at = Coalesce(Cast("decision_expected_on", DateTimeField()), "closes_at")
    return waiting.filter(Exists(opened)), columns(at=at)


def decision_to_send(raw, now):
    text = _("The answers are open. The suppliers wait for their decisions.")
    left = due(pgettext("to do", "Decide"), raw, now)
    return page_of(raw, "decisions") | left | {"meta": [text, raw.place]}


def outcomes(user):
    lacking = worked_on(user).lacking_outcome(on=timezone.localdate())
    return lacking.filter(outcome=None), columns(at="outcome_due")


def outcome(raw, now):
    text = _("Nobody can read yet what came of it.")
    since = now_do(pgettext("to do", "Tell"), raw, now)
    return page_of(raw, "outcome") | since | {"meta": [text, raw.place]}


def follow_ups(user):
    due = FollowUp.objects.due(on=timezone.localdate())
    return due.filter(outcome__challenge__in=worked_on(user)), {
        "at": "due_on",
        "what": named("outcome__challenge__title"),
        "place": "outcome__challenge__owner__name",
        "slug": "outcome__challenge__slug",
        "key": "months",
    }


def follow_up(raw, now):
    text = _("What has become of it after %(months)s months?") % {"months": raw.key}
    return now_do(pgettext("to do", "Tell"), raw, now) | {
        "url": reverse("challenges:follow_up", args=[raw.slug, raw.key]),
        "title": raw.what,
        "meta": [text, raw.place],
    }


def challenges(user):
    """All that one works on but what is still to be written."""
    found = worked_on(user).exclude(state=State.DRAFT)
    return found, columns(at=Coalesce("closes_at", "updated_at"), state="state")


def challenge(raw, now):
    return page_of(raw, "work") | standing(raw, now) | {"meta": [raw.place]}


def standing(raw, now):
    """How far it has come, in a word: time left while that decides."""
    if raw.state != State.PUBLISHED:
        return {"figure": State(raw.state).label, "word": True}
    return due(_("Closed"), raw, now)


# Editors


def to_review(user):
    waiting = for_staff(Challenge.objects.waiting_for_review(), user, "challenges.review_challenge")
    return waiting, columns(at=Coalesce("sent_to_review_at", "updated_at"))


def review_of_challenge(raw, now):
    return page_of(raw, "review") | decision(raw, now) | {"meta": [raw.place]}


# Those who open and judge


def openings(user):
    """Until it is done, by whichever two."""
    waiting = Opener.objects.filter(user=user, challenge__state=State.PUBLISHED)
    return waiting.filter(challenge__opening=None), of_challenge()


def opening(raw, now):
    text = _("You open the answers together with one more person.")
    left = due(pgettext("to do", "Open"), raw, now)
    return page_of(raw, "opening") | left | {"meta": [text, closing(raw)]}


def seats(user):
    """Places on panels whose challenge is opened and not decided."""
    return Panelist.objects.filter(
        user=user,
        challenge__state=State.PUBLISHED,
        challenge__decisions_sent_at=None,
        challenge__opening__isnull=False,
    )


def declarations(user):
    """The first, and the one about those who answered; none from who belongs to one of them."""
    opened = OpenedAnswer.objects.filter(opening__challenge=OuterRef("challenge"))
    unchecked = Q(has_conflict=False, answers_checked_at=None)
    unchecked &= Exists(opened) & ~Exists(opened.of_own(user))
    return seats(user).filter(Q(declared_at=None) | unchecked), of_challenge()


def declaration(raw, now):
    text = _("Say whether you have a conflict of interest. Then you can read the answers.")
    since = now_do(pgettext("to do", "Declare"), raw, now)
    return page_of(raw, "panel") | since | {"meta": [text, raw.place]}


def scorings(user):
    left = OpenedAnswer.objects.readable_by(user).filter(
        ~Exists(HandedIn.objects.filter(answer=OuterRef("pk"), panelist=OuterRef(OuterRef("pk")))),
        opening__challenge=OuterRef("challenge"),
    )
    return seats(user).filter(Exists(left)), of_challenge()


def scoring(raw, now):
    text = _("Score the answers on your own, before you see what the others think.")
    since = now_do(pgettext("to do", "Score"), raw, now)
    return page_of(raw, "answers") | since | {"meta": [text, raw.place]}


# Followers


def followed(user):
    own = Follow.objects.of(user).filter(kind="challenge")
    found = Challenge.objects.published().filter(pk__in=own.values("subject_id"))
    return found, columns(at=Coalesce("closes_at", "updated_at"), state="state")


def followed_one(raw, now):
    return page_of(raw) | standing(raw, now) | {"meta": [raw.place]}
