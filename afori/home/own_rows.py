"""The lists of My pages one by one: what they find, and what a row says.

A finder returns a queryset and which of its columns are a row's time, people, places and parts of
an address; only what the person may see now. A row function turns them into words.
"""

from datetime import timedelta

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from afori.accounts.models import Invitation, Membership, Organisation, Verification
from afori.common import formatting
from challenges.models import Challenge, Opener, Submission
from knowledge.models import Article
from networks.models import Commitment, Financing, NetworkMembership
from networks.models.programmes import FINANCING_WARNING_DAYS

LATE = timedelta(days=14)

# What waits


def requests_to_networks(user):
    return NetworkMembership.objects.to_decide_by(user), {
        "at": "requested_at",
        "who": "user__name",
        "what": "organisation__name",
        "place": named("network__name"),
        "slug": "network__slug",
        "key": "pk",
    }


def request_to_network(raw, now):
    return decision(raw, now) | {
        "url": reverse("networks:decide", args=[raw.slug, raw.key]),
        "title": _("%(name)s, %(organisation)s, asks to join")
        % {"name": raw.who, "organisation": raw.what},
        "meta": [raw.place],
    }


def requests_of_colleagues(user):
    return Membership.objects.to_decide_by(user), {
        "at": "requested_at",
        "who": "user__name",
        "place": "organisation__name",
        "key": "token",
    }


def request_of_colleague(raw, now):
    return decision(raw, now) | {
        "url": reverse("accounts:membership_decide", args=[raw.key]),
        "title": _("%(name)s asks to join your organisation") % {"name": raw.who},
        "meta": [raw.place],
    }


def invitations(user):
    return Invitation.objects.to_answer_by(user), {
        "at": "expires_at",
        "who": "invited_by__name",
        "place": "organisation__name",
        "key": "token",
    }


def invitation(raw, now):
    return until(raw, now) | {
        "url": reverse("accounts:invitation", args=[raw.key]),
        "title": _("%(name)s invites you to %(organisation)s")
        % {"name": raw.who, "organisation": raw.place},
    }


def checks(user):
    waiting = Verification.objects.waiting()
    return for_staff(waiting, user, "accounts.change_verification"), {
        "at": "created_at",
        "place": "organisation__name",
        "key": "pk",
    }


def check(raw, now):
    return decision(raw, now) | {
        "url": reverse("admin:accounts_verification_change", args=[raw.key]),
        "title": _("%(organisation)s asks to be verified") % {"organisation": raw.place},
    }


def rechecks(user):
    today = timezone.localdate()
    due = Organisation.objects.due_for_check(today).annotate(
        due_on=Coalesce("recheck_on", Value(today))
    )
    return for_staff(due, user, "accounts.change_organisation"), {
        "at": "due_on",
        "place": "name",
        "key": "pk",
    }


def recheck(raw, now):
    return review(raw, now) | {
        "url": reverse("admin:accounts_organisation_recheck", args=[raw.key]),
        "title": raw.place,
        "meta": [_("Time for the yearly check.")],
    }


def drafts(user):
    return Submission.objects.visible_to(user).filter(unfinished()), answer_columns()


def unfinished():
    return Q(state=Submission.State.DRAFT, challenge__in=Challenge.objects.open())


def answer_columns():
    return {
        "at": "challenge__closes_at",
        "what": named("challenge__title"),
        "place": "organisation__name",
        "slug": "challenge__slug",
        "key": "reference",
        "state": "state",
    }


def answer(raw, now):
    return until(raw, now) | {
        "url": reverse("challenges:submission", args=[raw.slug, raw.key]),
        "title": raw.what,
        "meta": [Submission.State(raw.state).label, raw.place, closing(raw)],
    }


def openings(user):
    named_for = Opener.objects.filter(user=user, challenge__state=Challenge.State.PUBLISHED)
    return named_for, {
        "at": "challenge__closes_at",
        "what": named("challenge__title"),
        "place": "challenge__owner__name",
        "slug": "challenge__slug",
    }


def opening(raw, now):
    return until(raw, now) | {
        "url": reverse("challenges:detail", args=[raw.slug]),
        "title": raw.what,
        "meta": [_("You open the answers together with one more person."), closing(raw)],
    }


def reviews(user):
    return for_staff(Article.objects.overdue(), user, "knowledge.change_article"), {
        "at": "review_by",
        "what": named("title"),
        "key": "pk",
    }


def review_of_article(raw, now):
    return review(raw, now) | {
        "url": reverse("admin:knowledge_article_change", args=[raw.key]),
        "title": raw.what,
        "meta": [_("The review date has passed.")],
    }


def financings(user):
    own = NetworkMembership.objects.coordinators().filter(user=user)
    ending = Financing.objects.filter(network__in=own.values("network"), ends_on__range=soon())
    return ending, {"at": "ends_on", "what": named("network__name"), "slug": "network__slug"}


def soon():
    """From today to half a year ahead: the time it takes to find new money or a new contract."""
    today = timezone.localdate()
    return today, today + timedelta(days=FINANCING_WARNING_DAYS)


def financing(raw, now):
    return until(raw, now) | {
        "url": reverse("networks:detail", args=[raw.slug]),
        "title": _("The financing of %(network)s ends") % {"network": raw.what},
        "meta": [on_day(raw)],
    }


def contracts(user):
    own = [one.organisation_id for one in user.active_memberships]
    ending = Commitment.objects.filter(organisation__in=own, contract_ends_on__range=soon())
    return ending, {
        "at": "contract_ends_on",
        "what": named("need__title"),
        "place": "organisation__name",
        "slug": "need__slug",
    }


def contract(raw, now):
    return until(raw, now) | {
        "url": reverse("networks:need", args=[raw.slug]),
        "title": _("Your contract ends: %(need)s") % {"need": raw.what},
        "meta": [raw.place, on_day(raw)],
    }


# What is one's own


def answers(user):
    """All but those that wait to be finished."""
    return Submission.objects.visible_to(user).exclude(unfinished()), answer_columns()


def networks(user):
    own = NetworkMembership.objects
    return own.active_of(user) | own.requested().filter(user=user), {
        "at": "requested_at",
        "what": named("network__name"),
        "place": "organisation__name",
        "slug": "network__slug",
        "key": "role",
        "state": "state",
    }


def network(raw, now):
    if raw.state == NetworkMembership.State.REQUESTED:
        early = _("The coordinator has not answered yet.")
        late = _("The coordinator has not answered in a while. Write to the organiser.")
        return asked(raw, now, early, late) | {
            "url": reverse("networks:detail", args=[raw.slug]),
            "title": raw.what,
        }
    return {
        "figure": NetworkMembership.Role(raw.key).label,
        "word": True,
        "url": reverse("networks:room", args=[raw.slug]),
        "title": raw.what,
        "meta": [raw.place],
    }


def organisations(user):
    current = Membership.objects.active() | Membership.objects.requested()
    return current.filter(user=user), {
        "at": "requested_at",
        "place": "organisation__name",
        "slug": "organisation__slug",
        "key": "role",
        "state": "state",
    }


def organisation(raw, now):
    if raw.state == Membership.State.REQUESTED:
        early = _("Nobody has answered yet.")
        late = _("Nobody has answered in a while. Ask a colleague there, or write to us.")
        return asked(raw, now, early, late) | {
            "url": reverse("accounts:organisation_join", args=[raw.slug]),
            "title": raw.place,
        }
    return {
        "figure": Membership.Role(raw.key).label,
        "word": True,
        "url": reverse("accounts:members", args=[raw.slug]),
        "title": raw.place,
    }


# Parts of lists and rows


def for_staff(queryset, user, permission):
    return queryset if user.is_staff and user.has_perm(permission) else queryset.none()


def named(path):
    """A name in the reader's language, or else in Swedish."""
    return Coalesce(NullIf(F(f"{path}_{get_language()}"), Value("")), F(f"{path}_sv"))


def decision(raw, now):
    day = formatting.relative_day(local(raw.at).date(), now.date(), get_language())
    return {"figure": _("Decide"), "label": day, "word": True}


def review(raw, now):
    day = formatting.relative_day(local(raw.at).date(), now.date(), get_language())
    return {"figure": _("Review"), "label": day, "word": True}


def asked(raw, now, early, late):
    """How long a request has waited, and after two weeks what one can do about it."""
    day = formatting.relative_day(local(raw.at).date(), now.date(), get_language())
    text = late if raw.at < now - LATE else early
    return {"figure": _("Asked"), "label": day, "word": True, "meta": [text]}


def until(raw, now):
    left = raw.at and formatting.time_left(local(raw.at), now, get_language())
    if left is None:
        today = raw.at and local(raw.at).date() == now.date()
        return {"figure": _("Today") if today else _("Closed"), "word": True}
    return {"figure": left.figure, "label": left.label, "soon": left.soon}


def closing(raw):
    return raw.at and formatting.when(local(raw.at), get_language())


def on_day(raw):
    return formatting.day(local(raw.at), get_language())


def local(moment):
    return timezone.localtime(moment)
