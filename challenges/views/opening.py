"""Opening: two of those named approve, then the protocol."""

import json
import time
from datetime import timedelta

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from afori.accounts.mfa import has_second_factor
from afori.common.files import SANDBOX
from afori.common.states import Refused

from .. import audit
from ..actions import approve_opening
from ..actions.openers import is_nameable
from ..actions.opening import CONFIRMED, note_attempt
from ..forms import PersonForm
from ..judging import Judging, around
from ..locks import database_now
from ..models import AuditEntry, OpenedAnswer, Opening
from ..openings import OpeningState
from ..protocols import read_protocol


def opening(request, slug):
    """What the openers and the team see of the opening. An opener approves by a POST."""
    concerned = around(request.user).filter(Q(opens=True) | Q(on_team=True))
    challenge = get_object_or_404(concerned, slug=slug)
    if request.method == "POST":
        return approve(request, challenge)
    now = database_now()
    context = {
        "challenge": challenge,
        "state": OpeningState(challenge, request.user, now),
        "has_factor": has_second_factor(request.user),
        "needs_factor": settings.AFORI_REQUIRE_MFA,
        "is_confirmed": confirmed_age(request) is not None,
        "confirm_url": confirm_url(request),
        "person_form": PersonForm(people=None),
        "names_openers": challenge.on_team and is_nameable(challenge),
    }
    return render(request, "challenges/opening.html", context)


def approve(request, challenge):
    if not challenge.opens:
        note_attempt(challenge, request.user, "opener")
        raise PermissionDenied
    if settings.AFORI_REQUIRE_MFA and not has_second_factor(request.user):
        return redirect("accounts:second_factor")
    age = confirmed_age(request)
    if age is None:
        note_attempt(challenge, request.user, "confirm")
        messages.warning(request, _("Confirm that it is you, then approve."))
        return redirect(confirm_url(request))
    try:
        approve_opening(challenge, by=request.user, confirmed_at=database_now() - age)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("You have approved the opening."))
    return redirect("challenges:opening", challenge.slug)


def confirmed_age(request):
    """How long ago the person last proved who they are, None if too long.

    Where a second factor is required, the proof must be one. It is an age, not a time, since the
    web server's clock may be wrong.
    """
    records = get_authentication_records(request, request.user)
    proofs = [one for one in records if one.get("reauthenticated")]
    if settings.AFORI_REQUIRE_MFA:
        proofs = [one for one in proofs if one.get("method") == "mfa"]
    if not proofs:
        return None
    age = max(timedelta(0), timedelta(seconds=time.time() - proofs[-1]["at"]))
    return age if age < CONFIRMED else None


def confirm_url(request):
    """Where one confirms who one is: with the second factor, or with what one has."""
    by_factor = has_second_factor(request.user)
    page = "mfa_reauthenticate" if by_factor else "account_reauthenticate"
    return f"{reverse(page)}?{urlencode({'next': request.path})}"


def protocol(request, slug):
    """The protocol, for the team, the openers and the panel; to print as it is."""
    found, with_names = protocol_for(request.user, slug)
    entry = AuditEntry.objects.filter(
        event="opened",
        facts=audit.canonical({"challenge": slug, "protocol": found.protocol_sha256}),
    ).first()
    context = {
        "challenge": found.challenge,
        "opening": found,
        "facts": read_protocol(json.loads(found.protocol), with_names),
        "entry": entry,
        "with_names": with_names,
    }
    return render(request, "challenges/protocol.html", context)


def protocol_file(request, slug):
    """The very text that was hashed. It holds names: whoever reads anonymously has to wait."""
    found, with_names = protocol_for(request.user, slug)
    if not with_names:
        raise PermissionDenied
    return HttpResponse(
        found.protocol.encode(),
        content_type="application/json; charset=utf-8",
        headers={
            **SANDBOX,
            "Content-Disposition": f'attachment; filename="{slug}.json"',
            "Cache-Control": "private, no-store",
        },
    )


def protocol_for(user, slug):
    """The opening, and whether this person sees the suppliers' names in its protocol.

    An opener who works on the challenge or judges it reads it as such; a rival not at all.
    """
    concerned = around(user).filter(Q(opens=True) | Q(on_team=True) | Q(on_panel=True))
    challenge = get_object_or_404(concerned.filter(opening__isnull=False), slug=slug)
    found = Opening.objects.get(challenge=challenge)
    found.challenge = challenge
    if challenge.opens and not (challenge.on_team or challenge.on_panel):
        if OpenedAnswer.objects.of_own(user).filter(opening=found).exists():
            raise Http404
        return found, True
    judging = Judging(user, slug)
    if not judging.answers_are_open:
        raise Http404
    return found, judging.sees_names
