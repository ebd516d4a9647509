"""What superusers do about other people's accounts. None of it logs them in as another; but who
connects an organisation's log-in decides whose word counts for its addresses: see `guarded`.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from afori.common.states import NotAllowedNow

from ..models import User
from ..telling import queue_mail
from .refusals import NeedsReason, OwnRequest
from .sessions import end_sessions


@transaction.atomic
def add_person(*, email, name, language, by):
    """An account without a password. The person is told by mail how to get in."""
    user = User.objects.create_user(email, name=name, language=language)
    EmailAddress.objects.create(user=user, email=user.email, primary=True)
    write(user, "account_made", user=user)
    return user


@transaction.atomic
def deactivate_person(user, *, by, reason):
    """Close an account at once, everywhere. The person is told why by mail."""
    user = locked_other(user, by)
    require_reason(reason)
    if not user.is_active:
        raise NotAllowedNow(_("The account is closed already."))
    user.is_active = False
    user.deactivated_at, user.deactivation_reason = timezone.now(), reason.strip()
    save_standing(user)
    end_sessions(user)
    write(user, "account_deactivated", reason=reason.strip())
    return user


@transaction.atomic
def reactivate_person(user, *, by):
    """Open an account again that was closed. An erased one is gone for good."""
    user = locked_other(user, by)
    if user.is_active or user.erased_at:
        raise NotAllowedNow(_("Only accounts that have been closed can be opened again."))
    user.is_active = True
    user.deactivated_at, user.deactivation_reason = None, ""
    save_standing(user)
    write(user, "account_reactivated", user=user)
    return user


@transaction.atomic
def require_new_password(user, *, by, reason):
    """Make a password useless that others may know. The person chooses the next one by mail."""
    user = locked_other(user, by)
    require_reason(reason)
    if not user.is_active:
        raise NotAllowedNow(_("The account is closed."))
    user.set_unusable_password()
    user.save(update_fields=["password", "updated_at"])
    end_sessions(user)
    write(user, "password_required", user=user, reason=reason.strip())
    return user


@transaction.atomic
def remove_second_factor(user, *, by, reason):
    """For one who has lost it. The password, or a code by mail, is still asked for."""
    user = locked_other(user, by)
    require_reason(reason)
    deleted, _kinds = Authenticator.objects.filter(user=user).delete()
    if not deleted:
        raise NotAllowedNow(_("The person has no second factor."))
    end_sessions(user)
    write(user, "second_factor_removed", user=user, reason=reason.strip())
    return user


def locked_other(user, by):
    """The person's row. Nobody does these things to themselves."""
    if user.pk == by.pk:
        raise OwnRequest(_("Somebody else has to do this with your own account."))
    return User.objects.select_for_update().get(pk=user.pk)


def require_reason(reason):
    if not reason.strip():
        raise NeedsReason(_("Say why. The person will read it."))


def save_standing(user):
    """The only writer of whether an account is open."""
    fields = ["is_active", "deactivated_at", "deactivation_reason", "updated_at"]
    user.save(update_fields=fields)


def write(person, template, **context):
    """A mail in the person's language; one to a closed account is to the address alone."""
    with translation.override(person.language):
        queue_mail(f"account/email/{template}", person.email, context)
