"""What superusers do about other people's accounts, and that nobody gets in as another."""

import json

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override

from afori.accounts import actions
from afori.accounts.groups import make_editors
from afori.accounts.models import Membership, SignIn, User
from afori.common.states import NotAllowedNow
from afori.notifications import registry
from afori.notifications.models import OutgoingMail
from tests import factories as make
from tests.cast import ROLES

pytestmark = pytest.mark.django_db
STEPS = ["deactivate", "reactivate", "new_password", "second_factor"]
CHANGES = [actions.deactivate_person, actions.require_new_password, actions.remove_second_factor]


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.AFORI_REQUIRE_MFA = False


@pytest.fixture
def boss():
    return make.UserFactory(name="Stina Super", is_staff=True, is_superuser=True)


@pytest.fixture
def person():
    user = make.UserFactory(email="anna@ekhamra.se", name="Anna", language="en")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    return user


@pytest.fixture
def desk(client, boss):
    client.force_login(boss)
    return client


def page(name, user):
    return reverse(f"admin:accounts_user_{name}", args=[user.pk])


def browser_of(user):
    """A browser in which the person is logged in, as by the log-in page."""
    browser = Client()
    data = {"login": user.email, "password": make.PASSWORD}
    browser.post(reverse("account_login"), data)
    return browser


def is_in(browser):
    return browser.get(reverse("notifications:list")).status_code == 200


def letter(address):
    mail = OutgoingMail.objects.filter(address=address).latest("created_at")
    assert mail.language == "en"
    with override("en"):
        return registry.get(mail.kind).letter(mail)


def test_a_closed_account_is_logged_out_everywhere_and_told_why(person, boss):
    Authenticator.objects.all().delete()
    browsers = [browser_of(person), browser_of(person)]
    assert all(map(is_in, browsers))
    actions.deactivate_person(person, by=boss, reason="Delat konto")
    assert not any(map(is_in, browsers))
    assert not is_in(browser_of(person))
    person.refresh_from_db()
    assert (person.is_active, person.deactivation_reason) == (False, "Delat konto")
    assert "Delat konto" in letter(person.email).text
    actions.reactivate_person(person, by=boss)
    person.refresh_from_db()
    assert (person.is_active, person.deactivated_at) == (True, None)
    assert is_in(browser_of(person))


def test_a_new_password_is_chosen_by_the_person_alone(person, boss):
    Authenticator.objects.all().delete()
    browser = browser_of(person)
    actions.require_new_password(person, by=boss, reason="Lösenordet har läckt")
    assert not is_in(browser)
    assert not is_in(browser_of(person))
    assert "Lösenordet har läckt" in letter(person.email).text


def test_a_lost_second_factor_is_removed_but_the_password_stays(person, boss):
    before = person.password
    actions.remove_second_factor(person, by=boss, reason="Tappad telefon")
    person.refresh_from_db()
    assert (person.authenticator_set.count(), person.password) == (0, before)
    assert "Tappad telefon" in letter(person.email).text
    with pytest.raises(NotAllowedNow):
        actions.remove_second_factor(person, by=boss, reason="Igen")


@pytest.mark.parametrize("change", CHANGES)
def test_each_needs_a_reason_and_is_not_done_to_oneself(person, boss, change):
    with pytest.raises(actions.NeedsReason):
        change(person, by=boss, reason=" \n")
    with pytest.raises(actions.OwnRequest):
        change(boss, by=boss, reason="Prov")


def test_what_is_erased_is_not_opened_again(person, boss):
    actions.begin_deletion(person)
    actions.erase(person)
    with pytest.raises(NotAllowedNow):
        actions.reactivate_person(person, by=boss)


def test_nothing_is_done_twice(person, boss):
    with pytest.raises(NotAllowedNow):
        actions.reactivate_person(person, by=boss)
    actions.deactivate_person(person, by=boss, reason="Delat konto")
    with pytest.raises(NotAllowedNow):
        actions.deactivate_person(person, by=boss, reason="Delat konto")


# Pages


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("role", ROLES)
def test_only_superusers_take_steps(cast, sign_in, person, role, step):
    client = sign_in(getattr(cast, role))
    expected = {"superuser": 200, "staff": 403}.get(role, 302)
    assert client.get(page(step, person)).status_code == expected
    if role != "superuser":
        assert client.post(page(step, person), {"reason": "x"}).status_code == expected
    person.refresh_from_db()
    assert (person.is_active, person.authenticator_set.count()) == (True, 1)


def test_editors_do_not_come_near_people(client, person):
    editor = make.UserFactory(is_staff=True)
    editor.groups.add(make_editors())
    client.force_login(editor)
    for name in [*STEPS, "change", "history"]:
        assert client.get(page(name, person)).status_code == 403
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 403


def test_a_step_is_logged_with_its_reason_and_keeps_what_was_typed(desk, boss, person):
    typed = {"reason": "x" * 2001}
    assert "x" * 2001 in desk.post(page("deactivate", person), typed).content.decode()
    assert desk.post(page("deactivate", person), {"reason": "Delat konto"}).status_code == 302
    entry = LogEntry.objects.get()
    assert (entry.user, "Delat konto" in entry.change_message) == (boss, True)
    assert "Delat konto" in desk.get(page("history", person)).content.decode()
    assert page("reactivate", person) in desk.get(page("change", person)).content.decode()


def test_who_leaves_an_organisation_without_administrator_is_pointed_out(desk, person):
    alone = make.MembershipFactory(user=person, role=Membership.Role.ADMIN).organisation
    other = make.MembershipFactory(user=person, role=Membership.Role.ADMIN).organisation
    make.MembershipFactory(organisation=other, role=Membership.Role.ADMIN)
    text = desk.get(page("deactivate", person)).content.decode()
    assert f"{alone} har ingen annan administratör" in text
    assert f"{other} har ingen annan administratör" not in text


def test_the_form_changes_neither_address_nor_standing_nor_password(desk, person):
    facts = {"name": "Anna Ny", "language": "sv", "profession": ""}
    more = {"email": "annan@ekhamra.se", "is_active": "", "password": "x", "deactivated_at": "x"}
    inlines = {
        f"{prefix}-{form}_FORMS": 0
        for prefix in ("memberships", "sign_ins")
        for form in ("TOTAL", "INITIAL")
    }
    before = person.password
    assert desk.post(page("change", person), {**facts, **more, **inlines}).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.email, person.is_active) == ("Anna Ny", "anna@ekhamra.se", True)
    assert person.password == before


def test_a_person_is_added_without_a_password_and_gets_in_by_mail(desk, client, last_code):
    facts = {"email": "Ny@Ekhamra.se", "name": "Ny", "language": "en"}
    add = reverse("admin:accounts_user_add")
    response = desk.post(add, facts)
    user = User.objects.get(email="ny@ekhamra.se")
    assert (response.status_code, user.has_usable_password()) == (302, False)
    assert "ask for a new password" in letter(user.email).text
    assert "adressen" in desk.post(add, facts).content.decode()
    browser = Client()
    browser.post(reverse("account_reset_password"), {"email": user.email})
    browser.post(reverse("account_confirm_password_reset_code"), {"code": last_code(user.email)})
    browser.post(reverse("account_complete_password_reset"), {"password1": "fyra helt nya ord"})
    assert is_in(browser)
    assert EmailAddress.objects.get(user=user).verified


# Nobody acts as another


def test_no_page_of_the_admin_lets_one_in_as_another(desk, boss, person):
    """Every page about a person, posted to with all that one could think of."""
    offered = {"reason": "x", "password1": "fyra helt nya ord", "password2": "fyra helt nya ord"}
    addresses = [
        str(url.pattern).replace("<path:object_id>", str(person.pk))
        for url in admin.site.get_model_admin(User).urls
    ]
    before = person.password
    for address in addresses:
        if "<" in address or "reactivate" in address:
            continue
        desk.post(f"{reverse('admin:accounts_user_changelist')}{address}", offered)
        assert desk.session[SESSION_KEY] == str(boss.pk)
    person.refresh_from_db()
    assert person.password == before or not person.has_usable_password()
    with pytest.raises(NoReverseMatch):
        reverse("admin:auth_user_password_change", args=[person.pk])
    assert desk.get(f"/admin/accounts/user/{person.pk}/password/").status_code in (302, 404)


@pytest.mark.parametrize("query", ["password__startswith=md5", "password=x"])
def test_no_filter_asks_about_passwords(desk, person, query):
    address = f"{reverse('admin:accounts_user_changelist')}?{query}"
    assert desk.get(address).status_code in (302, 400)


def test_secrets_are_on_no_page_about_a_person(desk, person):
    for name in ("change", "history"):
        text = desk.get(page(name, person)).content.decode()
        assert person.password not in text
        assert person.password.rpartition("$")[2] not in text


def test_a_closed_account_is_not_asked_for_a_new_password(person, boss):
    actions.deactivate_person(person, by=boss, reason="Delat konto")
    with pytest.raises(NotAllowedNow):
        actions.require_new_password(person, by=boss, reason="Läckt")


def test_nobody_is_given_another_address_in_the_admin():
    assert not admin.site.is_registered(EmailAddress)


# Lists


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_page_of_a_person_is_bounded(desk, person, number, django_assert_max_num_queries):
    for each in range(number):
        SignIn.objects.create(user=person, method=SignIn.Method.PASSWORD, device=f"Dator {each}")
        make.MembershipFactory(user=person)
    with django_assert_max_num_queries(20):
        text = desk.get(page("change", person)).content.decode()
    assert text.count("Dator ") == min(number, 20)


@pytest.mark.parametrize("standing", ["active", "deactivated", "leaving", "erased", "x"])
def test_people_are_found_by_standing_and_organisation(desk, person, standing):
    organisation = make.MembershipFactory(user=person).organisation
    people = reverse("admin:accounts_user_changelist")
    assert desk.get(people, {"standing": standing}).status_code == 200
    found = desk.get(people, {"q": organisation.name}).context["cl"].result_list
    assert list(found) == [person]


def test_mail_texts_are_whole(person, boss):
    actions.deactivate_person(person, by=boss, reason="Delat konto")
    actions.reactivate_person(person, by=boss)
    actions.require_new_password(person, by=boss, reason="Läckt")
    for mail in OutgoingMail.objects.filter(address=person.email):
        assert json.loads(mail.secret)["until"] is None
        assert registry.get(mail.kind).letter(mail).subject
