"""Submissions. Nobody but their authors may see one, or that it exists.

No model points back at a submission: without reverse relations neither admin filters nor
annotations can ask whether there is one.
"""

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from afori.accounts.models import Membership, Organisation
from afori.common.crypto import EncryptedTextField, LosableTextField
from afori.common.models import StoredFile, Timestamped, new_token

from .challenges import LANGUAGES, Challenge
from .criteria import Criterion

# What the list in a receipt tells of each file.
FACTS = ("token", "name", "size", "sha256")


class SubmissionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Only authors who still belong to the organisation, or to the one that it has become part
        of. Staff and superusers: nothing.
        """
        if not user.is_authenticated:
            return self.none()
        own = Membership.objects.active().filter(user_id=user.pk).values("organisation")
        theirs = Q(organisation__in=own) | Q(organisation__merged_into__in=own)
        return self.filter(theirs, authors__user_id=user.pk)

    def left(self):
        """Those that nobody who wrote them can read any more."""
        authors = SubmissionAuthor.objects.active().filter(user__is_active=True)
        return self.filter(~Exists(authors.filter(submission=OuterRef("pk"))))

    def left_to(self, user, *, at):
        """Those that are left in the organisations the person administers, once the time to answer
        is over: before that an administrator goes on with one by answering.
        """
        if not user.is_authenticated:
            return self.none()
        own = Membership.objects.admins().filter(user_id=user.pk).values("organisation")
        theirs = Q(organisation__in=own) | Q(organisation__merged_into__in=own)
        return self.left().filter(theirs, challenge__closes_at__lt=at)

    def of(self, organisation):
        """The organisation's own, before those of organisations that have become part of it."""
        theirs = Q(organisation=organisation) | Q(organisation__merged_into=organisation)
        inherited = models.Case(models.When(organisation=organisation, then=0), default=1)
        return self.filter(theirs).order_by(inherited, "-created_at", "-pk")

    def answering(self, challenge):
        return self.filter(challenge=challenge)


class Submission(Timestamped):
    """One organisation's answer to a challenge. The state belongs to `challenges.actions`."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        WITHDRAWN = "withdrawn", pgettext_lazy("submission", "Withdrawn")

    NEXT = {
        State.DRAFT: {State.SUBMITTED},
        State.SUBMITTED: {State.SUBMITTED, State.WITHDRAWN},
        State.WITHDRAWN: {State.SUBMITTED},
    }

    challenge = models.ForeignKey(
        Challenge,
        verbose_name=_("challenge"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    reference = models.CharField(
        _("reference"), max_length=16, unique=True, default=new_token, editable=False
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    latest_version = models.PositiveIntegerField(_("latest version"), default=0)
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, default="sv")
    partners = EncryptedTextField(_("partners"), blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [
            models.UniqueConstraint(
                fields=["challenge", "organisation"], name="submission_one_per_organisation"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", latest_version=0)
                | Q(state__in=["submitted", "withdrawn"], latest_version__gte=1),
                name="submission_version_fits_state",
            ),
        ]

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("challenges:submission", args=[self.challenge.slug, self.reference])

    @property
    def home(self):
        """Where its authors work: its organisation, or the one that this has become part of."""
        return self.organisation.successor or self.organisation


class AuthorQuerySet(models.QuerySet):
    def active(self):
        """Authors who still belong to the organisation: the ones `visible_to` lets in."""
        member = Membership.objects.active().filter(
            Q(organisation=OuterRef("submission__organisation"))
            | Q(organisation=OuterRef("submission__organisation__merged_into")),
            user=OuterRef("user"),
        )
        return self.filter(Exists(member))


class SubmissionAuthor(Timestamped):
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="authors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = AuthorQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "user"], name="author_once"),
        ]


class Answer(Timestamped):
    """The draft of one criterion's answer. `revision` counts saves, so none is overwritten.

    `writer` has it open since `writing_since`, and alone until `writing_until`: see
    `challenges.actions.writers`.
    """

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="answers")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    writing_since = models.DateTimeField(null=True)
    writing_until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["submission", "criterion"], name="answer_once"),
        ]

    def is_written_by_another(self, user, *, at):
        """Whether somebody else has the part open at that moment."""
        if self.writer_id in (None, user.pk) or self.writing_until is None:
            return False
        return self.writing_until > at


class SetAside(Timestamped):
    """A text that met a newer one: kept beside the answer until its writer is done with it."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="set_aside")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = EncryptedTextField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["answer", "user"], name="set_aside_once"),
        ]


class SubmissionFile(StoredFile):
    """A file of the draft, encrypted on disk. Each version holds its own, as a `SealedPart`."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="files")
    name = EncryptedTextField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        default_permissions = ()
        ordering = ["created_at", "pk"]


class Receipted(models.Model):
    """Something that happened to a submission, with a random number to prove it by."""

    receipt_number = models.CharField(max_length=16, unique=True, default=new_token)
    submission: Any

    class Meta:
        abstract = True

    def __str__(self):
        return self.printed_number

    def get_absolute_url(self):
        submission = self.submission
        return reverse(
            "challenges:receipt",
            args=[submission.challenge.slug, submission.reference, self.receipt_number],
        )

    @property
    def printed_number(self):
        """The number in groups of four, as on paper: K7QF-29XM-WD4T-A3BC."""
        return printed(self.receipt_number)


def printed(number):
    return "-".join(number.upper()[start : start + 4] for start in range(0, len(number), 4))


class SubmissionVersion(Receipted):
    """What was received, sealed in `parts`, with the time read under the challenge's lock.

    `manifest` is the receipt's list of files, which authors may read; `sha256` is that of the
    whole, `audit_head` the audit chain's head when it was received.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    submit_key = models.UUIDField()
    received_at = models.DateTimeField()
    received_from = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    manifest = LosableTextField()
    sha256 = models.CharField(max_length=64)
    audit_head = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["submission", "submit_key"], name="submit_key_once"),
        ]

    @cached_property
    def listed(self):
        """The files it was received with, None if the list is damaged."""
        try:
            return [{fact: one[fact] for fact in FACTS} for one in json.loads(self.manifest)]
        except (ValueError, TypeError, KeyError):
            return None

    @property
    def files(self):
        """Token, name, size in bytes and SHA-256 of each file; none where the list is lost."""
        return self.listed or []

    @property
    def list_is_lost(self):
        return self.listed is None


class Attempt(Receipted):
    """A withdrawal, or a submit or withdrawal that was refused; receipted like a version."""

    class Kind(models.TextChoices):
        WITHDRAWN = "withdrawn", pgettext_lazy("submission", "Withdrawn")
        TOO_LATE = "too_late", _("Refused: too late")
        TOO_EARLY = "too_early", _("Refused: not open yet")
        NOT_OPEN = "not_open", _("Refused: not open")

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="attempts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    audit_head = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        ordering = ["-at", "-pk"]
