"""A person's own data as a ZIP file."""

import tempfile
import zipfile
from contextlib import ExitStack

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from afori.common import formatting, personal_data

IN_MEMORY = 1024 * 1024


def archive_of(user):
    """An open temporary file with the ZIP, in the active language, rewound.

    Rows are written one at a time and files one after the other: memory does not grow with them.
    Files are stored as they are, most of them being packed already.
    """
    with ExitStack() as closing:
        archive = closing.enter_context(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
            zipped.writestr("README.txt", readme(user))
            for holding in personal_data.holdings():
                add(zipped, holding, user)
        archive.seek(0)
        closing.pop_all()
    return archive


def readme(user):
    context = {
        "holdings": personal_data.holdings(),
        "made": formatting.when(timezone.localtime(), get_language()),
        "site": settings.AFORI_SITE_NAME,
        "user": user,
    }
    return render_to_string("accounts/archive_readme.txt", context)


def add(zipped, holding, user):
    with zipped.open(f"{holding.file_name}.json", "w") as handle:
        personal_data.write_json(handle, holding.collect(user))
    for attachment in holding.attachments(user):
        zipped.writestr(attachment.path, attachment.read(), zipfile.ZIP_STORED)
