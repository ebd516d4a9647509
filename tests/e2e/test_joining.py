"""A procurer signs up and asks to join a network; its coordinator answers. Without scripts."""

import re
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from networks.models import Network, NetworkMembership
from tests import factories as make
from tests.cast import employee

from .people import sign_up

pytestmark = pytest.mark.browser_context_args(java_script_enabled=False)
REASON = "Berätta först vilket behov ni har."


@pytest.fixture
def network(arena, language):
    """A network with a coordinator, and a municipality whose people join by their address."""
    home = make.BuyerFactory(name=f"Björkdala kommun {language}", slug=f"bjorkdala-{language}")
    home.domains.create(domain=f"bjorkdala-{language}.se", verified_at=timezone.now())
    network = make.NetworkFactory(
        slug=f"trygga-trappor-{language}",
        name_sv="Trygga trappor",
        name_en="Safe stairs",
        admission=Network.Admission.APPROVAL,
    )
    other = make.BuyerFactory(name=f"Tallskogs kommun {language}", slug=f"tallskog-{language}")
    email = f"samordnare-{language}@example.org"
    coordinator = employee(other, name="Sara Samordnare", email=email, language=language)
    make.NetworkMembershipFactory(
        network=network,
        user=coordinator,
        organisation=other,
        role=NetworkMembership.Role.COORDINATOR,
    )
    return SimpleNamespace(
        slug=network.slug,
        name=str(network.name),
        home=home.name,
        coordinator=email,
        procurer=f"bodil@bjorkdala-{language}.se",
    )


@pytest.fixture
def office(new_watched, sign_in, network):
    """The coordinator's browser."""
    page = new_watched()
    sign_in(page.context, network.coordinator)
    return page


def test_from_sign_up_to_the_networks_room(page, office, say, network, mailbox):
    sign_up(page, say, mailbox, name="Bodil Berg", email=network.procurer)
    name_the_organisation(page, say, network)
    ask_to_join(page, say, network, "Vi vill vara med.")
    decline(office, say, network, mailbox)

    expect_answer(page, say, network, "declined")
    assert REASON in mailbox(network.procurer)[0].body
    ask_to_join(page, say, network, "Våra trappor är hala.")
    accept(office, say)

    link = expect_answer(page, say, network, "accepted")
    assert mailbox(network.procurer)[0].subject
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        say("The room of %(name)s") % {"name": network.name}
    )
    for part in ("Documents", "Needs", "Members"):
        expect(page.get_by_role("heading", name=say(part), exact=True)).to_be_visible()


def name_the_organisation(page, say, network):
    expect(page).to_have_url(re.compile(reverse("accounts:organisation_start")))
    page.get_by_role("searchbox").fill(network.home)
    page.get_by_role("main").get_by_role("button", name=say("Search")).click()
    page.get_by_role("main").get_by_role("link", name=re.compile(network.home)).first.click()
    page.locator("main form").get_by_role("button").click()
    expect(page).to_have_url(re.compile(reverse("my_pages")))


def ask_to_join(page, say, network, message):
    page.goto(reverse("networks:list") + f"?q={network.name}")
    page.locator(f"main .rows a[href*='{network.slug}']").click()
    page.get_by_role("link", name=say("Join the network")).first.click()
    page.get_by_label(say("Message to the coordinator")).fill(message)
    page.get_by_role("button", name=say("Send the request")).click()
    expect(
        page.get_by_text(say("Your request waits for the coordinator's answer.")).first
    ).to_be_visible()


def open_request(office, say):
    office.goto(reverse("my_pages"))
    office.locator("section[aria-labelledby=waiting] .row a").first.click()


def decline(office, say, network, mailbox):
    assert len(mailbox(network.coordinator)) == 1
    open_request(office, say)
    office.get_by_text(say("Decline"), exact=True).click()
    office.get_by_label(say("Why do you decline?")).fill(REASON)
    office.get_by_role("button", name=say("Decline the request")).click()
    expect(office.get_by_text(REASON).or_(office.locator(".ds-alert")).first).to_be_visible()


def accept(office, say):
    open_request(office, say)
    expect(office.get_by_text("Våra trappor är hala.")).to_be_visible()
    office.get_by_role("button", name=say("Accept %(name)s") % {"name": "Bodil Berg"}).click()
    expect(office.locator(".ds-alert").first).to_be_visible()


def expect_answer(page, say, network, answer):
    """The answer is the first of the procurer's notifications."""
    page.goto(reverse("my_pages"))
    page.get_by_role("link", name=say("All notifications")).click()
    link = page.locator("main .row a").first
    if answer == "accepted":
        words = say("You are now a member of %(network)s.") % {"network": network.name}
        expect(link).to_have_text(words)
    else:
        expect(link).to_contain_text(network.name)
    return link
