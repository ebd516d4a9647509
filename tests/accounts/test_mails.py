"""What people read in their mail, in both languages."""

import re

import pytest
from django.utils.translation import override

from afori.accounts import actions
from afori.accounts.models import Invitation
from afori.accounts.telling import queue_mail
from afori.notifications import registry
from afori.notifications.letters import Withheld
from afori.notifications.models import OutgoingMail
from tests import factories as make

pytestmark = pytest.mark.django_db
ACCOUNT = [
    "account/email/account_already_exists",
    "account/email/email_changed",
    "account/email/email_confirm",
    "account/email/email_confirmation",
    "account/email/email_confirmation_signup",
    "account/email/email_deleted",
    "account/email/login_code",
    "account/email/password_changed",
    "account/email/password_reset",
    "account/email/password_reset_code",
    "account/email/password_set",
    "mfa/email/recovery_codes_generated",
    "mfa/email/totp_activated",
    "mfa/email/totp_deactivated",
    "mfa/email/webauthn_added",
    "mfa/email/webauthn_removed",
    "socialaccount/email/account_connected",
    "socialaccount/email/account_disconnected",
]
WITH_CODE = (
    "account/email/email_confirmation",
    "account/email/login_code",
    "account/email/password_reset_code",
)
CONTEXT = {
    "code": "ABC2-DEF3",
    "from_email": "gammal@ekhamra.se",
    "to_email": "ny@ekhamra.se",
    "deleted_email": "bort@ekhamra.se",
    "password_reset_url": "/konto/losenord/glomt/",
}


def letter_of(mail):
    with override(mail.language):
        return registry.get(mail.kind).letter(mail)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("template", ACCOUNT)
def test_account_mails_are_whole(template, language):
    with override(language):
        queue_mail(template, "anna@ekhamra.se", CONTEXT)
    mail = letter_of(OutgoingMail.objects.get())
    assert mail.subject
    assert f'lang="{language}"' in mail.html
    for text in (mail.subject, mail.text, mail.html):
        assert "{{" not in text
        assert "{%" not in text
    assert ("ABC2-DEF3" in mail.text) is template.startswith(WITH_CODE)


@pytest.mark.parametrize("template", WITH_CODE)
def test_a_code_stands_once_in_the_body_of_its_mail(template):
    queue_mail(template, "anna@ekhamra.se", CONTEXT)
    body = letter_of(OutgoingMail.objects.get()).html.partition("<body")[2]
    shown = re.sub(r"<[^>]+>", " ", body)
    assert shown.count("ABC2-DEF3") == 1


def test_names_are_text_in_text_and_safe_in_html():
    organisation = make.OrganisationFactory(name="Bröd & <b>Bak</b> AB")
    admin = make.MembershipFactory(organisation=organisation, role="admin").user
    asker = make.UserFactory(name="Anna <script>")
    actions.request_membership(organisation, by=asker, message="Hej & <i>hå</i>")
    mail = letter_of(OutgoingMail.objects.get(user=admin))
    assert mail.subject == "Anna <script> vill gå med i Bröd & <b>Bak</b> AB"
    assert "Hej & <i>hå</i>" in mail.text
    assert ">Anna &lt;script&gt;" in mail.html
    assert "Hej &amp; &lt;i&gt;hå&lt;/i&gt;" in mail.html


@pytest.mark.parametrize("language", ["sv", "en"])
def test_an_answer_is_told_in_the_readers_language(language):
    admin = make.MembershipFactory(role="admin")
    asker = make.UserFactory(language=language)
    request = actions.request_membership(admin.organisation, by=asker)
    actions.decide_membership(request, accept=False, reason="Vi känner inte dig", by=admin.user)
    mail = letter_of(OutgoingMail.objects.get(user=asker))
    assert "Vi känner inte dig" in mail.text
    assert ("sagt nej" in mail.text) is (language == "sv")


def test_a_request_that_is_answered_is_not_mailed_any_more():
    admin = make.MembershipFactory(role="admin")
    request = actions.request_membership(admin.organisation, by=make.UserFactory())
    mail = OutgoingMail.objects.get(user=admin.user)
    actions.decide_membership(request, accept=True, by=admin.user)
    with pytest.raises(Withheld):
        letter_of(mail)


CHECKS = ("domain_checked", "number_checked", "kind_checked")


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("approve", [True, False])
def test_a_check_is_told_with_the_way_to_the_organisation(language, approve):
    applicant = make.UserFactory(language=language)
    facts = {"name": "Ekhamra kommun", "kind": "municipality", "by": applicant}
    organisation = actions.create_organisation(**facts)
    answer = {"approve": approve, "checks": CHECKS, "reason": "" if approve else "Numret är fel"}
    staff = make.UserFactory(is_staff=True)
    actions.decide_verification(organisation.verifications.get(), **answer, by=staff)
    mail = letter_of(OutgoingMail.objects.get(user=applicant))
    assert f"/organisation/{organisation.slug}/" in mail.text
    assert ("Numret är fel" in mail.text) is not approve
    assert ("kontrollerat" in mail.text or "granskat" in mail.text) is (language == "sv")


def test_that_a_verification_is_taken_away_is_told_with_the_reason():
    admin = make.MembershipFactory(role="admin", organisation=make.BuyerFactory())
    staff = make.UserFactory(is_staff=True)
    actions.recheck(admin.organisation, still_right=False, reason="Bolaget är sålt", by=staff)
    assert "Bolaget är sålt" in letter_of(OutgoingMail.objects.get(user=admin.user)).text


def test_that_an_organisation_is_closed_is_told_though_it_gives_no_rights_any_more():
    admin = make.MembershipFactory(role="admin")
    staff = make.UserFactory(is_staff=True)
    actions.close_organisation(admin.organisation, reason="Bolaget finns inte", by=staff)
    mail = letter_of(OutgoingMail.objects.get(user=admin.user))
    assert "Bolaget finns inte" in mail.text


@pytest.mark.parametrize("language", ["sv", "en"])
def test_changes_of_membership_are_told_in_the_readers_language(language):
    admin = make.MembershipFactory(role="admin", organisation__name="Bröd & Bak AB")
    user = make.UserFactory(language=language, email="ny@ekhamra.se")
    membership = make.MembershipFactory(user=user, organisation=admin.organisation)
    told = []
    for change in (
        lambda: actions.change_role(membership, role="admin", by=admin.user),
        lambda: actions.change_role(membership, role="member", by=admin.user),
        lambda: actions.remove_member(membership, by=admin.user, reason="Slutat & <b>gått</b>"),
    ):
        OutgoingMail.objects.all().delete()
        change()
        told.append(letter_of(OutgoingMail.objects.get(user=user)))
    for mail in told:
        assert "Bröd & Bak AB" in mail.subject
        assert f'lang="{language}"' in mail.html
        assert ("/en/" in mail.text) is (language == "en")
    assert "Slutat & <b>gått</b>" in told[-1].text
    assert "Slutat &amp; &lt;b&gt;gått&lt;/b&gt;" in told[-1].html


def test_the_inviter_reads_who_said_yes():
    admin = make.MembershipFactory(role="admin")
    facts = {"addresses": ["ny@ekhamra.se"], "role": "member", "by": admin.user}
    actions.invite(admin.organisation, **facts)
    guest = make.UserFactory(email="ny@ekhamra.se", name="Nya Ny")
    actions.accept_invitation(Invitation.objects.get(), by=guest)
    mail = letter_of(OutgoingMail.objects.get(user=admin.user))
    assert mail.subject.startswith("Nya Ny är nu medlem i")
    assert f"/personer/organisation/{admin.organisation.slug}/" in mail.text
