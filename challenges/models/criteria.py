import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from afori.common.models import Timestamped
from afori.common.translation import Translated

from .challenges import Challenge


@pghistory.track()
class Criterion(Timestamped):
    """One thing to answer, and how it counts."""

    challenge = models.ForeignKey(
        Challenge, verbose_name=_("challenge"), on_delete=models.CASCADE, related_name="criteria"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    prompt_sv = models.CharField(_("prompt in Swedish"), max_length=300)
    prompt_en = models.CharField(_("prompt in English"), max_length=300, blank=True)
    help_sv = models.TextField(_("help in Swedish"), blank=True)
    help_en = models.TextField(_("help in English"), blank=True)
    word_limit = models.PositiveSmallIntegerField(_("word limit"), default=500)
    required = models.BooleanField(_("required"), default=True)
    weight = models.PositiveSmallIntegerField(_("weight (per cent)"), default=0)
    minimum_score = models.PositiveSmallIntegerField(
        _("minimum score (1-5)"), null=True, blank=True
    )

    prompt = Translated()
    help = Translated()

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["challenge", "position"], name="criterion_position"),
            models.CheckConstraint(condition=Q(weight__lte=100), name="criterion_weight_per_cent"),
            models.CheckConstraint(condition=Q(word_limit__gte=1), name="criterion_word_limit"),
            models.CheckConstraint(
                condition=Q(minimum_score=None) | Q(minimum_score__range=(1, 5)),
                name="criterion_minimum_score_range",
            ),
        ]

    def __str__(self):
        return str(self.prompt)
