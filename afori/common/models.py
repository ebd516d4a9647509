"""Abstract pieces that the domain's models share."""

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Timestamped(models.Model):
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        abstract = True


class Marked(Timestamped):
    """Something that several people may write: `mark` tells whether anybody did meanwhile."""

    class Meta:
        abstract = True

    @property
    def mark(self):
        return self.updated_at.isoformat()


class Sourced(models.Model):
    """Where a fact comes from and when it held. Examples are fictitious and say so."""

    source = models.CharField(_("source"), max_length=300, blank=True)
    facts_as_of = models.DateField(_("facts as of"), null=True, blank=True)
    is_example = models.BooleanField(_("fictitious example"), default=False)

    class Meta:
        abstract = True


def one_person(label):
    """Who it was. The row stays when that person's account goes, and then nobody stands there."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )


def new_token():
    """A public identifier that tells nothing: 16 random characters, about 80 bits."""
    alphabet = "abcdefghijkmnpqrstuvwxyz23456789"
    return "".join(secrets.choice(alphabet) for _ in range(16))


def storage_name(instance, filename):
    """A random name on disk; what the person called the file is kept beside it."""
    token = secrets.token_hex(16)
    return f"{token[:2]}/{token}"


class StoredFile(Timestamped):
    """An uploaded file. It has no address of its own: a view streams it through its parent."""

    token = models.CharField(max_length=16, unique=True, default=new_token, editable=False)
    file = models.FileField(_("file"), upload_to=storage_name)
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name
