"""Files without a row: what is left on disk when an upload was rolled back or a worker died."""

import re
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .retention import Sweep, register

NAME = re.compile(r"[0-9a-f]{32}")


def orphans(before):
    """Paths of stored files that no row names, written before then; folder by folder."""
    root = Path(settings.MEDIA_ROOT)
    for folder in sorted(root.glob("[0-9a-f][0-9a-f]")):
        if folder.is_dir():
            yield from orphans_in(folder, before.timestamp())


def orphans_in(folder, before):
    old = {
        f"{folder.name}/{path.name}": path
        for path in folder.iterdir()
        if NAME.fullmatch(path.name) and path.stat().st_mtime < before
    }
    for model, field in file_fields():
        named = model._base_manager.filter(**{f"{field.name}__in": list(old)})
        for name in named.values_list(field.name, flat=True):
            old.pop(name, None)
    yield from old.values()


def file_fields():
    return [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.FileField)
    ]


register(
    Sweep(
        name="orphan_files",
        what=_("Files whose upload was never completed"),
        days=1,
        find=orphans,
        remove=lambda path: path.unlink(missing_ok=True),
    )
)
