"""Organisations, their people, and what editors check of them."""

from django.db.models import Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from afori.accounts.models import Invitation, Membership, Organisation, Verification

from .parts import asked, decision, for_staff, review, until


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
