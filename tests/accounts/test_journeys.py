"""From a stranger to a member, as a browser without scripts does it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from afori.accounts.models import Membership, Organisation, User
from afori.notifications.models import OutgoingMail
from tests import factories as make

PERSON = {"name": "Anna Alm", "email": "Anna@Ekhamra.se", "password1": "tre ord i en rad"}
pytestmark = pytest.mark.django_db


def sign_up(client, **changes):
    return client.post(reverse("account_signup"), {**PERSON, **changes})


def confirm(client, code):
    return client.post(reverse("account_email_verification_sent"), {"code": code})


@pytest.mark.parametrize("language", ["sv", "en"])
def test_from_sign_up_to_the_question_of_organisation(client, last_code, language):
    with override(language):
        assert sign_up(client)["Location"] == reverse("account_email_verification_sent")
        response = confirm(client, last_code("anna@ekhamra.se"))
        assert response["Location"] == reverse("accounts:organisation_start")
    user = User.objects.get()
    address = user.emailaddress_set.get()
    assert (user.name, user.email, user.language) == ("Anna Alm", "anna@ekhamra.se", language)
    assert (address.verified, address.primary) == (True, True)
    assert client.get(response["Location"]).status_code == 200


def test_the_addresses_are_swedish_and_english():
    with override("sv"):
        assert reverse("account_login") == "/konto/logga-in/"
        assert reverse("account_signup") == "/konto/skapa/"
    with override("en"):
        assert reverse("account_login") == "/en/account/login/"


def test_the_address_after_log_in_is_kept_through_sign_up(client, last_code):
    target = reverse("accounts:settings")
    client.post(f"{reverse('account_signup')}?next={target}", {**PERSON, "next": target})
    assert confirm(client, last_code("anna@ekhamra.se"))["Location"] == target


def test_a_person_joins_at_once_by_domain(client, last_code):
    organisation = make.BuyerFactory()
    organisation.domains.create(domain="ekhamra.se", verified_at=organisation.verified_at)
    sign_up(client)
    start = confirm(client, last_code("anna@ekhamra.se"))["Location"]
    join = reverse("accounts:organisation_join", args=[organisation.slug])
    assert join in client.get(start).content.decode()
    client.post(join)
    assert Organisation.objects.of(User.objects.get()).get() == organisation


def test_a_company_is_registered_in_one_step(client):
    client.force_login(make.UserFactory())
    facts = {"name": "Ljusglimt AB", "kind": "company", "number": "556036-0793"}
    response = client.post(reverse("accounts:organisation_create"), facts)
    organisation = Organisation.objects.get()
    assert response["Location"] == reverse("accounts:members", args=[organisation.slug])
    assert (organisation.number, organisation.is_supplier) == ("5560360793", True)


def test_a_taken_number_leads_to_asking(client):
    taken = make.OrganisationFactory(number="5560360793")
    client.force_login(make.UserFactory())
    facts = {"name": "Kopian AB", "kind": "company", "number": "556036-0793"}
    response = client.post(reverse("accounts:organisation_create"), facts)
    join = reverse("accounts:organisation_join", args=[taken.slug])
    assert (response.status_code, join in response.content.decode()) == (200, True)
    assert Organisation.objects.count() == 1


def test_a_public_organisation_needs_a_number(client):
    client.force_login(make.UserFactory())
    facts = {"name": "Ekhamra kommun", "kind": "municipality"}
    client.post(reverse("accounts:organisation_create"), facts)
    assert not Organisation.objects.exists()


def test_asking_and_answering(client, cast):
    slug = cast.municipality.slug
    client.force_login(cast.user)
    join = reverse("accounts:organisation_join", args=[slug])
    client.post(join, {"message": "Jag är ny här"})
    request = Membership.objects.requested().get()
    assert "Jag är ny här" in client.get(join).content.decode()
    client.force_login(cast.owner)
    decide = request.get_absolute_url()
    assert "Jag är ny här" in client.get(decide).content.decode()
    assert client.post(decide, {"answer": "decline", "reason": ""}).status_code == 200
    client.post(decide, {"answer": "decline", "reason": "Vi känner inte dig"})
    request.refresh_from_db()
    assert (request.state, request.reason) == (Membership.State.DECLINED, "Vi känner inte dig")
    assert "Vi känner inte dig" in client.get(decide).content.decode()


@pytest.mark.parametrize("role", ["user", "supplier", "buyer", "member", "coordinator", "staff"])
def test_requests_of_others_do_not_exist_for_outsiders(client, cast, role):
    request = make.MembershipFactory(
        organisation=cast.municipality, state="requested", decided_at=None
    )
    client.force_login(getattr(cast, role))
    for method in (client.get, client.post):
        assert method(request.get_absolute_url(), {"answer": "accept"}).status_code == 404
    request.refresh_from_db()
    assert request.is_requested


def test_nobody_lets_themselves_in(client, cast):
    client.force_login(cast.owner)
    own = make.MembershipFactory(user=cast.owner, state="requested", decided_at=None)
    assert client.post(own.get_absolute_url(), {"answer": "accept"}).status_code == 404


def test_an_administrator_of_one_does_not_rule_in_another(client, cast):
    foreign = Membership.objects.get(user=cast.supplier)
    client.force_login(cast.owner)
    change = reverse("accounts:member_change", args=[foreign.token])
    assert client.post(change, {"role": "admin"}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.role == "member"


@pytest.mark.parametrize(("wanted", "role"), [("admin", "admin"), ("superuser", "member")])
def test_an_administrator_changes_a_colleague(client, cast, wanted, role):
    colleague = Membership.objects.get(user=cast.member)
    client.force_login(cast.owner)
    client.post(reverse("accounts:member_change", args=[colleague.token]), {"role": wanted})
    colleague.refresh_from_db()
    assert (colleague.role, colleague.state) == (role, "active")


def test_a_password_is_chosen_anew_by_code(client, last_code):
    user = make.UserFactory(email="anna@ekhamra.se")
    client.post(reverse("account_reset_password"), {"email": "anna@ekhamra.se"})
    code = last_code("anna@ekhamra.se")
    client.post(reverse("account_confirm_password_reset_code"), {"code": code})
    done = client.post(
        reverse("account_complete_password_reset"), {"password1": "fyra helt nya ord"}
    )
    assert done.status_code == 302
    user.refresh_from_db()
    assert user.check_password("fyra helt nya ord")


def test_a_new_address_counts_when_its_code_is_written(client, last_code):
    user = make.UserFactory(email="anna@ekhamra.se")
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD})
    client.post(reverse("account_email"), {"email": "Anna@Ny.se", "action_add": ""})
    user.refresh_from_db()
    assert user.email == "anna@ekhamra.se"
    confirm(client, last_code("anna@ny.se"))
    user.refresh_from_db()
    assert user.email == "anna@ny.se"


def test_three_wrong_codes_end_the_attempt(client, last_code):
    sign_up(client)
    statuses = [confirm(client, "FEL0-0000").status_code for _ in range(3)]
    assert statuses == [200, 200, 302]
    assert not User.objects.get().emailaddress_set.get().verified


@pytest.mark.parametrize("reset", [False, True])
def test_a_code_that_has_run_out_is_said_to_have(client, last_code, time_machine, reset):
    make.UserFactory(email="bo@ekhamra.se")
    if reset:
        client.post(reverse("account_reset_password"), {"email": "bo@ekhamra.se"})
        page, address = reverse("account_confirm_password_reset_code"), "bo@ekhamra.se"
    else:
        sign_up(client)
        page, address = reverse("account_email_verification_sent"), "anna@ekhamra.se"
    code = last_code(address)
    time_machine.move_to(timezone.now() + timedelta(minutes=16))
    response = client.post(page, {"code": code}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("account_login")
    assert "har gått ut" in response.content.decode()


def test_the_signed_in_need_not_log_in_again(client):
    client.force_login(make.UserFactory())
    for name in ("account_login", "account_signup"):
        assert client.get(reverse(name))["Location"] == reverse("my_pages")


def test_settings_are_saved(client):
    user = make.UserFactory()
    client.force_login(user)
    facts = {"name": "Nytt Namn", "profession": "Upphandlare", "language": "en", "is_staff": "on"}
    client.post(reverse("accounts:settings"), facts)
    user.refresh_from_db()
    assert (user.name, user.language, user.is_staff) == ("Nytt Namn", "en", False)


# Enumeration and log-in


def test_sign_up_does_not_tell_whether_an_address_is_known(client, text_of):
    make.UserFactory(email="kand@ekhamra.se")
    pages = []
    for address in ("kand@ekhamra.se", "okan@ekhamra.se"):
        first = sign_up(client, email=address)
        second = client.get(first["Location"])
        third = confirm(client, "FEL0-0000")
        shown = [text_of(page).replace(address, "") for page in (second, third)]
        pages.append((first.status_code, first["Location"], second.status_code, *shown))
        client.cookies.clear()
    assert pages[0] == pages[1]
    assert OutgoingMail.objects.filter(address="kand@ekhamra.se").count() == 1


def test_reset_does_not_tell_whether_an_address_is_known(client, text_of):
    make.UserFactory(email="kand@ekhamra.se")
    pages = []
    for address in ("kand@ekhamra.se", "okan@ekhamra.se"):
        first = client.post(reverse("account_reset_password"), {"email": address})
        second = client.get(first["Location"])
        third = client.post(first["Location"], {"code": "FEL0-0000"})
        shown = [text_of(page).replace(address, "") for page in (second, third)]
        pages.append((first.status_code, first["Location"], *shown))
        client.cookies.clear()
    assert pages[0] == pages[1]
    assert not OutgoingMail.objects.filter(address="okan@ekhamra.se").exists()


def log_in(client, password=make.PASSWORD, **data):
    return client.post(
        reverse("account_login"), {"login": "anna@ekhamra.se", "password": password, **data}
    )


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/natverk/", "/natverk/"),
        ("https://evil.example/", "/mina-sidor/"),
        ("//evil.example/", "/mina-sidor/"),
        ("/\\evil.example", "/mina-sidor/"),
        ("http://127.0.0.1:8000/natverk/", "/mina-sidor/"),
        ("javascript:alert(1)", "/mina-sidor/"),
        ("\thttps://evil.example", "/mina-sidor/"),
    ],
)
def test_after_log_in_one_stays_on_the_site(client, path, target):
    make.UserFactory(email="anna@ekhamra.se")
    assert log_in(client, next=path)["Location"] == target


def test_wrong_password_and_unknown_address_read_the_same(client, text_of):
    wrong = log_in(client, "fel lösenord här")
    make.UserFactory(email="anna@ekhamra.se")
    assert text_of(wrong) == text_of(log_in(client, "fel lösenord här"))


def test_guessing_is_stopped_even_with_the_right_password(client):
    make.UserFactory(email="anna@ekhamra.se")
    for _ in range(5):
        log_in(client, "fel lösenord här")
    assert log_in(client).status_code == 200


def test_a_closed_account_is_told_so(client):
    make.UserFactory(email="anna@ekhamra.se", is_active=False)
    assert log_in(client)["Location"] == reverse("account_inactive")


def test_too_many_sign_ups_get_429(client):
    statuses = {client.post(reverse("account_signup"), {}).status_code for _ in range(21)}
    assert statuses == {200, 429}


@pytest.mark.parametrize("password", ["kort", "123456789012", "password1234", "anna@ekhamra.se"])
def test_weak_passwords_are_refused(client, password):
    assert sign_up(client, password1=password).status_code == 200
    assert not User.objects.exists()


# Leaving


def leave_page(organisation):
    return reverse("accounts:organisation_leave", args=[organisation.slug])


def test_the_only_administrator_names_a_successor(client, cast, text_of):
    client.force_login(cast.owner)
    page = leave_page(cast.municipality)
    assert "Välj vem som tar över" in text_of(client.get(page))
    foreign = Membership.objects.get(user=cast.supplier)
    for wrong in ("", foreign.token, "finns-inte"):
        assert client.post(page, {"successor": wrong}).status_code == 200
    chosen = Membership.objects.get(user=cast.member)
    client.post(page, {"successor": chosen.token})
    chosen.refresh_from_db()
    assert chosen.is_admin
    assert client.get(page).status_code == 404


def test_one_who_is_not_alone_leaves_without_questions(client, cast, text_of):
    client.force_login(cast.member)
    page = leave_page(cast.municipality)
    assert "tar över" not in text_of(client.get(page))
    client.post(page)
    assert not cast.member.memberships.active().exists()


def test_a_lone_person_is_told_what_happens_then(client, cast, text_of):
    client.force_login(cast.supplier)
    page = leave_page(cast.company)
    assert "Du är den enda medlemmen." in text_of(client.get(page))
    assert client.post(page)["Location"] == reverse("accounts:settings")
    client.force_login(cast.user)
    join = reverse("accounts:organisation_join", args=[cast.company.slug])
    assert "ingen administratör" in text_of(client.get(join))


# History


def test_the_history_tells_who_did_it(client, cast):
    membership = Membership.objects.get(user=cast.member)
    client.force_login(cast.owner)
    client.post(reverse("accounts:member_change", args=[membership.token]), {"role": "admin"})
    client.post(reverse("accounts:member_remove", args=[membership.token]), {"reason": "Slutat"})
    rows = membership.history.order_by("-pgh_id").select_related("pgh_context")[:2]
    assert [(row.state, row.role) for row in rows] == [("ended", "admin"), ("active", "admin")]
    assert {row.pgh_context.metadata["user"] for row in rows} == {cast.owner.pk}
