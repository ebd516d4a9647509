"""A supplier answers a challenge, over several visits, until the time is over."""

import re
from types import SimpleNamespace

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from afori.accounts.models import Organisation
from challenges.models import Submission
from tests import factories as make
from tests.cast import employee
from tests.challenges.support import closes

from .people import log_out, sign_up

NUMBERS = {"sv": "556036-0793", "en": "556016-0680"}
TEXTS = {"sv": "Våra lyktor tänds i tid.", "en": "Our lanterns light in time."}


@pytest.fixture
def challenge(arena):
    """Open, with two criteria."""
    challenge = make.ChallengeFactory(title_sv="Ljus i tunneln", title_en="Light in the tunnel")
    for position, limit in enumerate([10, 20], start=1):
        make.CriterionFactory(challenge=challenge, position=position, word_limit=limit)
    return challenge


@pytest.fixture
def names(language):
    return SimpleNamespace(
        person=f"lova@lyktan-{language}.se",
        company=f"Lyktan AB {language}",
        number=NUMBERS[language],
        text=TEXTS[language],
    )


def test_a_suppliers_answer(page, say, mailbox, challenge, names, tmp_path):
    start = reverse("challenges:answer", args=[challenge.slug])
    sign_up(page, say, mailbox, name="Lova Lykta", email=names.person)
    create_the_company(page, say, names)

    page.goto(start)
    page.get_by_role("button", name=say("Start the answer")).click()
    submission = Submission.objects.get(challenge=challenge)
    write_in_the_window(page, say, submission, names)
    add_files(page, say, submission, tmp_path)

    submit(page, say, submission)
    assert challenge.title_sv in mailbox(names.person)[0].body or mailbox(names.person)[0].subject
    check_the_receipt(page, say, submission, tmp_path)
    replace(page, say, submission)
    withdraw(page, say, submission)
    submit(page, say, submission, version=3)

    closes(challenge, minutes=-1)
    assert_read_only(page, say, submission, names)
    page.evaluate("localStorage.setItem('answer:/x/', 'Not saved')")
    log_out(page, say)
    assert page.evaluate("localStorage.length") == 0


def create_the_company(page, say, names):
    """A wrong number is told, and what was written stays."""
    page.goto(reverse("accounts:organisation_start"))
    page.get_by_role("link", name=say("Register an organisation")).click()
    page.get_by_label(say("Name of the organisation")).fill(names.company)
    page.get_by_label(say("Kind of organisation")).select_option("company")
    number = page.locator("[name=number]")
    number.fill("556036-0794")
    page.get_by_role("button", name=say("Register"), exact=True).click()
    wrong = say("This is not a valid organisation number. Check the ten digits.")
    expect(page.locator(".ds-validation-message", has_text=wrong)).to_be_visible()
    expect(page.get_by_label(say("Name of the organisation"))).to_have_value(names.company)
    expect(number).to_have_value("556036-0794")

    number.fill(names.number)
    page.get_by_role("button", name=say("Register"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(names.company)
    assert Organisation.objects.get(name=names.company).number == names.number.replace("-", "")


def part(submission, position):
    return reverse(
        "challenges:answer_edit", args=[submission.challenge.slug, submission.reference, position]
    )


def write_in_the_window(page, say, submission, names):
    """Saved while one writes; too many words are counted, kept and told."""
    page.goto(part(submission, 1))
    field = page.locator("[name=text]")
    field.fill(names.text)
    expect(page.locator("[role=status]").last).to_contain_text(say("Saved %(time)s") % {"time": ""})
    page.reload()
    expect(field).to_have_value(names.text)

    field.fill(" ".join(["ord"] * 12))
    count = say("{used} of {limit} words").format(used=12, limit=10)
    expect(page.locator("[data-words-for]")).to_contain_text(count)
    expect(page.locator("[data-words-for]")).to_contain_text(
        say("Too many by {over}.").format(over=2)
    )
    page.get_by_role("button", name=say("Save and continue")).click()
    expect(page).to_have_url(re.compile(f"{part(submission, 2)}$"))
    page.goto(reverse("challenges:submit", args=[submission.challenge.slug, submission.reference]))
    expect(page.locator(".ds-error-summary a")).to_have_count(2)

    page.locator(".ds-error-summary a").first.click()
    field.fill(names.text)
    page.get_by_role("button", name=say("Save and continue")).click()
    field.fill("Del två.")
    page.get_by_role("button", name=say("Save and close")).click()
    expect(page.get_by_role("heading", name=say("Where it stands"))).to_be_visible()


def add_files(page, say, submission, folder):
    (folder / "program.exe").write_bytes(b"MZ")
    (folder / "skiss.txt").write_text("En skiss", "utf-8")
    page.goto(reverse("challenges:files", args=[submission.challenge.slug, submission.reference]))
    for name, told in (("program.exe", ".ds-validation-message"), ("skiss.txt", ".ds-alert")):
        page.locator("main input[type=file]").set_input_files(folder / name)
        page.get_by_role("button", name=say("Add the file")).click()
        expect(page.locator(told).first).to_be_visible()
    expect(page.locator("main .rows")).to_contain_text("skiss.txt")
    expect(page.locator("main .rows")).not_to_contain_text("program.exe")


def submit(page, say, submission, version=1):
    page.goto(reverse("challenges:submit", args=[submission.challenge.slug, submission.reference]))
    expect(page.get_by_text("skiss.txt")).to_be_visible()
    button = page.get_by_role("button", name=say("Submit the answer"))
    if version == 1:
        button.click()
        expect(page.locator(".ds-error-summary")).to_be_visible()
    page.locator("main input[type=checkbox]").check()
    button.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Your answer is submitted"))
    submission.refresh_from_db()
    assert submission.latest_version == version


def check_the_receipt(page, say, submission, folder):
    """On its page, the file is known; for anybody, number and file tell that it is genuine."""
    receipt = submission.versions.get()
    page.goto(receipt.get_absolute_url())
    page.locator("#file-to-check").set_input_files(folder / "skiss.txt")
    status = page.locator("[data-file-check] [role=status]")
    expect(status).to_contain_text(say("It is this file of the receipt:"))

    page.goto(reverse("challenges:receipt_check"))
    page.locator("[name=number]").fill(receipt.printed_number)
    page.locator("#file-to-check").set_input_files(folder / "skiss.txt")
    expect(page.locator("[name=checksum]")).not_to_have_value("")
    page.get_by_role("button", name=say("Check"), exact=True).click()
    expect(page.get_by_text(say("The receipt is genuine"))).to_be_visible()
    expect(page.get_by_text(say("The checksum is that of a file in the answer."))).to_be_visible()


def replace(page, say, submission):
    page.goto(part(submission, 2))
    page.locator("[name=text]").fill("Del två, bättre.")
    page.get_by_role("button", name=say("Save and close")).click()
    changed = say("You have changed the draft since. The changes count only if you submit again.")
    expect(page.get_by_text(changed)).to_be_visible()
    submit(page, say, submission, version=2)


def withdraw(page, say, submission):
    page.goto(
        reverse("challenges:withdraw", args=[submission.challenge.slug, submission.reference])
    )
    page.get_by_role("button", name=say("Withdraw the answer")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Your answer is withdrawn"))


def assert_read_only(page, say, submission, names):
    page.goto(part(submission, 1))
    expect(page.get_by_text(say("The answer can only be read now"))).to_be_visible()
    expect(page.get_by_text(names.text)).to_be_visible()
    expect(page.locator("main textarea")).to_have_count(0)
    for view in ("challenges:submit", "challenges:files", "challenges:withdraw"):
        page.goto(reverse(view, args=[submission.challenge.slug, submission.reference]))
        expect(page.locator("main form")).to_have_count(0)


def test_a_text_that_arrives_too_late_comes_back(page, watch, say, challenge, names, sign_in):
    """Time runs out while one writes: nothing is stored, nothing typed is lost."""
    supplier = employee(make.OrganisationFactory())
    sign_in(page.context, supplier.email)
    page.goto(reverse("challenges:answer", args=[challenge.slug]))
    page.get_by_role("button", name=say("Start the answer")).click()
    submission = Submission.objects.get(challenge=challenge)
    page.goto(part(submission, 1))
    closes(challenge, minutes=-1)
    watch.expect(409)
    page.locator("[name=text]").fill(names.text)
    page.get_by_role("button", name=say("Save and continue")).click()
    expect(page.get_by_label(say("What you had typed"))).to_have_value(names.text)


def test_nobody_else_sees_that_there_is_an_answer(page, new_watched, say, challenge, sign_in):
    """The same pages before and after, for a rival, for the owner and for strangers."""
    supplier = employee(make.OrganisationFactory())
    others = [new_watched() for _who in range(3)]
    people = [employee(make.OrganisationFactory()), employee(challenge.owner)]
    for other, person in zip(others, people, strict=False):
        sign_in(other.context, person.email)
    before = [seen(other, challenge) for other in others]

    sign_in(page.context, supplier.email)
    page.goto(reverse("challenges:answer", args=[challenge.slug]))
    page.get_by_role("button", name=say("Start the answer")).click()
    submission = Submission.objects.get(challenge=challenge)
    own = page.url
    assert submission.reference in own

    assert [seen(other, challenge) for other in others] == before
    for other in others[:2]:
        assert other.request.get(own).status == 404
    assert reverse("account_login") in others[2].request.get(own).url


def seen(page, challenge):
    """What the pages around a challenge say, word by word."""
    texts = []
    for address in (
        reverse("challenges:detail", args=[challenge.slug]),
        reverse("challenges:answer", args=[challenge.slug]),
        reverse("challenges:list"),
        reverse("search") + "?q=tunneln",
    ):
        page.goto(address)
        texts.append(page.locator("main").inner_text())
    return texts
