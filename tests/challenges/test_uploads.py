import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from afori.common.states import Refused
from challenges import actions

from .support import submit, unsealed, upload

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def office(*names, types=b""):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


REFUSED = {
    "program.exe": b"MZ\x90\x00",
    "sida.html": b"<script>alert(1)</script>",
    "bild.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "arkiv.zip": office("a.txt"),
    "falsk.pdf": b"MZ\x90\x00 not a pdf",
    "falsk.png": PDF,
    "makro.docx": office("word/document.xml", "word/vbaProject.bin"),
    "makrotyp.xlsx": office("xl/workbook.xml", types=b"macroEnabled"),
    "tom.docx": office(),
    "text.txt": b"\x00\x01\x02",
    "text.csv": b"\xff\xfe\x00",
    "svar.pdf.exe": PDF,
}


@pytest.fixture
def page(arena, draft, sign_in):
    return sign_in(arena.supplier), reverse(
        "challenges:files", args=[arena.challenge.slug, draft.reference]
    )


@pytest.mark.parametrize("name", REFUSED)
def test_refused(draft, page, media, name):
    client, address = page
    response = client.post(address, {"file": SimpleUploadedFile(name, REFUSED[name])})

    assert response.context["form"].errors["file"]
    assert not draft.files.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_too_large_is_refused(draft, page, settings):
    settings.AFORI_UPLOAD_BYTES = 10
    client, address = page
    response = client.post(address, {"file": SimpleUploadedFile("stor.txt", b"x" * 11)})
    assert response.context["form"].errors["file"]


def test_stored_encrypted_and_given_back_as_an_attachment(draft, page, media):
    client, address = page
    client.post(address, {"file": SimpleUploadedFile("Svar åäö.pdf", PDF)})
    stored = draft.files.get()
    [path] = [path for path in media.rglob("*") if path.is_file()]
    response = client.get(f"{address}{stored.token}/")

    assert PDF not in path.read_bytes()
    assert "Svar" not in str(path)
    assert response.getvalue() == PDF
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("sandbox")
    assert response.headers["Cache-Control"] == "private, no-store"


def test_at_most_ten_files(arena, draft, settings):
    settings.AFORI_UPLOAD_FILES = 2
    for number in range(2):
        actions.add_file(draft, upload(f"{number}.txt"), by=arena.supplier)
    with pytest.raises(Refused):
        actions.add_file(draft, upload("en-till.txt"), by=arena.supplier)


def test_removed_before_submitting_is_gone(arena, draft, media, django_capture_on_commit_callbacks):
    stored = actions.add_file(draft, upload(), by=arena.supplier)
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_file(stored, by=arena.supplier)

    assert not draft.files.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_removed_after_submitting_stays_in_the_sealed_version_alone(
    arena, draft, page, media, django_capture_on_commit_callbacks
):
    client, address = page
    stored = actions.add_file(draft, upload("skiss.txt"), by=arena.supplier)
    first = submit(draft, by=arena.supplier)
    [part] = first.parts.exclude(file="")
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_file(stored, by=arena.supplier)
        actions.remove_file(stored, by=arena.supplier)

    assert [path for path in media.rglob("*") if path.is_file()] == [media / part.file.name]
    assert client.get(f"{address}{stored.token}/").status_code == 404
    assert [file["name"] for file in first.files] == ["skiss.txt"]
    assert unsealed(first)[1] == b"En skiss"
    assert submit(draft, by=arena.supplier).files == []


def test_uploads_are_limited(draft, page, settings):
    settings.ACCOUNT_RATE_LIMITS = {"file_upload": "1/h/user"}
    client, address = page
    answers = [
        client.post(address, {"file": SimpleUploadedFile("svar.pdf", PDF)}) for _each in range(2)
    ]
    assert [answer.status_code for answer in answers] == [302, 429]
    assert draft.files.count() == 1
