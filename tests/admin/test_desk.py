"""The admin as a whole: who gets in, what it never shows, what its pages are made of."""

from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from challenges.models.submissions import (
    Answer,
    Attempt,
    Submission,
    SubmissionAuthor,
    SubmissionFile,
    SubmissionVersion,
)
from knowledge.actions import plan_mails
from tests import factories as make
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
CANARY = "kanariefagel7391"
OTHER = "annanfagel000000"
SEALED = [Answer, Attempt, Submission, SubmissionAuthor, SubmissionFile, SubmissionVersion]


def names():
    return [f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry]


def pages(client):
    """Every page of the admin that this client may open, as (address, text)."""
    addresses = ["/admin/"]
    for model in admin.site._registry:
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        addresses += [base, f"{base}?q={CANARY}", f"{base}add/", f"{base}deleted/"]
        addresses += [f"{base}import/", f"{base}export/?format=csv", f"{base}export/?format=xlsx"]
        for obj in model._default_manager.all()[:5]:
            each = f"{base}{obj.pk}/"
            addresses += [f"{each}change/", f"{each}delete/", f"{each}history/"]
    for address in addresses:
        response = client.get(address)
        assert response.status_code in (200, 302, 403, 404), (address, response.status_code)
        if response.status_code == 200:
            yield address, response.content.decode("utf-8", "replace")


class Markup(HTMLParser):
    """Collects what a strict policy forbids."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.found += [(tag, name) for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and not ({"src", "nonce"} & given.keys())):
            self.found.append((tag, "inline"))


def fill():
    article = make.ArticleFactory()
    week = make.ThemeWeekFactory()
    week.articles.add(article)
    call = make.FundingCallFactory()
    call.topics.add(make.TopicFactory())
    make.EventFactory()
    make.NetworkFactory()
    make.NeedFactory()


def test_no_admin_page_has_anything_inline(desk):
    fill()
    make.ChallengeFactory()
    seen = 0
    for address, text in pages(desk):
        if "export/" in address:
            continue
        markup = Markup()
        markup.feed(text)
        assert markup.found == [], address
        seen += 1
    assert seen > 40


def test_the_policy_of_the_editor_has_a_nonce(desk):
    response = desk.get("/admin/knowledge/article/add/")
    policy = response["Content-Security-Policy"]
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    assert nonce
    assert f'nonce="{nonce}"' in response.content.decode()
    assert "unsafe" not in policy
    assert "nonce-" not in desk.get("/admin/")["Content-Security-Policy"]


def test_the_address_decides_the_language(desk):
    assert "Redaktionen" in desk.get("/admin/").content.decode()
    assert "Editors&#x27; desk" in desk.get("/en/admin/").content.decode()


def test_strangers_log_in_on_our_page(client):
    assert client.get("/admin/").status_code == 302
    login = client.get("/admin/", follow=True)
    assert login.request["PATH_INFO"] == reverse("account_login")


def test_staff_without_a_second_factor_is_led_to_it(desk, settings):
    settings.AFORI_REQUIRE_MFA = True
    assert desk.get("/admin/")["Location"] == reverse("accounts:second_factor")


@pytest.mark.parametrize("name", ["knowledge_article", "funding_fundingcall", "networks_network"])
def test_staff_who_are_not_editors_see_nothing(client, name):
    client.force_login(UserFactory(is_staff=True))
    assert client.get(reverse(f"admin:{name}_changelist")).status_code == 403
    assert client.get(reverse(f"admin:{name}_add")).status_code == 403
    assert (
        "app_list" not in client.get("/admin/").context
        or not client.get("/admin/").context["app_list"]
    )


def test_people_who_are_not_staff_stay_out(client):
    client.force_login(UserFactory())
    assert client.get("/admin/", follow=True).request["PATH_INFO"] != "/admin/"


def test_editors_curate_and_no_more(desk):
    shown = {
        f"{app['app_label']}.{model['object_name']}"
        for app in desk.get("/admin/").context["app_list"]
        for model in app["models"]
    }
    assert {
        "knowledge.Article",
        "knowledge.ArticleImage",
        "knowledge.ThemeWeek",
        "knowledge.ThemeWeekMail",
        "funding.FundingCall",
        "networks.Network",
        "networks.Need",
        "challenges.Challenge",
        "events.Event",
        "taxonomy.Topic",
        "accounts.Organisation",
    } <= shown
    assert not [name for name in shown if "User" in name or "OutgoingMail" in name]


# The seal


@pytest.fixture
def sealed(cast):
    """A submission whose every text holds the canary."""
    submission = Submission.objects.create(
        challenge=cast.challenge, organisation=cast.company, partners=CANARY, reference=CANARY
    )
    SubmissionAuthor.objects.create(submission=submission, user=cast.supplier)
    criterion = make.CriterionFactory(challenge=cast.challenge)
    Answer.objects.create(
        submission=submission, criterion=criterion, text=CANARY, saved_by=cast.supplier
    )
    version = SubmissionVersion.objects.create(
        submission=submission,
        number=1,
        submit_key="7a3c7e5e-37d5-4bd7-92c0-27a5d0a4d6a1",
        received_at=timezone.now(),
        received_from=cast.supplier,
        manifest=CANARY,
        sha256=CANARY,
        audit_head=CANARY,
    )
    Submission.objects.filter(pk=submission.pk).update(state="submitted", latest_version=1)
    return submission, version


def test_submissions_have_no_admin():
    assert not [model for model in SEALED if admin.site.is_registered(model)]
    assert not [name for name in names() if "submission" in name or "answer" in name]


@pytest.mark.parametrize("who", ["editor", "superuser"])
def test_no_admin_page_shows_a_submission(client, cast, editor, sealed, who):
    client.force_login(editor if who == "editor" else cast.superuser)
    for address, text in pages(client):
        echo = client.get(address.replace(CANARY, OTHER)).content.decode("utf-8", "replace")
        assert text.count(CANARY) == (echo.count(OTHER) if CANARY in address else 0), address


def test_no_admin_page_tells_whether_there_is_a_submission(client, cast, editor, settings):
    """The same pages with and without one, but for what differs by chance."""
    client.force_login(editor)
    before = {address: len(text) for address, text in pages(client)}
    submission = Submission.objects.create(challenge=cast.challenge, organisation=cast.company)
    SubmissionAuthor.objects.create(submission=submission, user=cast.supplier)
    after = {address: len(text) for address, text in pages(client)}
    assert after.keys() == before.keys()
    assert {a: after[a] - before[a] for a in after if ".xlsx" not in a and "xlsx" not in a} == {
        a: 0 for a in before if "xlsx" not in a
    }


def test_no_jump_to_any_row_of_any_model(client, cast, sealed):
    client.force_login(cast.superuser)
    submission, _version = sealed
    kind = ContentType.objects.get_for_model(Submission)
    for key in (submission.pk, submission.pk + 1):
        assert client.get(f"/admin/r/{kind.pk}/{key}/").status_code == 404


@pytest.mark.parametrize(
    "lookup", ["submission", "submissions", "partners", "organisation__submission"]
)
def test_no_filter_asks_about_submissions(client, cast, sealed, lookup):
    client.force_login(cast.superuser)
    url = reverse("admin:challenges_challenge_changelist")
    assert client.get(f"{url}?{lookup}__isnull=False").status_code in (302, 400, 403)


def test_what_carries_submissions_is_not_deleted(client, cast, sealed):
    client.force_login(cast.superuser)
    for obj in (cast.challenge, cast.company, cast.supplier):
        name = f"admin:{obj._meta.app_label}_{obj._meta.model_name}"
        assert client.get(reverse(f"{name}_delete", args=[obj.pk])).status_code == 403
        chosen = {"action": "delete_selected", "_selected_action": [obj.pk]}
        client.post(reverse(f"{name}_changelist"), chosen, follow=True)
        assert type(obj).objects.filter(pk=obj.pk).exists()


# Speed


def planned_mails():
    today = timezone.localdate()
    plan_mails(make.ThemeWeekFactory(starts_on=today, ends_on=today))


LISTS = {
    "knowledge_article": lambda: make.ArticleFactory(owner=UserFactory()),
    "knowledge_themeweek": make.ThemeWeekFactory,
    "knowledge_themeweekmail": planned_mails,
    "funding_fundingcall": make.FundingCallFactory,
    "events_event": lambda: make.EventFactory(host=make.OrganisationFactory()),
    "taxonomy_topic": make.TopicFactory,
    "networks_network": lambda: make.NetworkFactory(organiser=make.BuyerFactory()),
    "networks_need": lambda: make.NeedFactory(network=make.NetworkFactory()),
    "challenges_challenge": make.ChallengeFactory,
    "accounts_organisation": make.OrganisationFactory,
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_often_for_fifty_rows_as_for_one(desk, name):
    url = reverse(f"admin:{name}_changelist")

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as context:
            assert desk.get(url).status_code == 200
        return len(context)

    LISTS[name]()
    desk.get(url)
    one = queries()
    for _ in range(49):
        LISTS[name]()
    assert (queries(), one <= 12) == (one, True), one
