import pytest
from django.urls import reverse

from afori.accounts import actions
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
