"""Accounts that hold others' secrets: an organisation's log-in never enters one by its address.

Whoever runs such a log-in could otherwise become anybody of its domain.
"""

from allauth.account.models import EmailAddress

from .domains import address_key

reasons = []


def guarded_for(predicate):
    """Guard the accounts for which the predicate holds. Apps above this one add theirs in their
    `rules.py`.
    """
    reasons.append(predicate)
    return predicate


def is_guarded(user):
    """Staff, superusers, and those that other apps name."""
    return user.is_staff or user.is_superuser or any(reason(user) for reason in reasons)


def owner_of(address):
    """Whose verified address it is, or None."""
    owned = EmailAddress.objects.filter(email=address_key(address), verified=True)
    found = owned.select_related("user").first()
    return found and found.user
