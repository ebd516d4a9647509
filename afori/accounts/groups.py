"""The agency's groups of staff, and what each may do in the admin."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

EDITORS = "editors"
CURATED_APPS = ["taxonomy", "networks", "challenges", "funding", "events", "knowledge"]


def make_editors():
    """The group that edits what the agency curates, organisations included. Safe to repeat."""
    group, _created = Group.objects.get_or_create(name=EDITORS)
    curated = Q(content_type__app_label__in=CURATED_APPS)
    organisations = Q(
        content_type__app_label="accounts", content_type__model__startswith="organisation"
    )
    group.permissions.set(Permission.objects.filter(curated | organisations))
    return group
