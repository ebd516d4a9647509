"""Amendments: the one way to change what is published. And the trigger behind them."""

import json
import threading
import time
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connections, transaction
from django.urls import reverse
from django.utils import timezone

from afori.common.states import Refused
from afori.notifications.following import follow
from afori.notifications.letters import Withheld
from afori.notifications.models import Notification, OutgoingMail
from afori.notifications.registry import get
from challenges import actions
from challenges.actions import Overtaken
from challenges.actions.amending import NotPossible, amend
from challenges.changes import title
from challenges.forms.amending import as_typed
from challenges.locks import database_now
from challenges.models import AuditEntry, Challenge
from tests import factories as make
from tests.cast import ROLES

from .support import closes, submit

pytestmark = pytest.mark.django_db


def moved(challenge, **by):
    Challenge.objects.filter(pk=challenge.pk).update(
        closes_at=challenge.closes_at + timedelta(**by)
    )


@pytest.mark.parametrize("by", [{"seconds": -1}, {"days": -1}])
def test_the_database_itself_moves_no_deadline_earlier(arena, by):
    with pytest.raises(IntegrityError, match="later only"), transaction.atomic():
        moved(arena.challenge, **by)
    with pytest.raises(IntegrityError, match="later only"), transaction.atomic():
        Challenge.objects.filter(pk=arena.challenge.pk).update(closes_at=None, state="draft")


def test_the_database_itself_moves_no_deadline_that_has_passed(arena):
    moved(arena.challenge, days=1)
    closes(arena.challenge, minutes=-5)
    with pytest.raises(IntegrityError, match="later only"), transaction.atomic():
        moved(arena.challenge, days=1)


def test_the_database_lets_drafts_change(arena):
    draft = make.ChallengeFactory(state="draft", published_at=None)
    moved(draft, days=-2)


DAY = timedelta(days=1)
WHY = "Flera bad om mer tid."


@pytest.fixture
def published(arena):
    """Published yesterday, with whole seconds and all its times; the member is on its team."""
    arena.challenge.team.create(user=arena.member)
    noon = timezone.now().replace(microsecond=0)
    with_times = {
        "closes_at": noon + 10 * DAY,
        "questions_until": noon + 5 * DAY,
        "answers_by": noon + 7 * DAY,
        "decision_expected_on": (noon + 40 * DAY).date(),
        "contact": "Karin Almgren",
        "background_sv": "Omsorgen är bra på trygghet. " * 10,
    }
    Challenge.objects.filter(pk=arena.challenge.pk).update(
        **{name: value for name, value in with_times.items() if name != "closes_at"}
    )
    closes_later(arena.challenge, with_times["closes_at"])
    arena.challenge.refresh_from_db()
    return arena.challenge


def closes_later(challenge, at):
    Challenge.objects.filter(pk=challenge.pk).update(closes_at=at + timedelta(seconds=1))


def change(challenge, by, *, seen=0, **changes):
    return amend(challenge, changes, reason_sv=WHY, seen=seen, by=by)


def test_an_amendment_is_numbered_dated_and_tells_the_watchers(arena, published, draft):
    follow("challenge", published, by=arena.user)
    before = published.closes_at
    first = change(published, arena.member, closes_at=before + DAY, contact="Ny kontakt")
    second = change(published, arena.member, seen=1, contact="Nyare")
    assert [first.number, second.number] == [1, 2]
    assert abs(database_now() - first.published_at) < timedelta(minutes=1)
    kept = {one.name: (one.before, one.after) for one in first.fields.all()}
    assert kept["contact"] == ('"Karin Almgren"', '"Ny kontakt"')
    assert kept["closes_at"][0].endswith('+00:00"')
    published.refresh_from_db()
    assert (published.closes_at, published.contact) == (before + DAY, "Nyare")
    told = Notification.objects.filter(kind="challenges.amended", subject_id=first.pk)
    assert {one.user for one in told} == {arena.user, arena.supplier}
    assert OutgoingMail.objects.filter(kind="challenges.amended").count() == 4


def test_an_amendment_is_chained(arena, published):
    at = published.closes_at + DAY
    change(published, arena.member, closes_at=at)
    entry = AuditEntry.objects.get(event="amended")
    facts = json.loads(entry.facts)
    assert (facts["number"], facts["fields"]) == (1, ["closes_at"])
    assert facts["closes_at"] == at.isoformat()


@pytest.mark.parametrize("followers", [1, 3])
def test_telling_takes_the_same_queries_for_many(
    arena, published, django_assert_num_queries, followers
):
    for _each in range(followers):
        follow("challenge", published, by=make.UserFactory())
    with django_assert_num_queries(14):
        change(published, arena.member, contact="Ny kontakt")


WRONG = {
    "an earlier deadline": {"closes_at": -1},
    "no deadline": {"closes_at": None},
    "an opening that has been": {"opens_at": 1},
    "an earlier last day to ask": {"questions_until": -1},
    "asking after the deadline": {"questions_until": 6},
    "answers before the last day to ask": {"answers_by": -3},
    "answers after the deadline": {"answers_by": 4},
    "no answers": {"answers_by": None},
}


@pytest.mark.parametrize("name", WRONG)
def test_times_keep_their_order(arena, published, name):
    [(field, days)] = WRONG[name].items()
    value = None if days is None else getattr(published, field) + days * DAY
    with pytest.raises(NotPossible) as refusal:
        change(published, arena.member, **{field: value})
    assert field in refusal.value.problems


@pytest.mark.parametrize(
    "changes",
    [
        {"contact": ""},
        {"adoption_plan_sv": ""},
        {"budget_min": 5, "budget_max": 4},
        {"decision_expected_on": timezone.localdate()},
    ],
)
def test_values_that_cannot_be(arena, published, changes):
    with pytest.raises(NotPossible):
        change(published, arena.member, **changes)


@pytest.mark.parametrize("name", ["state", "slug", "owner_id", "wait_days", "weight"])
def test_other_fields_are_not_amended(arena, published, name):
    with pytest.raises(Refused) as refusal:
        change(published, arena.member, **{name: "x"})
    assert refusal.value.code == "fields"


def test_an_upcoming_challenge_may_open_at_another_time(arena, published):
    Challenge.objects.filter(pk=published.pk).update(opens_at=database_now() + DAY)
    change(published, arena.member, opens_at=database_now() + 2 * DAY)
    with pytest.raises(NotPossible):
        change(published, arena.member, seen=1, opens_at=database_now() - DAY)


def test_nothing_is_amended_once_it_is_closed_or_before_it_is_published(arena, published):
    closes(published, seconds=-1)
    with pytest.raises(Refused) as refusal:
        change(published, arena.member, contact="Ny")
    assert refusal.value.code == "closed"
    for state in ("draft", "in_review", "decided", "cancelled"):
        Challenge.objects.filter(pk=published.pk).update(state=state)
        with pytest.raises(Refused) as refusal:
            change(published, arena.member, contact="Ny")
        assert refusal.value.code == "state"


def test_who_comes_second_is_told(arena, published):
    change(published, arena.member, contact="Först")
    with pytest.raises(Overtaken):
        change(published, arena.member, contact="Sedan")


# The pages


def form_of(client, address):
    form = client.get(address).context["form"]
    found = {"reason_sv": WHY}
    for one in form:
        if one.name != "reason_sv":
            found |= as_typed(one.field, one.html_name, one.value())
    return found


def address_of(challenge):
    return reverse("challenges:amendment", args=[challenge.slug])


def later(data, days=1):
    moved = date.fromisoformat(data["closes_at_0"]) + days * DAY
    return data | {"closes_at_0": moved.isoformat()}


def test_the_page_says_why_nothing_can_be_changed_now(arena, sign_in):
    draft = make.ChallengeFactory(
        owner=arena.municipality, state="draft", published_at=None, opens_at=None, closes_at=None
    )
    page = sign_in(arena.owner).get(address_of(draft))
    assert (page.status_code, bool(page.context["refusal"])) == (200, True)
    page = sign_in(arena.owner).post(address_of(draft), {"then": "publish", "reason_sv": WHY})
    assert page.context["refusal"]


def test_write_look_and_publish(arena, published, sign_in):
    client = sign_in(arena.member)
    data = later(form_of(client, address_of(published)))
    preview = client.post(address_of(published), data | {"then": "preview"})
    assert [one.label for one in preview.context["changes"]] == ["Sista tid att svara"]
    assert not published.amendments.exists()
    again = client.post(address_of(published), data | {"then": "edit"})
    assert data["closes_at_0"] in again.text
    done = client.post(address_of(published), data | {"then": "publish"})
    assert done.url.startswith(published.get_absolute_url())
    page = client.get(published.get_absolute_url()).text
    assert WHY in page
    assert "Ändring 1" in page


def test_nothing_changed_and_no_reason_are_told(arena, published, sign_in):
    client = sign_in(arena.member)
    data = form_of(client, address_of(published))
    page = client.post(address_of(published), data | {"then": "preview"})
    assert page.context["form"].non_field_errors()
    page = client.post(address_of(published), later(data) | {"reason_sv": " ", "then": "publish"})
    assert "reason_sv" in page.context["form"].errors
    assert not published.amendments.exists()


def test_a_change_by_another_meanwhile_is_told_and_nothing_typed_is_lost(arena, published, sign_in):
    client = sign_in(arena.member)
    data = later(form_of(client, address_of(published))) | {"summary_sv": "Min nya"}
    change(published, arena.owner, contact="Annans kontakt", summary_sv="Annans")
    page = client.post(address_of(published), data | {"then": "publish"})
    assert page.status_code == 409
    assert published.amendments.count() == 1
    form = page.context["form"]
    assert form["contact"].value() == "Annans kontakt"
    assert form["summary_sv"].value() == "Min nya"
    assert page.context["both"] == ["Sammanfattning"]
    data = data | {"seen": form["seen"].value(), "contact": form["contact"].value()}
    assert client.post(address_of(published), data | {"then": "publish"}).status_code == 302
    published.refresh_from_db()
    assert (published.contact, published.summary_sv) == ("Annans kontakt", "Min nya")


def test_an_expired_session_keeps_what_was_typed(arena, published, sign_in):
    data = later(form_of(sign_in(arena.member), address_of(published)))
    page = sign_in(None).post(address_of(published), data | {"then": "publish"})
    assert page.status_code == 403
    for kept in (WHY, data["closes_at_0"]):
        assert kept in page.text
    assert not published.amendments.exists()


def test_the_time_is_over_while_one_writes(arena, published, sign_in):
    client = sign_in(arena.member)
    data = later(form_of(client, address_of(published)))
    closes(published, seconds=-1)
    page = client.post(address_of(published), data | {"then": "publish"})
    assert page.context["refusal"]
    assert WHY in page.text
    assert not published.amendments.exists()


@pytest.mark.parametrize("role", ROLES)
def test_only_the_team_amends(arena, published, sign_in, role):
    client = sign_in(getattr(arena, role))
    status = client.get(address_of(published)).status_code
    assert status == {"member": 200, "stranger": 302}.get(role, 404)
    data = {"then": "publish", "contact": "Ny", "reason_sv": WHY, "seen": 0}
    client.post(address_of(published), data)
    assert published.amendments.count() == 0


@pytest.mark.parametrize("number", [1, 3, 30])
def test_pages_need_no_more_queries_for_many_amendments(
    arena, published, client, django_assert_num_queries, number
):
    for seen in range(number):
        change(published, arena.member, seen=seen, background_sv=f"Bakgrund {seen}. " * 20)
    with django_assert_num_queries(7):
        page = client.get(published.get_absolute_url()).text
    assert page.count("Ändring ") == min(number, 3)
    with django_assert_num_queries(4):
        page = client.get(reverse("challenges:amendments", args=[published.slug])).text
    assert page.count("Ändring ") == min(number, 20)


@pytest.mark.parametrize(
    ("names", "heading"),
    [
        (["closes_at"], "Sista tid att svara flyttad"),
        (
            ["answers_by", "closes_at"],
            "Sista tid att svara flyttad. Även ändrat: alla frågor besvarade",
        ),
        (["title_sv", "title_en", "contact"], "Ändrat: titel, kontakt"),
    ],
)
def test_a_heading_names_all_that_was_changed(names, heading):
    assert title(names) == heading


def test_a_long_text_is_shown_as_a_difference(arena, published, client):
    text = published.background_sv.strip()
    change(published, arena.member, background_sv=f"{text} Helt nytt slut.")
    page = client.get(published.get_absolute_url()).text
    assert "Helt nytt slut." in page
    assert page.count("<ins>") == 1
    assert "tillagt:" in page
    assert "<del>" not in page


def test_a_mail_of_a_change_says_what_and_why(arena, published):
    follow("challenge", published, by=arena.user)
    change(published, arena.member, contact="<b>Ny</b>")
    mail = OutgoingMail.objects.get(kind="challenges.amended")
    letter = get(mail.kind).letter(mail)
    assert published.title_sv in letter.subject
    assert "<b>Ny</b>" in letter.text
    assert WHY in letter.text
    assert reverse("challenges:amendments", args=[published.slug]) in letter.text


def test_a_withdrawn_challenge_is_not_told_of(arena, published):
    follow("challenge", published, by=arena.user)
    change(published, arena.member, contact="Ny")
    mail = OutgoingMail.objects.get(kind="challenges.amended")
    Challenge.objects.filter(pk=published.pk).update(state="draft")
    with pytest.raises(Withheld):
        get(mail.kind).letter(mail)


def test_staff_do_not_see_who_is_told(arena, published, draft, sign_in):
    change(published, arena.member, contact="Ny")
    page = sign_in(arena.superuser).get(reverse("admin:notifications_outgoingmail_changelist"))
    assert "challenges.amended" not in page.text
    assert page.context["cl"].result_count == 0


# At once: real threads, the database's clock


@pytest.mark.django_db(transaction=True)
def test_no_deadline_moves_once_it_has_passed_however_one_races(arena):
    """Whoever gets the lock after the deadline is refused, though the request came before."""
    closes_at = closes(arena.challenge, seconds=1.2)
    results = []

    def keep_amending():
        seen, patience = 0, time.monotonic() + 30
        while time.monotonic() < patience:
            try:
                change(arena.challenge, arena.owner, seen=seen, contact=f"Kontakt {seen}")
                seen += 1
            except Refused as refusal:
                results.append((refusal.code, database_now()))
                return
            finally:
                connections.close_all()

    amending = threading.Thread(target=keep_amending)
    amending.start()
    amending.join(40)
    [(code, at)] = results
    assert code == "closed"
    assert at > closes_at
    published = arena.challenge.amendments.values_list("published_at", flat=True)
    assert published
    assert max(published) <= closes_at


@pytest.mark.django_db(transaction=True)
def test_waiting_for_the_lock_past_the_deadline_is_too_late_to_move_it(arena):
    closes_at = closes(arena.challenge, seconds=0.6)
    results = []

    def move():
        try:
            results.append(change(arena.challenge, arena.owner, closes_at=closes_at + DAY))
        except Refused as refusal:
            results.append(refusal.code)
        finally:
            connections.close_all()

    with transaction.atomic():
        Challenge.objects.select_for_update().get(pk=arena.challenge.pk)
        waiting = threading.Thread(target=move)
        waiting.start()
        time.sleep(1)
    waiting.join(30)
    assert results == ["closed"]
    assert Challenge.objects.get(pk=arena.challenge.pk).closes_at == closes_at


@pytest.mark.django_db(transaction=True)
def test_a_later_deadline_counts_for_submits_that_waited_for_it(arena, draft):
    """A submit that waits for the amendment is not too late. It is received as soon as the opener
    has promised the new deadline.
    """
    closes_at = closes(arena.challenge, seconds=0.8)
    results = []

    def hand_in():
        try:
            results.append(submit(draft, by=arena.supplier))
        except Refused as refusal:
            results.append(refusal)
        finally:
            connections.close_all()

    with transaction.atomic():
        change(arena.challenge, arena.owner, closes_at=closes_at + DAY)
        waiting = threading.Thread(target=hand_in)
        waiting.start()
        time.sleep(1.2)
        assert waiting.is_alive()
    waiting.join(30)
    assert [refusal.code for refusal in results] == ["seal"]
    actions.renew_promises()
    assert submit(draft, by=arena.supplier).received_at > closes_at
