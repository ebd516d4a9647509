"""The agency's groups of staff, and what each may do in the admin."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

EDITORS = "editors"
CURATED_APPS = ["taxonomy", "networks", "challenges", "funding", "events", "knowledge"]


def make_editors():
    """The group that edits what the agency curates, and decides on organisations: checks, merges
    and closes them. People are for superusers. Safe to repeat."""
    group, _created = Group.objects.get_or_create(name=EDITORS)
    curated = Q(content_type__app_label__in=CURATED_APPS)
    organisations = Q(
        content_type__app_label="accounts", content_type__model__startswith="organisation"
    )
    checks = Q(codename__in=["view_verification", "change_verification"])
    group.permissions.set(Permission.objects.filter(curated | organisations | checks))
    return group
