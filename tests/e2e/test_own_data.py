"""Taking one's data along, asking to be deleted, and changing one's mind; without scripts."""

import re
import zipfile

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from afori.accounts.models import User
from tests import factories as make

pytestmark = pytest.mark.browser_context_args(java_script_enabled=False)


@pytest.fixture
def person(arena, language):
    return make.UserFactory(email=f"own-data-{language}@example.org", language=language)


def test_data_is_downloaded_and_the_account_kept_after_all(
    page, context, say, sign_in, mailbox, person
):
    sign_in(context, person.email)
    page.goto(reverse("my_pages"))
    page.get_by_role("link", name=say("My data")).click()
    page.get_by_role("button", name=say("Confirm that it is you")).click()
    page.locator("[name=password]").fill(make.PASSWORD)
    page.locator("main form:has([name=password]) button[type=submit]").first.click()
    with page.expect_download() as found:
        page.get_by_role("button", name=say("Download my data")).click()
    with zipfile.ZipFile(found.value.path()) as zipped:
        assert any(person.email in zipped.read(name).decode() for name in zipped.namelist())
    page.get_by_role("link", name=say("Delete my account")).click()
    page.get_by_role("button", name=say("Delete my account")).click()
    expect(page.locator("main")).to_contain_text(
        say("Tick the box if you want your account to be erased.")
    )
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name=say("Delete my account")).click()
    expect(page.locator("main")).to_contain_text(
        say("Until then everything works as before. After that it cannot be brought back.")
    )
    assert mailbox(person.email)[0].subject == say("Your account will be deleted")
    page.goto(reverse("my_pages"))
    page.get_by_role("button", name=say("Keep my account")).click()
    expect(page).to_have_url(re.compile(reverse("accounts:my_data")))
    assert User.objects.get(pk=person.pk).deletion_requested_at is None
