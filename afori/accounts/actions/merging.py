"""Making two entries of the same organisation one, with the rules of this app's own rows."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from afori.common.states import Refused

from .. import merging
from ..models import Invitation, Membership, Organisation, OrganisationDomain, User, Verification
from ..telling import tell
from . import invitations, memberships, verifications
from .closing import mark_closed
from .refusals import NeedsReason

State, Role = Membership.State, Membership.Role
# Facts that the one that stays takes over where it has none itself.
FACTS = (
    *("number", "website", "county", "population", "size_class", "logo", "source", "facts_as_of"),
    *("profile_sv", "profile_en", "capabilities_sv", "capabilities_en"),
)


class CannotMerge(Refused):
    """The two are different organisations, or hold what cannot be in one."""


@dataclass(frozen=True)
class Preview:
    """What a merge would do: (label, number) of what moves, and sentences."""

    moving: list
    notes: list
    refusals: list


def preview_merge(merged, *, into):
    """What staff see before they confirm. Nothing in it depends on submissions."""
    rules = merging.rules()
    counted = [(rule.label, rule.count(merged, into)) for rule in rules if rule.label]
    notes = [text for rule in rules for text in rule.notes(merged, into)]
    return Preview(
        moving=[(label, number) for label, number in counted if number],
        notes=[*notes, *fact_notes(merged, into)],
        refusals=why_not_merge(merged, into),
    )


@transaction.atomic
def merge_organisations(merged, *, into, by, reason):
    """Close an organisation that is the same as another one, which gets all that is its own.

    Raises CannotMerge where that would not be right. Submissions stay with the closed one: their
    receipts name it, and their authors keep them.
    """
    merged, kept = locked_pair(merged, into)
    if not reason.strip():
        raise NeedsReason(_("Say why. The members of both organisations will read it."))
    if refusals := why_not_merge(merged, kept):
        raise CannotMerge(" ".join(refusals))
    for rule in merging.rules():
        rule.move(merged, kept, by)
    take_over_facts(merged, kept)
    mark_closed(merged, at=timezone.now(), by=by, reason=reason)
    merged.merged_into = kept
    merged.save(update_fields=["merged_into", "updated_at"])
    members = kept.memberships.active()
    tell(User.objects.filter(memberships__in=members), "organisation_merged", merged)
    return kept


def locked_pair(merged, kept):
    """Both rows as they are now, locked in the same order by all."""
    rows = Organisation.objects.select_for_update().order_by("pk")
    found = {each.pk: each for each in rows.filter(pk__in=[merged.pk, kept.pk])}
    return found[merged.pk], found[kept.pk]


def why_not_merge(merged, kept):
    """Sentences on why the two cannot become one; none if they can."""
    told = {"merged": merged, "kept": kept}
    reasons = [
        (merged == kept, _("Choose another organisation than %(merged)s itself.")),
        (merged.is_closed, _("%(merged)s is closed already.")),
        (kept.is_closed, _("%(kept)s is closed.")),
        (
            merged.is_buyer != kept.is_buyer,
            _("One is a buyer and the other a supplier. Correct the kind first if it is wrong."),
        ),
        (
            bool(merged.number and kept.number and merged.number != kept.number),
            _("They have different organisation numbers. Correct the number first if it is wrong."),
        ),
        (
            merged.is_verified and not kept.is_verified,
            _("%(merged)s is verified and %(kept)s is not. Keep %(merged)s instead."),
        ),
    ]
    found = [text % told for holds, text in reasons if holds]
    return found + [text for rule in merging.rules() for text in rule.refusals(merged, kept)]


# Facts


def missing_facts(merged, kept):
    """Names of the facts that only the merged one has."""
    return [name for name in FACTS if getattr(merged, name) and not getattr(kept, name)]


def fact_notes(merged, kept):
    field = Organisation._meta.get_field
    names = [
        str(field(name).verbose_name)  # type: ignore[union-attr]
        for name in missing_facts(merged, kept)
    ]
    if not names:
        return []
    text = _("%(kept)s takes over what it lacks: %(names)s.")
    return [text % {"kept": kept, "names": ", ".join(names)}]


def take_over_facts(merged, kept):
    for name in missing_facts(merged, kept):
        setattr(kept, name, getattr(merged, name))
    if merged.number:
        merged.number = None
        merged.save(update_fields=["number", "updated_at"])
    kept.offers = [*kept.offers, *(one for one in merged.offers if one not in kept.offers)]
    kept.save(update_fields=[*FACTS, "offers", "updated_at"])
    kept.topics.add(*merged.topics.all())


# People: each keeps one place, with the stronger role


def doubles(merged, kept):
    """Places in both of the same person, as pairs (in the merged one, in the one that stays)."""
    own = {each.user_id: each for each in kept.memberships.current().select_related("user")}
    places = merged.memberships.current().select_related("user", "organisation").order_by("pk")
    return [(place, own[place.user_id]) for place in places if place.user_id in own]


def membership_notes(merged, kept):
    number = len(doubles(merged, kept))
    if number:
        yield (
            ngettext(
                "%d person is in both and keeps the stronger role.",
                "%d people are in both and keep the stronger role.",
                number,
            )
            % number
        )
    names = merged.memberships.admins().values_list("user__name", flat=True).order_by("pk")
    if names:
        text = _("Administrators of %(merged)s become administrators of %(kept)s: %(names)s.")
        yield text % {"merged": merged, "kept": kept, "names": ", ".join(names[:10])}


def move_memberships(merged, kept, by):
    pairs = doubles(merged, kept)
    for leaving, staying in pairs:
        strengthen(staying, leaving, by)
        give_up(leaving, by)
    settled = [leaving.pk for leaving, _staying in pairs]
    merged.memberships.exclude(pk__in=settled).update(organisation=kept)


def strengthen(staying, other, by):
    """Give the place that stays what the other one had more."""
    if other.is_requested:
        return
    if staying.is_requested:
        facts = {"decided_at": timezone.now(), "decided_by": by}
        memberships.move(staying, State.ACTIVE, "", **facts)
    if other.is_admin and not staying.is_admin:
        memberships.write_role(staying, Role.ADMIN)


def give_up(leaving, by):
    state = State.WITHDRAWN if leaving.is_requested else State.ENDED
    memberships.move(leaving, state, "", ended_at=timezone.now(), ended_by=by)


merging.register(
    merging.Rule(
        Membership,
        "organisation",
        gettext_lazy("Members and requests to join"),
        count=lambda merged, kept: merged.memberships.current().count(),
        notes=membership_notes,
        move=move_memberships,
    )
)


# Domains, invitations, checks, and those merged earlier

merging.moves(OrganisationDomain, "organisation", gettext_lazy("E-mail domains"))


def move_invitations(merged, kept, by):
    waiting = kept.invitations.pending().values("address")
    for double in merged.invitations.pending().filter(address__in=waiting):
        invitations.answer(double, Invitation.State.REVOKED, by)
    merged.invitations.pending().update(organisation=kept)


merging.register(
    merging.Rule(
        Invitation,
        "organisation",
        gettext_lazy("Invitations that wait for an answer"),
        count=lambda merged, kept: merged.invitations.pending().count(),
        move=move_invitations,
    )
)


def move_verifications(merged, kept, by):
    """A request that waits goes on for the one that stays, if that one needs it."""
    waiting = merged.verifications.waiting().first()
    if waiting is None:
        return
    if kept.is_verified or kept.verifications.waiting().exists():
        reason = _("Merged into %(name)s.") % {"name": kept}
        verifications.move(waiting, False, checks=(), reason=reason, by=by)
    else:
        merged.verifications.waiting().update(organisation=kept)


merging.register(merging.Rule(Verification, "organisation", move=move_verifications))
merging.register(
    merging.Rule(
        Organisation,
        "merged_into",
        move=lambda merged, kept, by: merged.merged.update(merged_into=kept),
    )
)
