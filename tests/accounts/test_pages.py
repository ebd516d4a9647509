"""Every page of accounts: who gets what, in both languages, at which cost."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from afori.accounts.models import Membership
from tests import factories as make

OPEN = ["account_login", "account_signup", "account_reset_password", "account_inactive"]
OWN = [
    "account_email",
    "account_change_password",
    "account_logout",
    "mfa_index",
    "usersessions_list",
    "accounts:settings",
    "accounts:second_factor",
    "accounts:organisation_start",
    "accounts:organisation_create",
]
# Pages of one municipality: the roles that may read them; others get the status given.
WITHIN = {
    "accounts:members": ({"member", "coordinator", "owner", "staff", "superuser"}, 403),
    "accounts:organisation_leave": ({"member", "coordinator", "owner"}, 404),
    "accounts:invite": ({"owner"}, 403),
}
SIGNED_IN = ["user", "supplier", "buyer", "member", "owner", "staff", "superuser"]


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", OPEN)
def test_open_pages_need_no_account_and_are_kept_nowhere(client, db, name, language):
    with override(language):
        response = client.get(reverse(name))
    assert response.status_code == 200
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert f'<html lang="{language}"' in response.content.decode()


@pytest.mark.parametrize("name", OWN)
def test_strangers_are_asked_to_log_in(client, db, name):
    path = reverse(name)
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"] in {f"{reverse('account_login')}?next={path}", reverse("home")}


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", OWN)
def test_own_pages_open_to_the_signed_in(client, cast, name, language):
    client.force_login(cast.owner)
    client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD})
    with override(language):
        response = client.get(reverse(name))
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("name", WITHIN)
@pytest.mark.parametrize("role", SIGNED_IN)
def test_pages_of_an_organisation(client, cast, name, role):
    client.force_login(getattr(cast, role))
    allowed, refused = WITHIN[name]
    response = client.get(reverse(name, args=[cast.municipality.slug]))
    assert response.status_code == (200 if role in allowed else refused)


@pytest.mark.parametrize("role", SIGNED_IN)
def test_anyone_signed_in_may_ask_to_join(client, cast, role):
    client.force_login(getattr(cast, role))
    page = reverse("accounts:organisation_join", args=[cast.municipality.slug])
    assert client.get(page).status_code == 200


@pytest.mark.parametrize(
    ("role", "status"), [("stranger", 302), ("user", 403), ("staff", 200), ("superuser", 200)]
)
def test_the_admin_site_takes_our_log_in(client, cast, sign_in, role, status):
    sign_in(getattr(cast, role))
    response = client.get(reverse("admin:login"), follow=False)
    if role in ("staff", "superuser"):
        response = client.get(reverse("admin:index"))
    assert response.status_code == status
    if status == 302:
        assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    "path", ["ansokningar/finns-inte/", "medlemmar/finns-inte/", "organisation/finns-inte/"]
)
def test_unknown_things_are_404(client, cast, path):
    client.force_login(cast.user)
    method = client.post if path.startswith("medlemmar") else client.get
    assert method(f"/personer/{path}").status_code == 404


@pytest.mark.parametrize(
    "text", ["%", "_", "'", '"', "\\", "å" * 200, "202100-5026", "<script>", "😀", "   "]
)
def test_any_search_is_answered(client, cast, text):
    client.force_login(cast.user)
    response = client.get(reverse("accounts:organisation_start"), {"q": text})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_search_finds_parts_and_numbers_and_shows_ten(client, cast):
    make.OrganisationFactory(name="Nordviks kommun", number="2021005026")
    for number in range(12):
        make.OrganisationFactory(name=f"Vik {number:02}")
    client.force_login(cast.user)

    def found(text):
        page = client.get(reverse("accounts:organisation_start"), {"q": text})
        return [organisation.name for organisation in page.context["found"]]

    assert found("dviks") == ["Nordviks kommun"]
    assert found("202100-5026") == ["Nordviks kommun"]
    assert found("vik") == [f"Vik {number:02}" for number in range(10)]
    assert found("%") == []


@pytest.mark.parametrize("colleagues", [1, 3, 100])
def test_members_cost_the_same_for_one_and_many(
    client, cast, colleagues, django_assert_num_queries
):
    for number in range(colleagues):
        make.MembershipFactory(organisation=cast.municipality)
        make.MembershipFactory(organisation=cast.municipality, state="requested", decided_at=None)
        cast.municipality.invitations.create(address=f"{number}@ekhamra.se", invited_by=cast.owner)
    client.force_login(cast.owner)
    with django_assert_num_queries(10):
        client.get(reverse("accounts:members", args=[cast.municipality.slug]))


def test_many_members_come_in_pages_and_are_found_by_name(client, cast, text_of):
    for number in range(30):
        make.MembershipFactory(organisation=cast.municipality, user__name=f"Vik {number:02}")
    client.force_login(cast.member)
    page = reverse("accounts:members", args=[cast.municipality.slug])

    def shown(**query):
        return [one.user.name for one in client.get(page, query).context["people"]]

    assert len(shown()) == 20
    assert shown(page=2)[-1] == "Vik 29"
    assert shown(q="vik 07") == ["Vik 07"]
    assert shown(q="VIK", page="99999999999999999999")[-1] == "Vik 29"
    assert "”%”" in text_of(client.get(page, {"q": "%"}))


@pytest.mark.parametrize("name", OPEN)
def test_open_pages_cost_next_to_nothing(client, db, name, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        client.get(reverse(name))


@pytest.mark.parametrize("hits", [1, 3])
def test_search_costs_the_same_for_one_and_many(client, cast, hits, django_assert_num_queries):
    for number in range(hits):
        make.OrganisationFactory(name=f"Vik {number}")
    client.force_login(cast.owner)
    with django_assert_num_queries(8):
        client.get(reverse("accounts:organisation_start"), {"q": "vik"})


@pytest.mark.parametrize("organisations", [1, 3])
def test_settings_cost_the_same_for_one_and_many(
    client, cast, organisations, django_assert_num_queries
):
    for _ in range(organisations):
        make.MembershipFactory(user=cast.owner)
        make.MembershipFactory(user=cast.owner, state="requested", decided_at=None)
    client.force_login(cast.owner)
    with django_assert_num_queries(6):
        client.get(reverse("accounts:settings"))


def test_a_changed_membership_needs_a_post(client, cast):
    membership = Membership.objects.get(user=cast.member)
    client.force_login(cast.owner)
    page = reverse("accounts:member_change", args=[membership.token])
    assert client.get(page).status_code == 405
