"""The seal: a challenge's keys, the sealed parts of submissions, and their opening.

No model points back at a submission: see submissions.
"""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from afori.accounts.models import Membership
from afori.common.crypto import EncryptedTextField, LosableTextField
from afori.common.models import Timestamped, new_token, storage_name

from .challenges import Challenge
from .people import Opener, TeamMember, person_field
from .submissions import Submission, SubmissionAuthor, SubmissionVersion


class ChallengeKey(Timestamped):
    """A challenge's key pair. Asked for by publishing, made and kept by the opener alone.

    `wrapped_private` can be unwrapped only with the opener's own key, `signature` is the opener's
    over `token`, `public_key` and `not_before`.
    """

    challenge = models.OneToOneField(Challenge, on_delete=models.CASCADE, related_name="key")
    token = models.CharField(max_length=16, unique=True, default=new_token, editable=False)
    public_key = models.BinaryField(null=True)
    wrapped_private = models.BinaryField(null=True)
    not_before = models.DateTimeField(null=True)
    signature = models.BinaryField(null=True)
    made_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    public_key=None,
                    wrapped_private=None,
                    not_before=None,
                    signature=None,
                    made_at=None,
                )
                | Q(
                    public_key__isnull=False,
                    wrapped_private__isnull=False,
                    not_before__isnull=False,
                    signature__isnull=False,
                    made_at__isnull=False,
                ),
                name="challenge_key_whole",
            ),
        ]

    def __str__(self):
        return self.token


class SealedPart(Timestamped):
    """One part of a version: its text at position 0, then its files, in `text` or `file`.

    `sealed_key` is the part's random key in a sealed box to the challenge's public key. Opening
    stores the same key as `data_key` under the application's keys; what is sealed stays as it is.
    """

    version = models.ForeignKey(SubmissionVersion, on_delete=models.PROTECT, related_name="parts")
    position = models.PositiveSmallIntegerField()
    sealed_key = models.BinaryField()
    text = models.BinaryField(null=True)
    file = models.FileField(upload_to=storage_name, blank=True)
    data_key = LosableTextField(null=True, default=None)

    class Meta:
        default_permissions = ()
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="sealed_part_position"),
            models.CheckConstraint(
                condition=Q(text__isnull=False, file="") | (Q(text=None) & ~Q(file="")),
                name="sealed_part_text_or_file",
            ),
        ]

    def __str__(self):
        return f"{self.version_id}/{self.position}"


class Approval(models.Model):
    """A named opener's yes to opening now. Two of different people within the time open."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="approvals")
    opener = models.ForeignKey(Opener, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.opener}, {self.at}"


class Opening(models.Model):
    """The act by which a challenge's submissions became readable, and its protocol.

    `opened_at` is the time of the approval that completed it, the same however often the opener
    had to start over; `completed_at` is when it was done.
    """

    challenge = models.OneToOneField(Challenge, on_delete=models.PROTECT, related_name="opening")
    opened_at = models.DateTimeField()
    completed_at = models.DateTimeField()
    protocol = EncryptedTextField()
    protocol_sha256 = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.protocol_sha256


class OpenedAnswerQuerySet(models.QuerySet):
    def readable_by(self, user):
        """The one door to opened answers: the challenge's team and those of its panel who have
        said twice, before the opening and after it, that nothing keeps them from judging.

        Who is on the panel reads as a panelist, on the team or not. Nobody reads what rivals
        answered: not those who belong to an organisation that answered. Staff, superusers,
        openers, other colleagues: nothing.
        """
        if not user.is_authenticated:
            return self.none()
        team = TeamMember.objects.active().filter(user_id=user.pk).values("challenge")
        on_panel = Challenge.objects.filter(panel__user_id=user.pk).values("pk")
        judging = Challenge.objects.filter(
            panel__user_id=user.pk,
            panel__has_conflict=False,
            panel__answers_checked_at__isnull=False,
        )
        on_team = Q(opening__challenge__in=team) & ~Q(opening__challenge__in=on_panel)
        return (
            self.filter(on_team | Q(opening__challenge__in=judging.values("pk")))
            .exclude(opening__in=self.model.objects.of_own(user).values("opening"))
            .exclude(recusals__panelist__user_id=user.pk)
        )

    def of_own(self, user):
        """The answers of organisations that the person belongs to, and those they wrote for one
        that they have left.
        """
        own = Membership.objects.active().filter(user_id=user.pk).values("organisation")
        written = SubmissionAuthor.objects.filter(user_id=user.pk).values("submission")
        return self.filter(
            Q(submission__organisation__in=own)
            | Q(submission__organisation__merged_into__in=own)
            | Q(submission__in=written)
        )

    def with_names(self):
        """Fetched with the organisations that answered."""
        return self.select_related("submission__organisation__merged_into")


class OpenedAnswer(models.Model):
    """A submission as it was opened: its latest version, under a letter for anonymous reading."""

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="answers")
    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="+")
    version = models.OneToOneField(SubmissionVersion, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=16, unique=True, default=new_token, editable=False)
    letter = models.CharField(max_length=3)
    is_damaged = models.BooleanField(default=False)

    objects = OpenedAnswerQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["letter"]
        constraints = [
            models.UniqueConstraint(fields=["opening", "letter"], name="opened_answer_letter"),
        ]

    def __str__(self):
        return self.letter

    def get_absolute_url(self):
        return reverse("challenges:opened_answer", args=[self.opening.challenge.slug, self.token])


class Reading(models.Model):
    """The first time that a person read an opened answer."""

    answer = models.ForeignKey(OpenedAnswer, on_delete=models.PROTECT, related_name="readings")
    user = person_field()
    at = models.DateTimeField(_("time"))

    class Meta:
        default_permissions = ()
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "user"], name="reading_first"),
        ]

    def __str__(self):
        return f"{self.user}, {self.at}"
