"""Checking a receipt: genuine or not, told to anyone who holds it, and nothing more."""

import hashlib

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from afori.notifications import outbox
from challenges import actions, audit
from challenges.checking import check
from challenges.locks import database_now
from challenges.models import AuditEntry, DayHead
from tests.cast import ROLES

from .support import closes, submit, submit_anew, upload

pytestmark = pytest.mark.django_db
SKETCH = hashlib.sha256(b"En skiss").hexdigest()
WRONG = "0" * 64


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()


@pytest.fixture
def version(arena, draft):
    actions.add_file(draft, upload(), by=arena.supplier)
    return submit(draft, by=arena.supplier)


def asked(client, number, checksum):
    typed = {"number": number, "checksum": checksum}
    return client.post(reverse("challenges:receipt_check"), typed)


def words(response):
    return response.content.decode()


@pytest.mark.parametrize("of", ["whole", "file", "chain"])
def test_number_and_one_of_its_checksums_are_genuine(version, of):
    sums = {"whole": version.sha256, "file": SKETCH, "chain": version.audit_head}
    found = check(version.receipt_number, sums[of])
    assert (found.receipt, found.matches, found.in_chain) == (version, of, True)


def test_a_refusal_and_a_withdrawal_can_be_checked(arena, draft, version):
    withdrawn = actions.withdraw(draft, by=arena.supplier)
    closes(arena.challenge, seconds=-1)
    with pytest.raises(actions.TooLate) as late:
        submit(draft, by=arena.supplier)
    for attempt in (withdrawn, late.value.attempt):
        attempt.refresh_from_db()
        assert check(attempt.receipt_number, attempt.audit_head).in_chain
        assert check(attempt.receipt_number, version.sha256) is None


def test_number_and_checksum_as_people_write_them(client, version):
    spaced = " ".join(version.sha256[at : at + 4] for at in range(0, 64, 4)).upper()
    assert "Kvittot är äkta" in words(asked(client, f" {version.printed_number} ", spaced))


def test_unknown_and_wrong_are_told_the_same_at_the_same_cost(client, version):
    wrong_sum, queries = counted(client, version.receipt_number, WRONG)
    unknown, same_queries = counted(client, "a" * 16, WRONG)
    other, _queries = counted(client, "b" * 16, version.sha256)

    assert "Det finns inget sådant kvitto" in wrong_sum
    assert blank(wrong_sum, version.receipt_number) == blank(unknown, "a" * 16)
    assert blank(other, "b" * 16).replace(version.sha256, WRONG) == blank(unknown, "a" * 16)
    assert queries == same_queries
    assert len(queries) == 4


def counted(client, number, checksum):
    """The page, and what was asked of the tables of challenges."""
    with CaptureQueriesContext(connection) as captured:
        response = asked(client, number, checksum)
    asked_for = [query["sql"].partition("WHERE")[0] for query in captured]
    return words(response), [sql for sql in asked_for if 'FROM "challenges_' in sql]


def blank(page, number):
    return page.replace(number, "-")


@pytest.mark.parametrize("role", [*ROLES, "colleague"])
def test_only_authors_learn_whose_it_is(arena, version, sign_in, role):
    client = sign_in(getattr(arena, role))
    page = words(asked(client, version.receipt_number, version.sha256))
    assert "Kvittot är äkta" in page
    told = [arena.company.name, arena.challenge.title_sv, version.submission.reference, "skiss"]
    main = page.partition("<main")[2].partition("</main")[0]
    expected = {"supplier": [arena.challenge.title_sv, version.submission.reference]}
    assert [word for word in told if word in main] == expected.get(role, [])


def test_authors_find_their_receipt_by_a_file_alone(arena, version, sign_in):
    assert version.printed_number in words(asked(sign_in(arena.supplier), "", SKETCH))
    assert version.printed_number not in words(asked(sign_in(arena.rival), "", SKETCH))
    stranger = asked(sign_in(None), "", SKETCH)
    assert stranger.context["form"].errors["number"]


def test_a_receipt_that_the_log_lacks_is_told(client, version):
    version.audit_head = WRONG
    version.save()
    assert "saknas i loggen" in words(asked(client, version.receipt_number, version.sha256))


def test_an_entry_that_was_changed_is_told(client, version):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE challenges_auditentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE challenges_auditentry SET at = at - interval '1 hour'")
        cursor.execute("ALTER TABLE challenges_auditentry ENABLE TRIGGER USER")
    assert "saknas i loggen" in words(asked(client, version.receipt_number, version.sha256))


def test_another_entry_of_the_log_does_not_do(version):
    """The head named must be that of the receipt's own entry."""
    other = audit.record("day", day="2026-01-01", salt="x")
    version.audit_head = other.hash
    version.save()
    assert not check(version.receipt_number, version.sha256).in_chain


@pytest.mark.parametrize(
    ("number", "checksum"),
    [("", ""), ("x", "y"), ("å" * 16, WRONG), ("1" * 500, WRONG), ("a" * 16, "g" * 64)],
)
def test_what_cannot_be_a_receipt_is_told_in_the_form(client, number, checksum):
    response = asked(client, number, checksum)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert "is_answered" not in response.context


def test_strangers_share_the_page_but_never_a_result(client, version):
    page = client.get(reverse("challenges:receipt_check"))
    result = asked(client, version.receipt_number, version.sha256)
    assert page.headers["Cache-Control"].startswith("public")
    assert not page.cookies
    assert "no-store" in result.headers["Cache-Control"]


def test_trying_numbers_is_limited(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"receipt_check": "2/m/ip"}
    answers = [asked(client, "a" * 16, WRONG).status_code for _each in range(3)]
    assert answers == [200, 200, 429]


@pytest.mark.parametrize("number", [1, 3])
def test_days_cost_one_query(client, django_assert_num_queries, number):
    for day in range(number):
        DayHead.objects.create(day=f"2026-03-0{day + 1}", hash=f"{day}" * 64)
    with django_assert_num_queries(1):
        page = words(client.get(reverse("challenges:receipt_check")))
    assert "0" * 64 in page


def test_at_most_sixty_days(client):
    for day in range(70):
        audit.close_day(database_now().date().replace(year=1900 + day))
    page = client.get(reverse("challenges:receipt_check"))
    assert len(page.context["heads"]) == 60


def test_receipts_cannot_be_linked_by_guessing_entries(arena, draft):
    """Without what only the log holds, two receipts in a row do not tell how many lie between."""
    submit_anew(draft, by=arena.supplier)
    submit_anew(draft, by=arena.supplier)
    salts = {entry.facts.partition('"salt":"')[2][:32] for entry in received()}
    assert len(salts) == 2
    assert all(len(salt) == 32 for salt in salts)


def received():
    return AuditEntry.objects.filter(event="received")


def test_the_mail_has_the_facts_of_the_page_but_no_file_names(arena, version, sign_in, mailoutbox):
    outbox.drain()
    [mail] = mailoutbox
    shown = words(sign_in(arena.supplier).get(version.get_absolute_url()))
    both = [mail.body, mail.alternatives[0].content]
    for sum_ in (version.sha256, version.audit_head, SKETCH):
        groups = " ".join(sum_[at : at + 4] for at in range(0, 64, 4))
        assert all(groups in text for text in both)
        assert groups in shown or sum_ in shown
    for text in both:
        assert version.printed_number in text
        assert settings.AFORI_BASE_URL + reverse("challenges:receipt_check") in text
        assert "skiss" not in text
    assert "skiss.txt" in shown


def test_the_page_about_the_seal_is_for_everybody(client):
    page = client.get(reverse("challenges:seal"))
    assert page.headers["Cache-Control"].startswith("public")
    assert "Vad vi inte kan lova" in words(page)
