"""Editing what an organisation says of itself: who may, what, and two people at once."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from afori.accounts import actions
from afori.accounts.choices import Kind
from afori.accounts.models import Membership, Organisation
from afori.common.states import NotAllowedNow
from tests import factories as make
from tests.cast import ROLES

pytestmark = pytest.mark.django_db
NUMBER, OTHER_NUMBER = "5560360793", "2021005026"


def edit(organisation):
    return reverse("accounts:organisation_edit", args=[organisation.slug])


def logo_page(organisation):
    return reverse("accounts:organisation_logo", args=[organisation.slug])


@pytest.fixture
def firm(db):
    return make.OrganisationFactory(name="Ljusglimt AB", profile_sv="Som det var")


@pytest.fixture
def admin(client, firm):
    membership = make.MembershipFactory(organisation=firm, role=Membership.Role.ADMIN)
    client.force_login(membership.user)
    return membership.user


def facts_of(organisation, **changes):
    """What the form sends for an unverified organisation."""
    return {
        "name": organisation.name,
        "kind": organisation.kind,
        "number": organisation.number or "",
        "seen": organisation.updated_at.isoformat(),
        **changes,
    }


@pytest.mark.parametrize("role", ROLES)
def test_only_administrators_edit(role, cast, sign_in):
    client = sign_in(getattr(cast, role))
    expected = {"owner": 200, "stranger": 302}.get(role, 403)
    assert client.get(edit(cast.municipality)).status_code == expected
    before = Organisation.objects.get(pk=cast.municipality.pk)
    seen = before.updated_at.isoformat()
    client.post(edit(cast.municipality), {"profile_sv": "Ny", "seen": seen})
    client.post(logo_page(cast.municipality), {"remove": "1"})
    cast.municipality.refresh_from_db()
    assert (cast.municipality.profile_sv == "Ny") == (role == "owner")


def test_administrators_of_another_do_not_edit(client, admin, firm):
    other = make.OrganisationFactory()
    assert client.post(edit(other), facts_of(other, profile_sv="Ny")).status_code == 403


@pytest.mark.parametrize("change", [{"role": "member"}, {"state": "ended"}])
def test_who_has_lost_the_role_does_not_edit(client, admin, firm, change):
    assert client.get(edit(firm)).status_code == 200
    ended = {"ended_at": timezone.now()} if "state" in change else {}
    Membership.objects.filter(user=admin).update(**change, **ended)
    assert client.post(edit(firm), facts_of(firm, profile_sv="Ny")).status_code == 403


def test_a_closed_organisation_is_not_edited(client, admin, firm):
    Organisation.objects.update(closed_at=timezone.now(), closing_reason="Slut")
    assert client.post(edit(firm), facts_of(firm)).status_code == 404


def test_everything_is_saved_and_shown(client, admin, firm):
    topic = make.TopicFactory()
    response = client.post(
        edit(firm),
        facts_of(
            firm,
            name="Ljusglimt i Norden AB",
            number="556036-0793",
            capabilities_sv="Vi kan ljus",
            capabilities_en="We know light",
            profile_sv="Om oss",
            profile_en="About us",
            website="ljusglimt.example",
            county="12",
            size_class="small",
            population="500",
            topics=[topic.pk],
            offers=["testbed", "expertise"],
        ),
        follow=True,
    )
    firm.refresh_from_db()
    assert response.redirect_chain == [(firm.get_absolute_url(), 302)]
    assert "Vi kan ljus" in response.content.decode()
    assert (firm.name, firm.number, firm.slug) == ("Ljusglimt i Norden AB", NUMBER, firm.slug)
    assert (firm.website, firm.county, firm.size_class) == (
        "https://ljusglimt.example",
        "12",
        "small",
    )
    assert firm.population is None
    assert (firm.offers, list(firm.topics.all())) == (["testbed", "expertise"], [topic])
    assert firm.history.latest("pgh_id").profile_sv == "Om oss"


def test_a_municipality_tells_its_people(client, admin, firm):
    Organisation.objects.update(kind=Kind.MUNICIPALITY, number=OTHER_NUMBER)
    firm.refresh_from_db()
    client.post(edit(firm), facts_of(firm, population="41 200", size_class="small"))
    firm.refresh_from_db()
    assert (firm.population, firm.size_class) == (41_200, "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"website": "javascript:alert(1)"},
        {"county": "99"},
        {"kind": "state"},
        {"number": "123"},
        {"population": "9" * 30},
        {"population": "-5"},
        {"offers": ["gold"]},
        {"topics": ["x"]},
        {"topics": ["9" * 30]},
        {"profile_sv": "x" * 3_001},
        {"name": ""},
        {"name": "x" * 201},
    ],
)
def test_wrong_facts_are_refused_and_kept_in_the_form(client, admin, firm, wrong):
    page = client.post(edit(firm), facts_of(firm, capabilities_sv="Skriv inte om", **wrong))
    assert page.status_code == 200
    assert "Skriv inte om" in page.content.decode()
    firm.refresh_from_db()
    assert firm.capabilities_sv == ""


def test_what_staff_are_checking_is_locked_until_they_answer(client, admin, firm, cast):
    Organisation.objects.update(kind=Kind.MUNICIPALITY)
    firm.refresh_from_db()
    waiting = actions.request_verification(firm, by=admin)
    client.post(edit(firm), facts_of(firm, name="Ekhamra kommun", kind=Kind.COMPANY))
    with pytest.raises(NotAllowedNow):
        actions.update_organisation(
            firm,
            by=admin,
            seen=Organisation.objects.get(pk=firm.pk).updated_at,
            topics=[],
            name="X",
        )
    firm.refresh_from_db()
    assert (firm.name, firm.kind) == ("Ljusglimt AB", Kind.MUNICIPALITY)
    actions.decide_verification(waiting, approve=False, by=cast.staff, reason="Fel nummer")
    firm.refresh_from_db()
    client.post(edit(firm), facts_of(firm, name="Ljusglimts kommun", number=OTHER_NUMBER))
    firm.refresh_from_db()
    assert firm.name == "Ljusglimts kommun"


def test_what_is_verified_is_locked(client, admin, firm):
    Organisation.objects.update(verified_at=timezone.now(), number=NUMBER)
    firm.refresh_from_db()
    html = client.get(edit(firm)).content.decode()
    for name in ("name", "kind", "number"):
        assert f'name="{name}"' not in html
    assert "556036-0793" in html
    changed = facts_of(firm, name="Annan", kind="region", number=OTHER_NUMBER, profile_sv="Ny")
    client.post(edit(firm), changed)
    firm.refresh_from_db()
    assert (firm.name, firm.kind, firm.number) == ("Ljusglimt AB", Kind.COMPANY, NUMBER)
    assert firm.profile_sv == "Ny"


def test_verification_meanwhile_locks_too(client, admin, firm):
    typed = facts_of(firm, name="Annan AB", profile_sv="Ny")
    firm.verified_at = timezone.now()
    firm.save()
    html = client.post(edit(firm), typed).content.decode()
    assert 'role="alert"' in html
    firm.refresh_from_db()
    assert (firm.name, firm.profile_sv) == ("Ljusglimt AB", "Som det var")


def test_the_number_of_another_is_refused(client, admin, firm):
    make.OrganisationFactory(name="Annan AB", number=NUMBER)
    html = client.post(edit(firm), facts_of(firm, number=NUMBER)).content.decode()
    assert "Annan AB" in html
    firm.refresh_from_db()
    assert firm.number is None


def test_the_second_to_save_is_told_and_nothing_is_lost(client, admin, firm):
    topic = make.TopicFactory(name_sv="Belysning")
    first = facts_of(firm, profile_sv="Först", county="12", topics=[topic.pk])
    second = facts_of(firm, profile_sv="Sedan", website="https://glimt.example")
    assert client.post(edit(firm), first).status_code == 302
    page = client.post(edit(firm), second)
    html = page.content.decode()
    told = dict(page.context["theirs"])
    assert told == {
        "Om er, på svenska": "Först",
        "Län": "Skåne län",
        "Områden": "Belysning",
        "Webbplats": "",
    }
    assert "Sedan" in html
    assert 'value="https://glimt.example"' in html
    firm.refresh_from_db()
    assert firm.profile_sv == "Först"
    again = {**second, "seen": page.context["form"]["seen"].value()}
    assert client.post(edit(firm), again).status_code == 302
    firm.refresh_from_db()
    assert (firm.profile_sv, firm.county) == ("Sedan", "")


@pytest.mark.parametrize("seen", ["", "x", "2026-13-45T99:99", "2026-11-21T10:00:00", "9" * 40])
def test_without_having_seen_it_nobody_overwrites(client, admin, firm, seen):
    client.post(edit(firm), facts_of(firm, profile_sv="Ny", seen=seen))
    firm.refresh_from_db()
    assert firm.profile_sv == "Som det var"


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_saves():
    firm, by = make.OrganisationFactory(), make.UserFactory()
    barrier = Barrier(2)

    def save(text):
        barrier.wait()
        try:
            actions.update_organisation(
                firm, by=by, seen=firm.updated_at, topics=[], profile_sv=text
            )
        except actions.ChangedMeanwhile as refusal:
            return refusal.organisation.profile_sv
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(save, ["ett", "två"]))
    firm.refresh_from_db()
    assert sorted(results, key=bool) == [None, firm.profile_sv]


def picture(size=(600, 300), kind="PNG", name="logo.png", **options):
    stream = io.BytesIO()
    Image.new("RGB", size, "teal").save(stream, kind, **options)
    return SimpleUploadedFile(name, stream.getvalue())


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    def files():
        return [path for path in tmp_path.rglob("*") if path.is_file()]

    return files


def test_logo_is_drawn_anew_under_a_random_name(client, admin, firm, media):
    sent = picture(name="../../hemlig.png")
    assert client.post(logo_page(firm), {"logo": sent}).status_code == 302
    firm.refresh_from_db()
    assert "hemlig" not in firm.logo.name
    with Image.open(firm.logo.path) as shown:
        assert (shown.format, shown.size) == ("PNG", (480, 240))
    assert len(media()) == 1


def test_logo_leaves_the_profile_others_are_writing(client, admin, firm, media):
    typed = facts_of(firm, profile_sv="Ny")
    client.post(logo_page(firm), {"logo": picture()})
    assert client.post(edit(firm), typed).status_code == 302


def test_the_old_logo_goes_from_disk(
    client, admin, firm, media, django_capture_on_commit_callbacks
):
    client.post(logo_page(firm), {"logo": picture()})
    old = media()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(logo_page(firm), {"logo": picture((50, 50))})
    assert len(media()) == 1
    assert media() != old
    with django_capture_on_commit_callbacks(execute=True):
        client.post(logo_page(firm), {"remove": "1"})
    firm.refresh_from_db()
    assert (firm.logo.name, media()) == ("", [])


def test_the_old_logo_stays_when_the_change_fails(admin, firm, media):
    actions.set_logo(firm, png=b"first", by=admin)
    firm.refresh_from_db()

    with transaction.atomic():
        actions.set_logo(firm, png=b"second", by=admin)
        transaction.set_rollback(True)
    firm.refresh_from_db()
    assert Path(firm.logo.path).read_bytes() == b"first"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("logo.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("logo.gif", b"GIF89a"),
        (
            "logo.png",
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x7f" * 10,
        ),
        ("logo.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 3 * 1024 * 1024),
        ("logo.png", b""),
        ("logo.php", b"<?php"),
    ],
)
def test_what_is_no_logo_is_refused_in_words(client, admin, firm, media, name, content):
    page = client.post(logo_page(firm), {"logo": SimpleUploadedFile(name, content)})
    assert page.status_code == 200
    assert "ds-validation-message" in page.content.decode()
    assert media() == []


def test_no_file_and_no_post_change_nothing(client, admin, firm, media):
    assert client.post(logo_page(firm)).status_code == 200
    assert client.get(logo_page(firm)).status_code == 405
    assert media() == []


def test_logo_of_a_closed_organisation_is_refused(admin, firm, media):
    Organisation.objects.update(closed_at=timezone.now(), closing_reason="Slut")
    with pytest.raises(NotAllowedNow):
        actions.set_logo(firm, png=b"x", by=admin)
    assert media() == []
