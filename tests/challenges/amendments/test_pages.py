"""The pages on which a team amends, and on which others read it."""

from datetime import date

import pytest
from django.urls import reverse

from afori.notifications.following import follow
from afori.notifications.letters import Withheld
from afori.notifications.models import OutgoingMail
from afori.notifications.registry import get
from afori.notifications.spreading import spread
from challenges.changes import title
from challenges.forms.amending import as_typed
from challenges.models import Challenge
from tests import factories as make
from tests.cast import ROLES

from ..support import closes
from .support import DAY, WHY, change

pytestmark = pytest.mark.django_db


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
    spread()
    mail = OutgoingMail.objects.get(kind="challenges.amended")
    letter = get(mail.kind).letter(mail)
    assert published.title_sv in letter.subject
    assert "<b>Ny</b>" in letter.text
    assert WHY in letter.text
    assert reverse("challenges:amendments", args=[published.slug]) in letter.text


def test_a_withdrawn_challenge_is_not_told_of(arena, published):
    follow("challenge", published, by=arena.user)
    change(published, arena.member, contact="Ny")
    spread()
    mail = OutgoingMail.objects.get(kind="challenges.amended")
    Challenge.objects.filter(pk=published.pk).update(state="draft")
    with pytest.raises(Withheld):
        get(mail.kind).letter(mail)


def test_staff_do_not_see_who_is_told(arena, published, draft, sign_in):
    change(published, arena.member, contact="Ny")
    page = sign_in(arena.superuser).get(reverse("admin:notifications_outgoingmail_changelist"))
    assert "challenges.amended" not in page.text
    assert page.context["cl"].result_count == 0
