import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from afori.common.models import Timestamped
from afori.common.translation import Translated

from .choices import Goal, Level, Method, ValueOffer

__all__ = [
    "Goal",
    "Level",
    "Method",
    "Topic",
    "ValueOffer",
    "goals_field",
    "levels_field",
    "methods_field",
]


@pghistory.track()
class Topic(Timestamped):
    """A subject that networks, needs, challenges, calls and articles share."""

    slug = models.SlugField(_("address"), unique=True)
    name_sv = models.CharField(_("name in Swedish"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    summary_sv = models.CharField(_("summary in Swedish"), max_length=300, blank=True)
    summary_en = models.CharField(_("summary in English"), max_length=300, blank=True)
    is_programme = models.BooleanField(_("strategic collaboration programme"), default=False)

    name = Translated()
    summary = Translated()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name_sv"]

    def __str__(self):
        return str(self.name)


def levels_field():
    """The levels of the staircase that something fits; none means all or not told."""
    return ArrayField(
        models.CharField(max_length=20, choices=Level.choices),
        verbose_name=_("levels"),
        default=list,
        blank=True,
    )


def methods_field():
    return ArrayField(
        models.CharField(max_length=40, choices=Method.choices),
        verbose_name=_("methods"),
        default=list,
        blank=True,
    )


def goals_field():
    return ArrayField(
        models.PositiveSmallIntegerField(choices=Goal.choices),
        verbose_name=_("global goals"),
        default=list,
        blank=True,
    )
