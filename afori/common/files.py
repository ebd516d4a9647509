"""Uploads: an allow-list by extension and content, bounded archives, no macros.

A stored file has a random name on disk and no address of its own: `stream()` sends it through
the view that has checked its parent, always as an attachment in a sandbox.
"""

import hashlib
import io
import lzma
import os
import re
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import filetype
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.http import FileResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from . import crypto

SANDBOX = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}
FOR_GOOD = "public, max-age=31536000, immutable"
ARCHIVE_MEMBERS = 5_000
ARCHIVE_BYTES = 200 * 1024 * 1024
OOXML = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "pdf": "application/pdf",
    "docx": f"{OOXML}.wordprocessingml.document",
    "xlsx": f"{OOXML}.spreadsheetml.sheet",
    "pptx": f"{OOXML}.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "txt": "text/plain",
    "csv": "text/csv",
}
IMAGES = ("png", "jpg", "jpeg")
OOXML_PARTS = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
}


@dataclass(frozen=True)
class Upload:
    """A file that has passed the checks: its clean name, type, bytes and fingerprint."""

    name: str
    content_type: str
    content: bytes

    @property
    def size(self):
        return len(self.content)

    @property
    def sha256(self):
        return hashlib.sha256(self.content).hexdigest()


class UploadField(forms.FileField):
    """A form field that gives an `Upload` or says in plain words why the file is refused."""

    def __init__(self, *args, extensions=tuple(TYPES), **kwargs):
        self.extensions = extensions
        super().__init__(*args, **kwargs)

    def widget_attrs(self, widget):
        return {"accept": ",".join(f".{extension}" for extension in self.extensions)}

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        return checked(upload, self.extensions) if upload else None


# What reading an archive that is broken, or not one, raises.
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, UnicodeError),
    *(EOFError, NotImplementedError, OSError, RuntimeError),
)


def checked(upload, extensions=tuple(TYPES)):
    """An `Upload` of Django's uploaded file. Raises ValidationError with the reason."""
    name = clean_name(upload.name)
    extension = PurePosixPath(name).suffix.lower().lstrip(".")
    if extension not in extensions:
        raise ValidationError(
            _("This kind of file cannot be uploaded. Use %(kinds)s."),
            code="extension",
            params={"kinds": ", ".join(extensions)},
        )
    if upload.size > settings.AFORI_UPLOAD_BYTES:
        raise ValidationError(
            _("The file is %(size)s. It may be at most %(most)s."),
            code="size",
            params={
                "size": filesizeformat(upload.size),
                "most": filesizeformat(settings.AFORI_UPLOAD_BYTES),
            },
        )
    content = upload.read()
    check_content(content, extension)
    return Upload(name, TYPES[extension], content)


def clean_name(name):
    """The last part of a path without control characters, at most 150 characters long."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    path = PurePosixPath(shown or "file")
    return f"{path.stem[:140]}{path.suffix[:10]}"


def check_content(content, extension):
    if extension in ("txt", "csv"):
        check_text(content)
    elif extension in ("pdf", *IMAGES):
        check_magic(content, extension)
    else:
        check_archive(content, extension)


def check_text(content):
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError(
            _("Save the text file as UTF-8 and try again."), code="text"
        ) from error
    if any(unicodedata.category(c) == "Cc" and c not in "\t\r\n\f" for c in text):
        raise mismatch()


def check_magic(content, extension):
    kind = filetype.guess(content)
    if kind is None or kind.mime != TYPES[extension]:
        raise mismatch()


def check_archive(content, extension):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > ARCHIVE_MEMBERS or unpacked_size(archive, members) > ARCHIVE_BYTES:
                raise ValidationError(_("The file is too large when unpacked."), code="bomb")
            names = {member.filename for member in members}
            if has_macros(archive, names):
                raise ValidationError(
                    _("The file contains macros. Save it without macros and try again."),
                    code="macros",
                )
            if not is_office(archive, names, extension):
                raise mismatch()
    except BROKEN as error:
        raise mismatch() from error


def unpacked_size(archive, members):
    """Bytes that really come out, counted while reading and never more than one over the limit."""
    total = 0
    for member in members:
        with archive.open(member) as stream:
            while chunk := stream.read(1 << 20):
                total += len(chunk)
                if total > ARCHIVE_BYTES:
                    return total
    return total


def has_macros(archive, names):
    lowered = {name.lower() for name in names}
    if any("vbaproject" in name or name.startswith(("basic/", "scripts/")) for name in lowered):
        return True
    types = read_member(archive, names, "[Content_Types].xml")
    return b"macroEnabled" in types


def is_office(archive, names, extension):
    if extension in OOXML_PARTS:
        return "[Content_Types].xml" in names and OOXML_PARTS[extension] in names
    return read_member(archive, names, "mimetype").decode("ascii", "replace") == TYPES[extension]


def read_member(archive, names, name):
    return archive.read(name) if name in names else b""


def mismatch():
    return ValidationError(
        _("The content does not match the file name. Save the file again and retry."),
        code="content",
    )


def fill(stored, upload, *, encrypt=False):
    """Put an `Upload` into an unsaved `StoredFile`. The caller saves it inside its transaction."""
    content = crypto.encrypt(upload.content) if encrypt else upload.content
    stored.name = upload.name
    stored.content_type = upload.content_type
    stored.size = upload.size
    stored.sha256 = upload.sha256
    stored.file = ContentFile(content, name="upload")
    return stored


def keep(name, chunks):
    """Write chunks of bytes under a new name and see to it that they outlive a power cut.

    Returns the name. The caller stores it inside its transaction.
    """
    name = default_storage.save(name, Chunks(chunks))
    with default_storage.open(name, "rb") as written:
        os.fsync(written.fileno())
    folder = os.open(Path(default_storage.path(name)).parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return name


class Chunks(File):
    """Chunks of bytes that are made while they are written."""

    def __init__(self, chunks):
        super().__init__(None)
        self.made = chunks

    def chunks(self, chunk_size=None):
        return self.made


def read(stored, *, decrypt=False):
    with stored.file.open("rb") as handle:
        content = handle.read()
    return crypto.decrypt(content) if decrypt else content


def stream(stored, *, decrypt=False, inline=False):
    """A download of a stored file; `inline` only for pictures that a page shows."""
    content = io.BytesIO(read(stored, decrypt=True)) if decrypt else stored.file.open("rb")
    response = FileResponse(
        content,
        as_attachment=not inline,
        filename=stored.name,
        content_type=stored.content_type,
        headers=SANDBOX,
    )
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def picture(file):
    """A public PNG of ours. Its name is random and part of its address, so it is kept for good."""
    headers = SANDBOX | {"Cache-Control": FOR_GOOD}
    return FileResponse(file.open("rb"), content_type=TYPES["png"], headers=headers)
