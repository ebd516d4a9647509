"""What an organisation says of itself."""

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from afori.common.states import NotAllowedNow

from ..models import Organisation
from .locks import locked
from .organisations import one_at_a_time
from .refusals import ChangedMeanwhile, OrganisationExists

# What staff check, or have checked, stays as they see it.
CHECKED_FACTS = ("name", "kind", "number")


@transaction.atomic
def update_organisation(organisation, *, by, seen, topics, **facts):
    """Change the facts and the profile; `seen` is its `updated_at` as the person has read it.

    Raises ChangedMeanwhile, OrganisationExists, or NotAllowedNow for what staff check or have
    checked and for what is closed.
    """
    one_at_a_time()
    organisation = locked_active(organisation)
    if organisation.updated_at != seen:
        raise ChangedMeanwhile(organisation)
    if any(name in facts for name in CHECKED_FACTS) and organisation.has_fixed_facts:
        raise NotAllowedNow(_("We check these facts. Write to us to change them."))
    if number := facts.get("number"):
        others = Organisation.objects.exclude(pk=organisation.pk)
        if existing := others.filter(number=number).first():
            raise OrganisationExists(existing)
    for name, value in facts.items():
        setattr(organisation, name, value)
    organisation.save(update_fields=[*facts, "updated_at"])
    organisation.topics.set(topics)
    return organisation


@transaction.atomic
def set_logo(organisation, *, png, by):
    """Show another logotype, given as the bytes of a PNG that we have drawn ourselves."""
    organisation = locked_active(organisation)
    forget_file(organisation.logo)
    organisation.logo = ContentFile(png, name="logo")
    organisation.save(update_fields=["logo"])
    return organisation


@transaction.atomic
def remove_logo(organisation, *, by):
    organisation = locked_active(organisation)
    forget_file(organisation.logo)
    organisation.logo = ""
    organisation.save(update_fields=["logo"])
    return organisation


def locked_active(organisation):
    organisation = locked(organisation)
    if organisation.is_closed:
        raise NotAllowedNow(_("The organisation is closed."))
    return organisation


def forget_file(file):
    """Delete a file from disk once the change is certain."""
    if file:
        storage, name = file.storage, file.name
        transaction.on_commit(lambda: storage.delete(name))
