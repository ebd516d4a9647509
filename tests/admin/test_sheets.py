import csv
import io
import zipfile
from datetime import datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from afori.accounts.models import Organisation
from afori.common.sheets import plain_cell, safe_cell
from funding.models import FundingCall
from tests.factories import FundingCallFactory, OrganisationFactory, TopicFactory

pytestmark = pytest.mark.django_db
CALLS = "/admin/funding/fundingcall/"
ORGANISATIONS = "/admin/accounts/organisation/"
NOON = datetime(2027, 3, 1, 11, tzinfo=ZoneInfo("UTC"))


def upload(desk, url, content, name="rows.csv"):
    if isinstance(content, str):
        content = content.encode()
    return desk.post(f"{url}import/", {"upload": SimpleUploadedFile(name, content)})


def take_in(desk, url, content, name="rows.csv"):
    page = upload(desk, url, content, name)
    return desk.post(f"{url}import/", {"confirm": page.context["sha256"]}, follow=True)


def texts(page):
    return [text for _row, _column, text in page.context["problems"]]


@pytest.fixture
def call():
    call = FundingCallFactory(
        slug="call-a",
        title_sv="=HYPERLINK(0)",
        programme="+46 8",
        body_sv="<p>Text</p>",
        levels=["initiate", "implement"],
        amount_max=1_000_000,
    )
    call.topics.add(TopicFactory(slug="water"), TopicFactory(slug="energy"))
    call.cutoffs.create(at=NOON)
    return call


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_goes_out_comes_in_unchanged(desk, call, kind):
    content = desk.get(f"{CALLS}export/?format={kind}").content
    page = upload(desk, CALLS, content, f"calls.{kind}")
    assert (page.context["problems"], page.context["rows"]) == ([], [])
    FundingCall.objects.all().delete()
    take_in(desk, CALLS, content, f"calls.{kind}")
    made = FundingCall.objects.get()
    assert (made.title_sv, made.programme, made.body_sv) == ("=HYPERLINK(0)", "+46 8", call.body_sv)
    assert (made.levels, made.amount_max) == (call.levels, 1_000_000)
    assert sorted(made.topics.values_list("slug", flat=True)) == ["energy", "water"]
    assert [one.at for one in made.cutoffs.all()] == [NOON]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_cell_is_no_formula_and_comes_back(start):
    text = f"{start}1+1"
    assert safe_cell(text) == f"'{text}"
    assert plain_cell(safe_cell(text)) == text


def test_no_exported_cell_starts_a_formula(desk, call):
    table = desk.get(f"{CALLS}export/?format=csv").content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(table), delimiter=";") for cell in row]
    assert "'=HYPERLINK(0)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    book = desk.get(f"{CALLS}export/?format=xlsx").content
    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    assert not [cell for row in sheet for cell in row if cell.data_type == "f"]


def test_nothing_changes_before_it_is_confirmed(desk, call):
    page = upload(desk, CALLS, "slug;programme\ncall-a;Nytt program\n")
    assert [row.import_type for row in page.context["rows"]] == ["update"]
    assert FundingCall.objects.get().programme == "+46 8"
    desk.post(f"{CALLS}import/", {"confirm": page.context["sha256"]})
    call.refresh_from_db()
    assert (call.programme, call.title_sv) == ("Nytt program", "=HYPERLINK(0)")


def test_an_import_is_in_the_history_with_its_importer(desk, call, editor):
    take_in(desk, CALLS, "slug,programme\ncall-a,Nytt\n")
    entries = desk.get(f"{CALLS}{call.pk}/history/").context["entries"]
    assert entries[0].who == editor.name
    assert entries[0].changes[0].name == "programme"


def test_confirming_another_file_than_was_shown_is_refused(desk, call):
    upload(desk, CALLS, "slug;programme\ncall-a;Nytt\n")
    desk.post(f"{CALLS}import/", {"confirm": "0" * 64})
    desk.post(f"{CALLS}import/", {"confirm": ""})
    call.refresh_from_db()
    assert call.programme == "+46 8"


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("slug;funder;title_sv\nx;nobody;T", "nobody"),
        ("slug;funder;title_sv;topics\nx;vinnova;T;nothing", "nothing"),
        ("slug;funder;title_sv;levels\nx;vinnova;T;trappan", "trappan"),
        ("slug;funder;title_sv;amount_min\nx;vinnova;T;mycket", "mycket"),
        ("slug;funder;title_sv;cutoffs\nx;vinnova;T;imorgon", "imorgon"),
        ("slug;funder;title_sv;checked_on\nx;vinnova;T;2026-13-45", "2026-13-45"),
        ("slug;funder;title_sv;is_rolling\nx;vinnova;T;kanske", "kanske"),
        ("slug;funder;title_sv;colour\nx;vinnova;T;red", "colour"),
        ("funder;title_sv\nvinnova;T", "slug"),
        ("slug;slug;title_sv\nx;y;T", "slug"),
    ],
)
def test_a_wrong_row_is_told_in_words_and_changes_nothing(desk, row, word):
    OrganisationFactory(slug="vinnova")
    page = upload(desk, CALLS, row)
    assert page.status_code == 200
    assert any(word in text for text in texts(page)), page.context["problems"]
    assert "Traceback" not in page.content.decode()
    desk.post(f"{CALLS}import/", {"confirm": page.context["sha256"]})
    assert not FundingCall.objects.exists()


def test_imported_html_is_cleaned(desk):
    OrganisationFactory(slug="vinnova")
    row = "slug;funder;title_sv;body_sv\nx;vinnova;T;<p onclick=x>a<script>1</script></p>\n"
    take_in(desk, CALLS, row)
    assert FundingCall.objects.get().body_sv == "<p>a</p>"


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b"0" * (201 * 1024 * 1024))
    return out.getvalue()


def hollow():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF-1.4"),
        ("a.xlsx", b"not a zip"),
        ("a.xlsx", hollow()),
        ("a.csv", b"\xff\xfe\x00s\x00l"),
        ("a.csv", "slug;titel\nå;ä\n".encode("latin-1")),
        ("a.csv", b"slug\x00;title"),
        ("a.csv", b"slug;title_sv\n"),
        ("a.csv", b""),
        ("a.csv", b'slug;title_sv\n"open'),
        ("a.csv", b"slug\n" + b"x\n" * 2001),
        ("a.csv", b"slug\n" + b"x" * (6 * 1024 * 1024)),
    ],
    ids=range(11),
)
def test_a_bad_file_is_an_error_of_the_form(desk, name, content):
    page = upload(desk, CALLS, content, name)
    assert page.status_code == 200
    assert page.context["form"].errors["upload"]


def test_a_bomb_is_refused(desk):
    assert upload(desk, CALLS, bomb(), "a.xlsx").context["form"].errors["upload"]


def test_organisations_are_checked(desk):
    rows = "slug;name;kind;number\na;A;kommun;2021005026\nb;B;municipality;202100-5025\n"
    page = upload(desk, ORGANISATIONS, rows)
    assert [row for row, _column, _text in page.context["problems"]] == [3]
    take_in(desk, ORGANISATIONS, "slug;name;kind;number\na;A;Kommun;202100-5026\n")
    assert Organisation.objects.get().number == "2021005026"


def test_export_follows_the_filters_of_the_list(desk, call):
    FundingCallFactory(slug="hidden", is_published=False)
    table = desk.get(f"{CALLS}export/?is_published__exact=1&format=csv").content.decode()
    assert "call-a" in table
    assert "hidden" not in table


def test_only_those_who_may_write_import(client, editor):
    from django.contrib.auth.models import Permission

    editor.groups.clear()
    editor.user_permissions.add(Permission.objects.get(codename="view_fundingcall"))
    client.force_login(editor)
    assert client.get(f"{CALLS}import/").status_code == 403
    assert client.get(f"{CALLS}export/?format=csv").status_code == 200
    assert client.get(f"{ORGANISATIONS}export/?format=csv").status_code == 403
