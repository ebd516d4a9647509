from datetime import timedelta

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from afori.common.models import Timestamped, new_token, one_person

from ..choices import MembershipState, Role
from .organisations import Organisation

INVITATION_LIVES = timedelta(days=14)


class MembershipQuerySet(models.QuerySet):
    def active(self):
        """Those that give rights: also the organisation has to be active."""
        return self.filter(state=MembershipState.ACTIVE, organisation__closed_at__isnull=True)

    def current(self):
        """Active ones and requests without an answer: at most one a person and organisation."""
        return self.filter(state__in=[Membership.State.REQUESTED, Membership.State.ACTIVE])

    def requested(self):
        return self.filter(state=Membership.State.REQUESTED)

    def admins(self):
        return self.active().filter(role=Role.ADMIN, user__is_active=True)

    def sole_admins(self):
        """Administrators without another one beside them."""
        others = Membership.objects.admins().filter(organisation=OuterRef("organisation"))
        return self.admins().filter(~Exists(others.exclude(pk=OuterRef("pk"))))

    def answerable_by(self, user):
        """Memberships of others in organisations that the person administers or, for staff, that
        have no administrator. The rule for one is accounts.decide_membership.
        """
        admins = Membership.objects.admins()
        answerable = Q(organisation__in=admins.filter(user_id=user.pk).values("organisation"))
        if user.is_staff:
            answerable |= ~Exists(admins.filter(organisation=OuterRef("organisation")))
        return self.filter(answerable).exclude(user_id=user.pk)

    def ended(self):
        """Former memberships, the latest first. Those with a reason were ended by somebody else."""
        return self.filter(state=Membership.State.ENDED).order_by("-ended_at", "-pk")

    def of_people(self):
        """Of people who can log in. Those who cannot keep their place, but decide nothing."""
        return self.filter(user__is_active=True)

    def to_decide_by(self, user):
        """Requests that wait for an answer from this person."""
        return self.requested().answerable_by(user)


@pghistory.track()
class Membership(Timestamped):
    """A person in an organisation. Ended ones stay as history. Changed by `accounts.actions`."""

    Role = Role
    State = MembershipState

    NEXT = {
        State.REQUESTED: {State.ACTIVE, State.DECLINED, State.WITHDRAWN},
        State.ACTIVE: {State.ENDED},
    }

    token = models.CharField(max_length=16, unique=True, default=new_token, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MEMBER)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    message = models.TextField(_("message"), blank=True, max_length=2000)
    reason = models.TextField(_("reason"), blank=True, max_length=2000)
    requested_at = models.DateTimeField(_("requested"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = one_person(_("decided by"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = one_person(_("ended by"))

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership of an organisation")
        verbose_name_plural = _("memberships of organisations")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(state__in=["requested", "active"]),
                name="membership_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "withdrawn"], decided_at=None)
                | Q(state__in=["active", "declined", "ended"], decided_at__isnull=False),
                name="membership_decided_has_date",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["withdrawn", "ended"], ended_at__isnull=False)
                | Q(state__in=["requested", "active", "declined"], ended_at=None),
                name="membership_ended_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""),
                name="membership_declined_has_reason",
            ),
        ]

    def __str__(self):
        return f"{self.user} – {self.organisation}"

    def get_absolute_url(self):
        """Where an administrator answers the request."""
        return reverse("accounts:membership_decide", args=[self.token])

    @property
    def is_requested(self):
        return self.state == self.State.REQUESTED

    @property
    def is_admin(self):
        return self.state == self.State.ACTIVE and self.role == self.Role.ADMIN


class InvitationQuerySet(models.QuerySet):
    def pending(self):
        """Not answered and not taken back; some of them may have expired."""
        return self.filter(state=Invitation.State.PENDING)

    def valid(self):
        """Those that can still be accepted: in time, and from somebody who may still invite."""
        inviting = Membership.objects.admins().filter(
            user=OuterRef("invited_by"), organisation=OuterRef("organisation")
        )
        return self.pending().filter(Exists(inviting), expires_at__gt=timezone.now())

    def to_answer_by(self, user):
        """Valid ones to one of the person's verified addresses."""
        verified = user.emailaddress_set.filter(verified=True)
        return self.valid().filter(address__in=verified.values(key=Lower("email")))

    def shown_to_administrators(self):
        """Those without an answer, and for as long as they would have lived those declined."""
        declined = Q(state=Invitation.State.DECLINED, expires_at__gt=timezone.now())
        return self.filter(Q(state=Invitation.State.PENDING) | declined)

    def with_validity(self):
        """`may_be_accepted`: the same question as `valid()`, for each of many."""
        valid = Invitation.objects.valid().filter(pk=OuterRef("pk"))
        return self.annotate(may_be_accepted=Exists(valid))


def expiry():
    return timezone.now() + INVITATION_LIVES


class Invitation(Timestamped):
    """An administrator asks somebody by mail to join. Changed by `accounts.actions` alone."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        REVOKED = "revoked", _("Taken back")

    NEXT = {State.PENDING: {State.ACCEPTED, State.DECLINED, State.REVOKED}}

    token = models.CharField(max_length=16, unique=True, default=new_token, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="invitations",
    )
    address = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MEMBER)
    message = models.TextField(_("message"), blank=True, max_length=2000)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("invited by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    expires_at = models.DateTimeField(_("valid until"), default=expiry)
    mailed_at = models.DateTimeField(_("latest e-mail"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PENDING
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = one_person(_("answered by"))

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "address"],
                condition=Q(state="pending"),
                name="invitation_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(address=Lower("address")), name="invitation_address_lower"
            ),
            models.CheckConstraint(
                condition=Q(state="pending", answered_at=None)
                | (~Q(state="pending") & Q(answered_at__isnull=False)),
                name="invitation_answered_has_date",
            ),
        ]

    def __str__(self):
        return f"{self.organisation}: {self.address}"

    def get_absolute_url(self):
        """Where the invited person answers."""
        return reverse("accounts:invitation", args=[self.token])

    @property
    def is_pending(self):
        return self.state == self.State.PENDING

    @property
    def shown_address(self):
        """Enough for its owner to recognise it: k…@kommun.se."""
        name, _at, domain = self.address.rpartition("@")
        return f"{name[:1]}…@{domain}"

    def is_to(self, user):
        """Whether the person has shown that the invited address is theirs."""
        return self.address in user.verified_addresses

    @property
    def is_valid(self):
        """The rule of `valid()` for one."""
        return Invitation.objects.valid().filter(pk=self.pk).exists()
