"""The upload corpus: what passes, what is refused, and that refusals are in plain words."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from afori.common import files

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 40
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
WORD = '<Types xmlns="x"><Override ContentType="application/vnd.x.main+xml"/></Types>'
MACRO = (
    '<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main"/></Types>'
)


def archive(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return stream.getvalue()


def docx(**more):
    return archive(**{"[Content_Types].xml": WORD, "word/document.xml": "<w/>", **more})


def odt(mime="application/vnd.oasis.opendocument.text", **more):
    return archive(mimetype=mime, **{"content.xml": "<o/>", **more})


def damaged(method):
    """An archive whose first member can no longer be unpacked."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as packed:
        packed.writestr("[Content_Types].xml", "x" * 3000)
        packed.writestr("word/document.xml", "y" * 3000)
    content = bytearray(stream.getvalue())
    start = 30 + len("[Content_Types].xml")
    content[start + 4 : start + 14] = b"\xff" * 10
    content[start : start + 2] = (
        b"\xff\xff" if method == zipfile.ZIP_DEFLATED else content[start : start + 2]
    )
    return bytes(content)


def misnamed():
    """An archive with a name that says it is UTF-8 and is not."""
    return archive(**{"å.xml": "x"}).replace("å.xml".encode(), b"\xff\xff.xml")


GOOD = {
    "svar.pdf": PDF,
    "svar.docx": docx(),
    "SVAR.DOCX": docx(),
    "kalkyl.xlsx": archive(**{"[Content_Types].xml": WORD, "xl/workbook.xml": "<x/>"}),
    "bilder.pptx": archive(**{"[Content_Types].xml": WORD, "ppt/presentation.xml": "<p/>"}),
    "text.odt": odt(),
    "bild.png": PNG,
    "bild.jpg": JPEG,
    "anteckning.txt": "Blå himmel\r\nRad två".encode(),
    "tabell.csv": "\ufeffnamn;värde\n".encode(),
}
BAD = {
    "program.exe": (b"MZ", "extension"),
    "arkiv.zip": (archive(a="b"), "extension"),
    "sida.html": (b"<script>", "extension"),
    "bild.svg": (b"<svg onload='x'/>", "extension"),
    "utan": (PDF, "extension"),
    "dubbel.pdf.exe": (PDF, "extension"),
    "falsk.pdf": (b"MZ not a pdf", "content"),
    "falsk.png": (JPEG, "content"),
    "falsk.docx": (PDF, "content"),
    "trasig.docx": (docx()[:40], "content"),
    "skadad.docx": (damaged(zipfile.ZIP_DEFLATED), "content"),
    "skadad.xlsx": (damaged(zipfile.ZIP_BZIP2), "content"),
    "skadad.pptx": (damaged(zipfile.ZIP_LZMA), "content"),
    "felnamn.docx": (misnamed(), "content"),
    "ny metod.docx": (docx().replace(b"\x08\x00", b"\x5f\x00"), "content"),
    "annat.docx": (archive(a="b"), "content"),
    "byte.xlsx": (docx(), "content"),
    "makro.docx": (docx(**{"word/vbaProject.bin": "x"}), "macros"),
    "typmakro.docx": (
        archive(**{"[Content_Types].xml": MACRO, "word/document.xml": "<w/>"}),
        "macros",
    ),
    "makro.odt": (odt(**{"Basic/Standard/Module1.xml": "x"}), "macros"),
    "annan.odt": (odt(mime="application/zip"), "content"),
    "binar.txt": (b"abc\x00def", "content"),
    "latin.txt": ("Blå".encode("latin-1"), "text"),
}


def upload(name, content):
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize("name", GOOD)
def test_good_file_passes(name):
    found = files.checked(upload(name, GOOD[name]))
    assert found.content == GOOD[name]
    assert found.content_type == files.TYPES[name.rpartition(".")[2].lower()]


@pytest.mark.parametrize("name", BAD)
def test_bad_file_is_refused_with_its_reason(name):
    content, code = BAD[name]
    with pytest.raises(ValidationError) as refusal:
        files.checked(upload(name, content))
    assert refusal.value.code == code
    assert refusal.value.messages[0]


def test_bomb_is_refused_without_unpacking_it_all(monkeypatch):
    monkeypatch.setattr(files, "ARCHIVE_BYTES", 1_000_000)
    bomb = docx(**{f"word/media/{n}.bin": b"\x00" * 900_000 for n in range(3)})
    assert len(bomb) < 20_000
    with pytest.raises(ValidationError) as refusal:
        files.checked(upload("bomb.docx", bomb))
    assert refusal.value.code == "bomb"


def test_file_that_is_too_large_is_refused(settings):
    settings.AFORI_UPLOAD_BYTES = 10
    with pytest.raises(ValidationError) as refusal:
        files.checked(upload("stor.pdf", PDF))
    assert refusal.value.code == "size"


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\svar.pdf", "svar.pdf"),
        ("rad\nbryt\x00\u202e.pdf", "radbryt.pdf"),
        ("a" * 300 + ".pdf", "a" * 140 + ".pdf"),
        ("..", "file"),
    ],
)
def test_names_are_cleaned(given, clean):
    assert files.clean_name(given) == clean
