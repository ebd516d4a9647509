"""A partner is found on the map; a company registers, sees its likeness, and tells of itself."""

import io

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from afori.accounts.models import Organisation
from tests import factories as make


def test_find_a_partner_on_the_map(page, say):
    page.goto(reverse("home"))
    page.get_by_role("contentinfo").get_by_role("link", name=say("Organisations")).click()
    page.get_by_label(say("Suppliers and others")).check()
    page.get_by_role("button", name=say("Show")).click()
    county = page.locator(".counties svg a", has=page.locator("title", has_text="Skåne län"))
    expect(county).to_have_class("some")
    box = county.locator("use").bounding_box()
    assert box["width"] > 20
    county.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".chips")).to_contain_text("Skåne län")
    expect(page.locator(".chips")).to_contain_text(say("Suppliers and others"))
    expect(page.locator(".counties svg [aria-current]")).to_have_count(1)
    page.locator("main .rows").get_by_role("link", name="Solkant AB").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Solkant AB")
    expect(page.get_by_text(say("Not verified"), exact=True)).to_be_visible()


@pytest.fixture
def newcomer(arena, language):
    return make.UserFactory(email=f"ny-{language}@nyglans.example", language=language)


@pytest.fixture
def logo(tmp_path):
    stream = io.BytesIO()
    Image.new("RGB", (900, 300), "teal").save(stream, "JPEG")
    path = tmp_path / "märke.jpg"
    path.write_bytes(stream.getvalue())
    return path


def test_register_and_tell_of_oneself(page, context, say, language, sign_in, newcomer, logo):
    name = f"Ljusglimt {language.upper()} AB"
    sign_in(context, newcomer.email)
    page.goto(reverse("accounts:organisation_create"))
    page.get_by_label(say("Name of the organisation")).press_sequentially(name)
    expect(
        page.get_by_role("status").get_by_role("link", name="Ljusglimt AB").first
    ).to_be_visible()
    page.get_by_label(say("Kind of organisation")).select_option("company")
    page.get_by_role("button", name=say("Register"), exact=True).click()
    page.get_by_role("button", name=say("None of these, register anyway")).click()

    organisation = Organisation.objects.get(name=name)
    page.goto(organisation.get_absolute_url())
    page.get_by_role("link", name=say("Edit the profile")).click()
    page.get_by_label(say("New logotype")).set_input_files(logo)
    page.get_by_role("button", name=say("Save the logotype")).click()
    page.locator(f"[name=capabilities_{language}]").fill("Belysning i tunnlar")
    page.get_by_label(say("Testbed or lab")).check()
    page.get_by_role("button", name=say("Save the profile")).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_text("Belysning i tunnlar")).to_be_visible()
    drawn = page.get_by_role("img", name=name)
    assert drawn.evaluate("one => [one.naturalWidth, one.naturalHeight]") == [480, 160]
