import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from afori.accounts.models import OrganisationDomain
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    """Staff with the rights to curate people and organisations."""
    user = make.UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    return user


def test_the_form_does_not_verify(client, editor):
    organisation = make.BuyerFactory(verified_at=None)
    client.force_login(editor)
    page = reverse("admin:accounts_organisation_change", args=[organisation.pk])
    facts = {
        "name": "Ekhamra kommun",
        "slug": "ekhamra-kommun",
        "kind": "municipality",
        "number": "202100-5026",
        "verified_at_0": "2026-01-01",
        "verified_at_1": "12:00",
        "domains-TOTAL_FORMS": 1,
        "domains-INITIAL_FORMS": 0,
        "domains-0-organisation": organisation.pk,
        "domains-0-domain": "EKHAMRA.se",
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
    }
    response = client.post(page, facts)
    assert response.status_code == 302
    organisation.refresh_from_db()
    assert (organisation.number, organisation.verified_at) == ("2021005026", None)
    assert OrganisationDomain.objects.get().domain == "ekhamra.se"


@pytest.mark.parametrize("text", ["ekhamra", "2021005026", "ekhamra.se", "%", "'"])
def test_lists_can_be_searched_and_filtered(client, editor, text):
    make.OrganisationFactory()
    client.force_login(editor)
    for model in ("organisation", "user"):
        page = reverse(f"admin:accounts_{model}_changelist")
        assert client.get(page, {"q": text}).status_code == 200
    page = reverse("admin:accounts_organisation_changelist")
    assert client.get(page, {"side": "buyer", "kind": "company"}).status_code == 200


def test_staff_cannot_make_themselves_or_others_more(client, editor):
    plain = make.UserFactory()
    client.force_login(editor)
    page = reverse("admin:accounts_user_change", args=[plain.pk])
    fields = client.get(page).context["adminform"].form.fields
    assert set(fields) == {"name", "profession", "language"}
    superuser = make.UserFactory(is_staff=True, is_superuser=True)
    for target in (superuser, editor):
        page = reverse("admin:accounts_user_change", args=[target.pk])
        assert client.post(page, {"name": "Kapad"}).status_code == 403
