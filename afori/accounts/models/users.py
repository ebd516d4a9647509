import rules
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from afori.common.models import Timestamped

from ..domains import address_key

TABLE_VERBS = ("view_", "add_", "change_", "delete_")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser, PermissionsMixin, Timestamped):
    """A person. The e-mail address, in lower case, is the log-in."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    profession = models.CharField(_("profession"), max_length=150, blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    is_staff = models.BooleanField(_("staff of the agency"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_example = models.BooleanField(_("fictitious example"), default=False)
    deactivated_at = models.DateTimeField(_("deactivated"), null=True, blank=True)
    deactivation_reason = models.TextField(_("why it was deactivated"), blank=True, max_length=2000)
    deletion_requested_at = models.DateTimeField(_("asked to be deleted"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower"),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(is_active=False), name="user_erased_is_inactive"
            ),
            models.CheckConstraint(
                condition=Q(deactivated_at=None) | Q(is_active=False),
                name="user_deactivated_is_inactive",
            ),
        ]

    def __str__(self):
        return str(_("Former user")) if self.erased_at else self.name or self.email

    @cached_property
    def active_memberships(self):
        """Active memberships with their organisations, first joined first. Kept for one request."""
        return list(
            self.memberships.active().select_related("organisation").order_by("decided_at", "pk")
        )

    @property
    def verified_addresses(self):
        """The addresses that are surely the person's, written as `address_key` does."""
        verified = self.emailaddress_set.filter(verified=True)  # type: ignore[attr-defined]
        return {address_key(one.email) for one in verified} - {""}

    @property
    def roles(self):
        """The role in each organisation, by its key."""
        return {each.organisation_id: each.role for each in self.active_memberships}

    @property
    def acting_for(self):
        """The organisation the person acts for: the chosen one, else the first joined, or None."""
        organisations = [each.organisation for each in self.active_memberships]
        chosen = (one for one in organisations if one.pk == self._chosen_organisation)
        return next(chosen, organisations[0] if organisations else None)

    _chosen_organisation = None

    def choose_organisation(self, pk):
        """Act for this organisation for as long as this object lives, if still a member of it."""
        self._chosen_organisation = pk

    def has_perm(self, perm, obj=None):
        """What may be done with one thing follows from the rules alone, for superusers too.

        What may be done with a whole table in the admin follows from groups alone.
        """
        if obj is not None:
            return self.is_active and rules.has_perm(perm, self, obj)
        if perm.partition(".")[2].startswith(TABLE_VERBS):
            return self.is_active and (self.is_superuser or perm in self.get_all_permissions())
        return super().has_perm(perm)

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name
