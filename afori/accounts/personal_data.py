"""What accounts hold about a person, allauth and the admin's log included."""

import json

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Replace
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from afori.common.models import new_token
from afori.common.personal_data import SHOWN, Fate, Holding, Obstacle, facts, plain, register

from .actions.invitations import answer
from .actions.memberships import hand_requests_to_staff, move
from .actions.sessions import addresses, end_sessions
from .actions.texts import REMOVED, empty_texts
from .models import Invitation, Membership, SignIn, User, Verification

State = Membership.State


# The account


def account(user):
    person = facts(user, "email", "name", "profession", "language", "created_at", "last_login")
    groups = user.groups.order_by("name").values_list("name", flat=True)
    return {
        _("Account"): [person | {_("Groups"): list(groups)}],
        _("E-mail addresses"): [
            {_("Address"): one.email, _("Confirmed"): one.verified, _("Log-in"): one.primary}
            for one in user.emailaddress_set.order_by("pk")
        ],
        _("Two-step log-in"): [
            {
                _("Kind"): str(one.get_type_display()),
                _("Since"): plain(one.created_at),
                _("Last used"): plain(one.last_used_at),
            }
            for one in Authenticator.objects.filter(user=user).order_by("pk")
        ],
        _("Log-ins through your organisation"): [
            {
                _("Service"): one.provider,
                _("What it told us"): one.extra_data,
                _("Since"): plain(one.date_joined),
                _("Last used"): plain(one.last_login),
            }
            for one in SocialAccount.objects.filter(user=user).order_by("pk")
        ],
    }


def erase_account(user):
    forget_in_log(user)
    end_sessions(user)
    Authenticator.objects.filter(user=user).delete()
    SocialAccount.objects.filter(user=user).delete()
    user.emailaddress_set.all().delete()
    user.groups.clear()
    user.user_permissions.clear()


def spellings(user):
    """Name and addresses as the admin's log writes them, plain and in JSON, the longest first."""
    known = {user.name, *addresses(user)} - {""}
    return sorted(known | {json.dumps(one)[1:-1] for one in known}, key=len, reverse=True)


def forget_in_log(user):
    """Take the person's name and addresses out of the admin's log."""
    about = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User))
    about.filter(object_id=str(user.pk)).update(object_repr=REMOVED, change_message="")
    for known in spellings(user):
        entries = LogEntry.objects.filter(
            Q(object_repr__contains=known) | Q(change_message__contains=known)
        )
        entries.update(
            object_repr=Replace(F("object_repr"), Value(known), Value(REMOVED)),
            change_message=Replace(F("change_message"), Value(known), Value(REMOVED)),
        )


register(
    Holding(
        name="account",
        title=pgettext_lazy("own data", "account"),
        what=gettext_lazy("Who you are to us: addresses, name, profession, how you log in."),
        stays=gettext_lazy(
            "An empty account that is called Former user, so that decisions still have an author."
        ),
        collect=account,
        erase=erase_account,
        fields={
            "account.EmailAddress.user": Fate.ERASED,
            "mfa.Authenticator.user": Fate.ERASED,
            "socialaccount.SocialAccount.user": Fate.ERASED,
            "accounts.User_groups.user": Fate.ERASED,
            "accounts.User_user_permissions.user": Fate.ERASED,
            "admin.LogEntry.user": Fate.NAMELESS,
            "pghistory.MiddlewareEvents.user": Fate.NAMELESS,
        },
    )
)


# Places in organisations


def organisations(user):
    invitations = Invitation.objects.select_related("organisation").order_by("pk")
    return {
        _("Memberships"): (
            facts(
                *(one, "organisation", "role", "state", "message", "reason"),
                *("requested_at", "decided_at", "ended_at"),
            )
            for one in user.memberships.select_related("organisation").order_by("pk")
        ),
        _("Invitations to you"): (
            facts(one, "organisation", "role", "message", "state", "created_at", "expires_at")
            for one in invitations.filter(address__in=addresses(user))
        ),
        _("Invitations by you"): (
            facts(one, "organisation", "role", "message", "state", "created_at")
            for one in invitations.filter(invited_by=user)
        ),
        _("Checks that you asked for"): (
            facts(one, "organisation", "occasion", "message", "state", "created_at")
            for one in Verification.objects.filter(requested_by=user)
            .select_related("organisation")
            .order_by("pk")
        ),
    }


def leave_all(user):
    for one in user.memberships.current().select_related("organisation"):
        state = State.WITHDRAWN if one.is_requested else State.ENDED
        move(one, state, "", ended_at=timezone.now())
        if not one.organisation.has_admin:
            hand_requests_to_staff(one.organisation)
    empty_texts(user.memberships.all())
    decided = Membership.objects.filter(Q(decided_by=user) | Q(ended_by=user))
    empty_texts(decided, "reason")
    forget_invitations(user)
    Verification.objects.filter(requested_by=user).update(message="")


def forget_invitations(user):
    Invitation.objects.filter(invited_by=user).update(message="")
    for one in Invitation.objects.filter(address__in=addresses(user)):
        if one.is_pending:
            answer(one, Invitation.State.REVOKED, None)
        one.address, one.message = f"erased-{new_token()}@invalid.invalid", ""
        one.save(update_fields=["address", "message", "updated_at"])


def last_admin(user):
    """Organisations with members that only this person administers, the first of them."""
    others = Membership.objects.active().of_people().exclude(user=user)
    others = others.filter(organisation=OuterRef("organisation"))
    alone = user.memberships.admins().filter(Exists(others), ~Exists(others.admins()))
    for own in alone.select_related("organisation")[:SHOWN]:
        yield Obstacle(
            _("You are the only administrator of %(organisation)s, which has other members.")
            % {"organisation": own.organisation},
            reverse("accounts:members", args=[own.organisation.slug]),
            _("Make somebody else an administrator"),
        )


register(
    Holding(
        name="organisations",
        title=pgettext_lazy("own data", "organisations"),
        what=gettext_lazy("Your organisations, requests, invitations and what you wrote in them."),
        stays=gettext_lazy(
            "That somebody was a member of an organisation, and when, but not who: decisions were "
            "made on it."
        ),
        collect=organisations,
        erase=leave_all,
        obstacles=last_admin,
        fields={
            "accounts.Membership.user": Fate.EMPTIED,
            "accounts.Membership.decided_by": Fate.EMPTIED,
            "accounts.Membership.ended_by": Fate.EMPTIED,
            "accounts.Invitation.invited_by": Fate.EMPTIED,
            "accounts.Invitation.answered_by": Fate.EMPTIED,
            "accounts.Verification.requested_by": Fate.EMPTIED,
            "accounts.Verification.decided_by": Fate.NAMELESS,
            "accounts.Organisation.verified_by": Fate.NAMELESS,
            "accounts.Organisation.closed_by": Fate.NAMELESS,
            "accounts.OrganisationDomain.verified_by": Fate.NAMELESS,
        },
    )
)


# Logging in


def sign_ins(user):
    return {
        _("Log-ins"): (
            facts(one, "at", "method", "second_factor", "succeeded", "network_address", "device")
            for one in user.sign_ins.all()
        ),
        _("Where you are logged in"): (
            {
                _("Since"): plain(one.created_at),
                _("Last seen"): plain(one.last_seen_at),
                _("Network address"): one.ip,
                _("Device"): one.user_agent,
            }
            for one in UserSession.objects.filter(user=user).order_by("pk")
        ),
    }


def forget_sign_ins(user):
    SignIn.objects.filter(user=user).delete()
    UserSession.objects.filter(user=user).delete()


register(
    Holding(
        name="sign_ins",
        title=pgettext_lazy("own data", "log-ins"),
        what=gettext_lazy("When and from what kind of device you have logged in."),
        collect=sign_ins,
        erase=forget_sign_ins,
        fields={
            "accounts.SignIn.user": Fate.ERASED,
            "usersessions.UserSession.user": Fate.ERASED,
        },
    )
)
