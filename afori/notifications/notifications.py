"""Kinds about people and organisations. Accounts stands below and asks for them by name."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from afori.accounts.actions.erasure import deleted_on
from afori.accounts.models import Invitation, Membership, User
from afori.common import formatting

from .letters import Withheld, absolute, letter
from .registry import Kind, register

RELATED = ("user", "organisation")
INVITING = ("organisation", "invited_by", "answered_by")


def names(membership):
    return {"name": str(membership.user), "organisation": membership.organisation.name}


def inviting(invitation):
    inviter, guest = invitation.invited_by, invitation.answered_by
    return {
        "name": inviter and str(inviter),
        "guest": guest and str(guest),
        "organisation": invitation.organisation.name,
    }


def members_url(thing):
    return reverse("accounts:members", args=[thing.organisation.slug])


def only(rows):
    """The rule of a kind for many subjects at once, from a rule that gives a person's rows."""

    def visible_among(user, ids):
        return rows(user).filter(pk__in=ids).values_list("pk", flat=True)

    return visible_among


def own(state, **conditions):
    """A person's own memberships in a state, while the organisation exists."""
    return only(
        lambda user: Membership.objects.filter(
            user_id=user.pk, state=state, organisation__closed_at=None, **conditions
        )
    )


def administered(user):
    return Membership.objects.admins().filter(user_id=user.pk).values("organisation")


def accepted_by_others(user):
    accepted = Invitation.objects.filter(state=Invitation.State.ACCEPTED)
    return accepted.filter(organisation__in=administered(user))


MEMBERSHIP_REQUESTED = register(
    Kind(
        name="accounts.membership_requested",
        model=Membership,
        related=RELATED,
        text=lambda m: _("%(name)s asks to join %(organisation)s.") % names(m),
        url=lambda m: m.get_absolute_url(),
        visible_among=only(lambda user: Membership.objects.to_decide_by(user)),
        mail="accounts/membership_requested",
    )
)
MEMBERSHIP_ACCEPTED = register(
    Kind(
        name="accounts.membership_accepted",
        model=Membership,
        related=RELATED,
        text=lambda m: _("You are now a member of %(organisation)s.") % names(m),
        url=members_url,
        visible_among=own(Membership.State.ACTIVE),
        mail="accounts/membership_accepted",
    )
)
MEMBERSHIP_DECLINED = register(
    Kind(
        name="accounts.membership_declined",
        model=Membership,
        related=RELATED,
        text=lambda m: _("%(organisation)s has declined your request to join.") % names(m),
        url=lambda m: reverse("accounts:organisation_start"),
        visible_among=own(Membership.State.DECLINED),
        mail="accounts/membership_declined",
    )
)
MEMBERSHIP_ENDED = register(
    Kind(
        name="accounts.membership_ended",
        model=Membership,
        related=RELATED,
        text=lambda m: _("You are no longer a member of %(organisation)s.") % names(m),
        url=lambda m: reverse("accounts:organisation_join", args=[m.organisation.slug]),
        visible_among=own(Membership.State.ENDED),
        mail="accounts/membership_ended",
    )
)
ROLE_ADMIN = register(
    Kind(
        name="accounts.role_admin",
        model=Membership,
        related=RELATED,
        text=lambda m: _("You are now an administrator of %(organisation)s.") % names(m),
        url=members_url,
        visible_among=own(Membership.State.ACTIVE, role=Membership.Role.ADMIN),
        mail="accounts/role_admin",
    )
)
ROLE_MEMBER = register(
    Kind(
        name="accounts.role_member",
        model=Membership,
        related=RELATED,
        text=lambda m: _("You are no longer an administrator of %(organisation)s.") % names(m),
        url=members_url,
        visible_among=own(Membership.State.ACTIVE, role=Membership.Role.MEMBER),
        mail="accounts/role_member",
    )
)
INVITATION_RECEIVED = register(
    Kind(
        name="accounts.invitation_received",
        model=Invitation,
        related=INVITING,
        text=lambda i: _("%(name)s invites you to %(organisation)s.") % inviting(i),
        url=lambda i: i.get_absolute_url(),
        visible_among=only(lambda user: Invitation.objects.to_answer_by(user)),
    )
)
INVITATION_ACCEPTED = register(
    Kind(
        name="accounts.invitation_accepted",
        model=Invitation,
        related=INVITING,
        text=lambda i: (
            _("%(guest)s has accepted the invitation to %(organisation)s.") % inviting(i)
        ),
        url=members_url,
        visible_among=only(accepted_by_others),
        mail="accounts/invitation_accepted",
    )
)


def day_of_deletion(person):
    return formatting.day(timezone.localtime(deleted_on(person)), get_language())


DELETION_REQUESTED = register(
    Kind(
        name="accounts.deletion_requested",
        model=User,
        text=lambda person: _("Your account will be deleted. You can still change your mind."),
        url=lambda person: reverse("accounts:my_data"),
        visible_to=lambda user, person: user == person and person.deletion_requested_at is not None,
        context=lambda person: {"day": day_of_deletion(person)},
        mail="accounts/deletion_requested",
    )
)
INACTIVE_ACCOUNT = register(
    Kind(
        name="accounts.inactive_account",
        model=User,
        text=lambda person: _("You have not used your account for a long time."),
        url=lambda person: reverse("my_pages"),
        visible_to=lambda user, person: user == person,
        mail="accounts/inactive_account",
    )
)


@dataclass(frozen=True)
class InvitationMail:
    """To an address: the same mail whether or not somebody here has it."""

    name: str

    def letter(self, mail):
        found = Invitation.objects.valid().select_related(*INVITING)
        invitation = found.filter(pk=mail.subject_id).first()
        if invitation is None:
            raise Withheld("over")
        templates = [
            f"emails/accounts/invitation.{ending}" for ending in ("subject.txt", "txt", "html")
        ]
        url = absolute(invitation.get_absolute_url())
        return letter(mail.address, templates, {"subject": invitation, "url": url})


INVITATION_MAIL = register(InvitationMail("accounts.invitation"))
