"""The words that people write in requests, taken away when their time is over."""

from django.db.models import Case, Q, Value, When

from afori.common.history import rewrite

REMOVED = "–"
"""Stands where a reason has to be but is no longer kept."""
WITHOUT = {
    "message": Value(""),
    "reason": Case(When(Q(reason=""), then=Value("")), default=Value(REMOVED)),
}


def with_texts(memberships):
    """Memberships, of organisations or networks, that still hold a message or a reason."""
    return memberships.exclude(message="", reason__in=["", REMOVED])


def empty_texts(memberships, *fields):
    """Empty messages and reasons, or the named of them, in the stored versions as well."""
    without = {name: WITHOUT[name] for name in fields or WITHOUT}
    keys = list(memberships.values_list("pk", flat=True))
    memberships.model.objects.filter(pk__in=keys).update(**without)
    versions = memberships.model.history.rel.related_model.objects
    rewrite(versions.filter(pgh_obj__in=keys), **without)
