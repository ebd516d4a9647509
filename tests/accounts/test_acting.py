import pytest
from django.urls import reverse

from afori.accounts import actions
from challenges.models import Submission
from tests import factories as make


@pytest.fixture
def user(db):
    """In two organisations, first in Ljusglimt, then in Ekhamra."""
    user = make.UserFactory()
    for name in ("Ljusglimt", "Ekhamra"):
        organisation = make.OrganisationFactory(name=name, slug=name.lower())
        make.MembershipFactory(user=user, organisation=organisation)
    return user


def acting(client):
    return client.get(reverse("accounts:settings")).wsgi_request.acting_for


def choose(client, slug, **data):
    return client.post(reverse("accounts:act_for"), {"organisation": slug, **data})


def test_one_acts_for_the_first_joined_until_one_chooses(client, user):
    client.force_login(user)
    assert acting(client).name == "Ljusglimt"
    choose(client, "ekhamra")
    assert acting(client).name == "Ekhamra"


def test_one_never_acts_for_what_one_has_left(client, user):
    client.force_login(user)
    choose(client, "ekhamra")
    for expected in ("Ljusglimt", None):
        organisation = client.get(reverse("accounts:settings")).wsgi_request.acting_for
        actions.leave_organisation(organisation, by=user)
        assert getattr(acting(client), "name", None) == expected


def test_one_cannot_choose_what_one_is_not_in(client, user):
    make.OrganisationFactory(slug="rivalen")
    waiting = make.OrganisationFactory(slug="vantar")
    actions.request_membership(waiting, by=user)
    client.force_login(user)
    for slug in ("rivalen", "vantar", "finns-inte", ""):
        assert choose(client, slug).status_code == 404
    assert acting(client).name == "Ljusglimt"


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/natverk/", "/natverk/"),
        ("//evil.example", "/mina-sidor/"),
        ("https://evil.example/", "/mina-sidor/"),
        ("/\\evil.example", "/mina-sidor/"),
        ("javascript:alert(1)", "/mina-sidor/"),
        ("", "/mina-sidor/"),
    ],
)
def test_after_choosing_one_goes_on_within_the_site(client, user, path, target):
    client.force_login(user)
    assert choose(client, "ekhamra", next=path)["Location"] == target


def test_the_choice_is_posted(client, user):
    client.force_login(user)
    assert client.get(reverse("accounts:act_for")).status_code == 405


def test_a_stranger_acts_for_nobody_and_gets_no_session(client, db):
    response = client.get(reverse("home"))
    assert response.wsgi_request.acting_for is None
    assert response.cookies == {}
    assert not response.wsgi_request.session.accessed


def test_after_choosing_one_is_not_led_to_a_page_that_is_not_there(client, user):
    client.force_login(user)
    assert choose(client, "ekhamra", next="/finns-inte/")["Location"] == reverse("my_pages")
    assert choose(client, "ekhamra", next="/natverk/?q=a")["Location"] == "/natverk/?q=a"


def test_the_header_offers_the_others_and_leads_back(client, user, text_of):
    client.force_login(user)
    page = client.get("/natverk/?q=vatten")
    assert "Du företräder Ljusglimt Byt" in text_of(page)
    assert 'name="next" value="/natverk/?q=vatten"' in page.content.decode()
    assert 'name="organisation" value="ekhamra"' in page.content.decode()


def test_the_header_is_calm_with_one_and_helps_with_none(client, text_of, db):
    alone = make.MembershipFactory(organisation__name="Enda AB").user
    client.force_login(alone)
    assert "Du företräder Enda AB" in text_of(client.get("/natverk/"))
    assert "accounts:act_for" not in client.get("/natverk/").content.decode()
    client.force_login(make.UserFactory())
    page = client.get("/natverk/").content.decode()
    assert "Du företräder ingen organisation än" in page
    assert reverse("accounts:organisation_start") in page


# A form counts for the organisation that it was shown with


@pytest.fixture
def buyer(db):
    """Acts for Ekhamra; Ljusglimt sells, Holmfors buys as well."""
    user = make.UserFactory()
    for name, factory in (
        ("Ekhamra", make.BuyerFactory),
        ("Holmfors", make.BuyerFactory),
        ("Ljusglimt", make.OrganisationFactory),
    ):
        organisation = factory(name=name, slug=name.lower())
        make.MembershipFactory(user=user, organisation=organisation)
    return user


def test_what_was_open_for_one_does_not_count_for_another(client, buyer, text_of):
    need = make.NeedFactory()
    client.force_login(buyer)
    page = reverse("networks:commit", args=[need.slug])
    assert 'name="for" value="ekhamra"' in client.get(page).content.decode()
    typed = {"degree": "interest", "conditions": "Mina villkor", "for": "ekhamra"}
    choose(client, "holmfors")
    response = client.post(page, typed)
    assert "Sidan var öppen för Ekhamra, men nu företräder du Holmfors." in text_of(response)
    assert "Mina villkor" in response.content.decode()
    assert not need.commitments.exists()
    assert 'name="for" value="holmfors"' in response.content.decode()
    client.post(page, {**typed, "for": "holmfors"})
    assert need.commitments.get().organisation.name == "Holmfors"


@pytest.mark.parametrize("now", ["ljusglimt", None])
def test_the_text_is_kept_where_one_may_not_go_on(client, buyer, text_of, now):
    need = make.NeedFactory()
    client.force_login(buyer)
    page = reverse("networks:commit", args=[need.slug])
    if now:
        choose(client, now)
    else:
        buyer.memberships.update(state="ended", ended_at="2026-01-01T00:00Z")
    typed = {"degree": "interest", "conditions": "Mina villkor", "for": "ekhamra"}
    response = client.post(page, typed)
    said = "Inget har sparats." if now else "Du företräder inte längre Ekhamra."
    assert (response.status_code, said in text_of(response)) == (200, True)
    assert "Mina villkor" in response.content.decode()
    assert 'name="for" value="ekhamra"' in response.content.decode()
    assert not need.commitments.exists()


def test_a_withdrawal_too_is_for_the_organisation_it_was_shown_with(client, buyer):
    need = make.NeedFactory()
    for membership in buyer.memberships.filter(organisation__kind="municipality"):
        make.CommitmentFactory(need=need, organisation=membership.organisation)
    client.force_login(buyer)
    choose(client, "holmfors")
    page = reverse("networks:uncommit", args=[need.slug])
    assert client.post(page, {"for": "ekhamra"})["Location"] == need.get_absolute_url()
    assert need.commitments.count() == 2
    client.post(page, {"for": "holmfors"})
    assert need.commitments.get().organisation.name == "Ekhamra"


def test_a_request_to_a_network_is_for_the_organisation_it_was_shown_with(client, buyer, text_of):
    network = make.NetworkFactory()
    client.force_login(buyer)
    page = reverse("networks:join", args=[network.slug])
    assert 'name="for" value="ekhamra"' in client.get(page).content.decode()
    for switched in ("holmfors", "ljusglimt"):
        choose(client, switched)
        response = client.post(page, {"message": "Vi har behov", "for": "ekhamra"})
        assert "Inget har sparats" in text_of(response)
        assert "Vi har behov" in text_of(response)
    assert not network.memberships.exists()
    choose(client, "ekhamra")
    client.post(page, {"message": "Vi har behov", "for": "ekhamra"})
    assert network.memberships.get().organisation.name == "Ekhamra"


def test_an_answer_is_started_for_the_organisation_it_was_shown_with(client, buyer, text_of):
    challenge = make.ChallengeFactory()
    other = make.MembershipFactory(user=buyer, organisation__name="Andra AB").organisation
    client.force_login(buyer)
    choose(client, "ljusglimt")
    page = reverse("challenges:answer", args=[challenge.slug])
    assert 'name="for" value="ljusglimt"' in client.get(page).content.decode()
    choose(client, other.slug)
    response = client.post(page, {"for": "ljusglimt"}, follow=True)
    assert "Sidan var öppen för Ljusglimt, men nu företräder du Andra AB." in text_of(response)
    client.post(page, {"for": other.slug})
    assert Submission.objects.get().organisation == other
