"""Writing a challenge: beginning it, saving it section by section."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from afori.accounts.models import Membership, Organisation
from afori.common.models import new_token
from afori.common.states import Refused

from .. import sections
from ..locks import database_now
from ..models import Challenge, Section, SectionName, TeamMember
from .challenges import locked
from .openers import name_opener
from .reviewing import settle
from .team import add_team_member, name_panelist

LEASE = timedelta(minutes=10)
RESERVED = {
    *("ny", "new", "granskning", "review", "kalender", "calendar"),
    *("uppfoljning", "follow-up"),
}
LONGEST = 70
NEVER_COPIED = {SectionName.TIMES, SectionName.OPENERS, SectionName.PANEL}


@dataclass(frozen=True)
class SectionSaved:
    """The section as it is stored; `is_stored` is false where somebody else had saved meanwhile."""

    section: Section
    is_stored: bool = True


@transaction.atomic
def start_challenge(*, title, organisation, by):
    """An empty draft of the buyer's, with the person as its team. Raises Refused for suppliers,
    closed organisations and those who do not belong to it.
    """
    require_buyer(organisation, by)
    challenge = created(slug=free_slug(title), title_sv=title, owner=organisation)
    TeamMember.objects.create(challenge=challenge, user=by)
    return challenge


@transaction.atomic
def copy_challenge(source, *, title, organisation, by, with_people=False):
    """A draft with what an earlier challenge of the same owner says, but for times, state and,
    unless chosen, people. Each section copied waits to be looked through.
    """
    if source.owner_id != organisation.pk:
        raise Refused(_("Only challenges of your own organisation can be copied."), code="owner")
    challenge = start_challenge(title=title, organisation=organisation, by=by)
    values = {}
    for name in SectionName:
        if name not in NEVER_COPIED:
            values |= sections.stored(source, name)
    carry_over(challenge, {**values, "title_sv": title, "title_en": ""}, by=by)
    if with_people:
        copy_people(source, challenge, by=by)
    return challenge


@transaction.atomic
def start_from_need(need, *, title, organisation, by):
    """A draft with what a need tells. Its causes and effects become the background."""
    challenge = start_challenge(title=title, organisation=organisation, by=by)
    carry_over(challenge, {**carried(need), "title_sv": title}, by=by)
    return challenge


def carried(need):
    """What a challenge takes from a need, by field; nothing for what the need does not tell."""
    texts = {
        f"{name}_{language}": getattr(need, f"{name}_{language}")
        for name in ("summary", "function", "affected")
        for language in sections.BOTH
    }
    for language in sections.BOTH:
        parts = [getattr(need, f"{name}_{language}") for name in ("causes", "effect")]
        texts[f"background_{language}"] = "\n\n".join(filter(None, parts))
    others = {
        "level": need.level,
        "topics": list(need.topics.all()),
        "goals": need.goals,
        "network": need.network,
        "needs": [need],
    }
    return {name: value for name, value in (texts | others).items() if value}


def carry_over(challenge, values, *, by):
    sections.write(challenge, values)
    Section.objects.bulk_create(
        Section(challenge=challenge, name=name, saved_by=by)
        for name, fields in sections.FIELDS.items()
        if any(values.get(field) for field in fields if field != "title_sv")
    )


def copy_people(source, challenge, *, by):
    for member in source.team.active().exclude(user=by).select_related("user"):
        add_team_member(challenge, member.user, by=by)
    for opener in source.openers.filter(user__is_active=True).select_related("user"):
        name_opener(challenge, opener.user, by=by)
    for panelist in source.panel.filter(user__is_active=True).select_related("user"):
        name_panelist(challenge, panelist.user, by=by)
    challenge.anonymous_reading = source.anonymous_reading
    challenge.save(update_fields=["anonymous_reading", "updated_at"])


@transaction.atomic
def save_section(challenge, name, values, *, revision, by, settled=False):
    """Store a section if it was written over the latest one; else nothing is stored, and whoever
    asks gets to choose. `revision` is the one the person started from; `settled` says that what
    the editors asked for there is dealt with now.
    """
    challenge = draft_of(challenge, by)
    section, _new = Section.objects.select_for_update().get_or_create(
        challenge=challenge, name=name
    )
    is_latest = revision == section.revision
    is_stored = is_latest or sections.same(values, sections.stored(challenge, name))
    if is_latest:
        sections.write(challenge, values)
        noted(section, by)
    if settled and is_stored:
        settle(challenge, name, by=by)
    return SectionSaved(section, is_stored)


@transaction.atomic
def touch_sections(challenge, fields, *, by):
    """Count what was changed elsewhere as a save, so that nobody writes over it unseen."""
    challenge = locked(challenge)
    for name, own in sections.FIELDS.items():
        if set(own) & set(fields):
            noted(Section.objects.get_or_create(challenge=challenge, name=name)[0], by)


def noted(section, by):
    section.revision += 1
    section.saved_by = by
    section.saved_at = database_now()
    if section.opened_by_id == by.pk:
        section.opened_by = section.opened_until = None
    section.save()


def open_section(challenge, name, *, by):
    """Tell colleagues that the person has the section open now. One who came before keeps it."""
    now = database_now()
    rows = Section.objects.filter(challenge=challenge, name=name)
    own = rows.filter(Q(opened_by=None) | Q(opened_by=by) | Q(opened_until__lt=now))
    lease = {"opened_by": by, "opened_until": now + LEASE}
    if not own.update(**lease):
        Section.objects.get_or_create(challenge=challenge, name=name, defaults=lease)


def draft_of(challenge, by):
    """The draft, locked, if the person works on it."""
    challenge = locked(challenge)
    if not Challenge.objects.of_team(by).filter(pk=challenge.pk).exists():
        raise Refused(_("You no longer work on this challenge. Nothing was saved."), code="team")
    if challenge.state != Challenge.State.DRAFT:
        raise Refused(_("The challenge is no longer a draft. Nothing was saved."), code="state")
    return challenge


def require_buyer(organisation, by):
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    members = Membership.objects.active().filter(organisation=organisation, user=by)
    if organisation.is_closed or not organisation.is_buyer or not members.exists():
        raise Refused(_("Challenges are written on behalf of a buyer."), code="buyer")


def created(*, slug, **fields):
    """Two of the same name at the same moment get addresses of their own."""
    try:
        with transaction.atomic():
            return Challenge.objects.create(slug=slug, **fields)
    except IntegrityError:
        return Challenge.objects.create(slug=unlike(slug), **fields)


def free_slug(title):
    slug = slugify(title)[:LONGEST].strip("-") or "utmaning"
    taken = slug in RESERVED or Challenge.objects.filter(slug=slug).exists()
    return unlike(slug) if taken else slug


def unlike(slug):
    return f"{slug}-{new_token()[:4]}"
