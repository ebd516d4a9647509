"""A profile tells everybody the same, and never what is not public."""

import re
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from challenges import actions as challenges
from challenges.models import Challenge, Outcome
from networks.models import Need
from tests import factories as make
from tests.cast import ROLES

pytestmark = pytest.mark.django_db
INSIDERS = {"member", "coordinator"}
CHANGING = re.compile(rb'(name="csrfmiddlewaretoken" value="|nonce=")[^"]+')


def close(organisation, **fields):
    organisation.closed_at, organisation.closing_reason = timezone.now(), "Hemligt skäl"
    for name, value in fields.items():
        setattr(organisation, name, value)
    organisation.save()


def profile(client, organisation):
    return client.get(organisation.get_absolute_url())


@pytest.fixture
def town(cast):
    """The municipality with everything that is, and is not, for everybody."""
    town = cast.municipality
    make.ChallengeFactory(
        owner=town, title_sv="Hemligt utkast", state=Challenge.State.DRAFT, published_at=None
    )
    make.ChallengeFactory(owner=town, title_sv="Hemlig granskning", state="in_review")
    done = make.ChallengeFactory(owner=town, title_sv="Avgjord utmaning", state="decided")
    Outcome.objects.create(challenge=done, kind=Outcome.Kind.CHOSEN)
    for title, visibility, named in [
        ("Öppet behov", Need.Visibility.PUBLIC, True),
        ("Hemlig anslutning", Need.Visibility.PUBLIC, False),
        ("Behov i nätverket", Need.Visibility.NETWORK, True),
    ]:
        make.CommitmentFactory(
            need=make.NeedFactory(title_sv=title, visibility=visibility, network=cast.network),
            organisation=town,
            shown_by_name=named,
            conditions="Hemliga villkor",
            signatory="Hemlig Firmatecknare",
            volume_a_year=987654,
        )
    return town


SECRETS = [
    "Hemlig",
    "987",
    "Mona Medlem",
    "Klara Koordinator",
    "Olle Ägare",
    "@example.org",
]


@pytest.mark.parametrize("role", ROLES)
def test_profile_shows_what_is_public_and_nothing_else(role, cast, town, sign_in):
    html = profile(sign_in(getattr(cast, role)), town).content.decode()
    main = html.partition("<main")[2].partition("</main>")[0]
    for shown in ("Öppet behov", "Avgjord utmaning", "Välfärdsteknik", "En lösning valdes"):
        assert shown in main
    for secret in SECRETS:
        assert secret not in main, secret
    assert ("Behov i nätverket" in main) == (role in INSIDERS)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "supplier"])
def test_profile_is_the_same_with_and_without_an_answer(role, cast, sign_in):
    client = sign_in(getattr(cast, role))
    pages = [cast.company.get_absolute_url(), reverse("organisations:list")]

    def read():
        return [CHANGING.sub(b"", client.get(page).content) for page in pages]

    before = read()
    submission = challenges.start_submission(
        cast.challenge, organisation=cast.company, by=cast.supplier
    )
    challenges.submit(submission, submit_key=uuid4(), by=cast.supplier)
    assert read() == before


@pytest.mark.parametrize("role", ROLES)
def test_the_door_fits_the_reader(role, cast, sign_in):
    html = profile(sign_in(getattr(cast, role)), cast.municipality).content.decode()
    slug = [cast.municipality.slug]
    inside = role in {"member", "coordinator", "owner"}

    def leads_to(name):
        return f'href="{reverse(name, args=slug)}"' in html

    assert leads_to("accounts:members") == inside
    assert leads_to("accounts:organisation_join") != inside
    assert leads_to("accounts:organisation_edit") == (role == "owner")


def busy(organisation, number):
    for _ in range(number):
        make.CommitmentFactory(organisation=organisation, shown_by_name=True)
        make.ChallengeFactory(owner=organisation)
        make.NetworkFactory(organiser=organisation)
        make.FundingCallFactory(funder=organisation)
        organisation.topics.add(make.TopicFactory())


@pytest.mark.parametrize("signed_in", [False, True])
def test_profile_has_constant_queries_and_bounded_lists(client, signed_in):
    if signed_in:
        client.force_login(make.UserFactory())
    counts = []
    organisation = make.BuyerFactory()
    for more in (1, 2, 30):
        busy(organisation, more)
        with CaptureQueriesContext(connection) as captured:
            response = profile(client, organisation)
        counts.append(len(captured))
    assert counts[0] == counts[1] == counts[2] <= 12
    for name in ("challenges", "needs", "networks", "calls"):
        assert len(response.context[name]) == 20


def test_profile_of_strangers_may_be_kept(client):
    response = profile(client, make.BuyerFactory())
    assert response.headers["Cache-Control"].startswith("public")


@pytest.mark.parametrize(("prefix", "words"), [("", "avslutad"), ("/en", "closed")])
def test_a_closed_organisation_is_gone_and_says_so(client, prefix, words):
    organisation = make.OrganisationFactory(slug="borta", name="Borta AB", profile_sv="Om oss")
    close(organisation)
    path = "/en/organisations/borta/" if prefix else "/organisationer/borta/"
    response = client.get(path)
    html = response.content.decode()
    assert response.status_code == 410
    assert "Borta AB" in html
    assert words in html
    assert "Hemligt skäl" not in html
    assert "Om oss" not in html
    assert 'content="noindex"' in html


def test_a_merged_organisation_leads_to_the_one_it_went_into(client):
    last = make.OrganisationFactory(slug="kvar")
    middle, first = make.OrganisationFactory(slug="mellan"), make.OrganisationFactory(slug="forst")
    close(middle, merged_into=last)
    close(first, merged_into=middle)
    response = client.get("/en/organisations/forst/", follow=True)
    assert response.redirect_chain == [
        ("/en/organisations/mellan/", 301),
        ("/en/organisations/kvar/", 301),
    ]


@pytest.mark.parametrize("slug", ["finns-inte", "%00", "..%2f", "a" * 500, "%E2%80%AE"])
def test_odd_addresses_are_not_found(client, slug):
    assert client.get(f"/organisationer/{slug}/").status_code in (400, 404)
    assert client.get(f"/organisationer/{slug}/logotyp/{slug}.png").status_code in (400, 404)


def test_names_are_shown_as_text(client, cast):
    evil = make.BuyerFactory(name="<script>alert(1)</script>", website="https://example.org/?a=1&b")
    make.ChallengeFactory(owner=evil)
    cast.network.co_organisers.add(evil)
    cast.network.organisations.add(evil)
    for page in (
        evil.get_absolute_url(),
        reverse("organisations:list"),
        reverse("challenges:list"),
        reverse("networks:list"),
        cast.network.get_absolute_url(),
    ):
        html = client.get(page).content
        assert b"<script>alert" not in html
        assert b"&lt;script&gt;" in html


def test_other_pages_lead_to_the_profile(client, cast, town):
    address = town.get_absolute_url()
    cast.network.co_organisers.add(town)
    call = make.FundingCallFactory(funder=town, is_rolling=True)
    need = Need.objects.get(title_sv="Öppet behov")
    for page in (
        cast.challenge.get_absolute_url(),
        reverse("challenges:list"),
        reverse("networks:list"),
        cast.network.get_absolute_url(),
        reverse("funding:list"),
        call.get_absolute_url(),
        need.get_absolute_url(),
    ):
        main = client.get(page).content.decode().partition("<main")[2]
        assert f'href="{address}"' in main, page


@pytest.fixture
def logo(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    organisation = make.OrganisationFactory()
    organisation.logo.save("logo", ContentFile(b"\x89PNG and more"))
    return organisation


def test_logo_is_shown_safely_and_kept_for_good(client, logo):
    assert f'src="{logo.logo_url}" alt="{logo.name}"' in profile(client, logo).content.decode()
    response = client.get(logo.logo_url)
    assert b"".join(response.streaming_content) == b"\x89PNG and more"
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].startswith("inline")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in response.headers


def test_logo_is_had_by_its_whole_name_alone(client, logo):
    for wrong in (logo.logo_url[:-6] + ".png", logo.logo_url.replace(logo.slug, "annan")):
        assert client.get(wrong).status_code == 404
    empty = make.OrganisationFactory()
    assert client.get(reverse("organisations:logo", args=[empty.slug, "x"])).status_code == 404
    close(logo)
    assert client.get(logo.logo_url).status_code == 404
