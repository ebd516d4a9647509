"""What holds for every page: headers, cookies, deny by default, nothing inline."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from . import factories as make

pytestmark = pytest.mark.django_db

INLINE = re.compile(
    rb"<script(?![^>]*\b(?:src|nonce)=)|<style\b|\sstyle=|\son[a-z]+=\"", re.IGNORECASE
)


def views(resolver=None):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from views(entry)
        elif isinstance(entry, URLPattern):
            yield entry


def dotted(entry):
    view = getattr(entry.callback, "view_class", entry.callback)
    return f"{view.__module__}.{view.__name__}"


PUBLIC = {
    "afori.accounts.views.invitations.invitation",
    "afori.events.views.EventDetail",
    "afori.events.views.EventList",
    "afori.events.views.event_calendar",
    "afori.home.machines.healthz",
    "afori.home.machines.readyz",
    "afori.home.machines.robots",
    "afori.home.machines.security_txt",
    "afori.home.views.front.front",
    "afori.home.views.organisations.OrganisationList",
    "afori.home.views.organisations.organisation_detail",
    "afori.home.views.organisations.organisation_logo",
    "afori.home.views.pages.about",
    "afori.home.views.pages.accessibility",
    "afori.home.views.pages.privacy",
    "afori.notifications.mailbox_views.mailbox_html",
    "afori.notifications.mailbox_views.mailbox_mail",
    "afori.notifications.mailbox_views.mailbox_list",
    "afori.notifications.subscription_views.by_mail",
    "afori.notifications.subscription_views.by_mail_asked",
    "afori.search.views.search",
    "challenges.views.amending.amendments",
    "challenges.views.answering.answer",
    "challenges.views.public.ChallengeDetail",
    "challenges.views.public.ChallengeList",
    "challenges.views.public.ChallengePrint",
    "challenges.views.public.calendar",
    "challenges.views.starting.new",
    "challenges.views.questions.questions",
    "challenges.views.receipts.receipt_check",
    "challenges.views.receipts.seal",
    "django.contrib.sitemaps.views.sitemap",
    "funding.views.FundingDetail",
    "funding.views.FundingList",
    "knowledge.views.articles.ArticleDetail",
    "knowledge.views.articles.ArticleList",
    "knowledge.views.articles.Glossary",
    "knowledge.views.articles.article_attachment",
    "knowledge.views.articles.article_image",
    "knowledge.views.theme_weeks.ThemeWeekDetail",
    "knowledge.views.theme_weeks.ThemeWeekList",
    "knowledge.views.theme_weeks.theme_week_calendar",
    "networks.views.needs.NeedDetail",
    "networks.views.needs.NeedList",
    "networks.views.networks.NetworkDetail",
    "networks.views.networks.NetworkList",
}


def test_public_views_are_those_we_know_of():
    marked = {dotted(entry) for entry in views() if getattr(entry.callback, "public", False)}
    assert marked - {"afori.home.styleguide.styleguide"} == PUBLIC


def test_nothing_else_is_open_to_strangers_but_logging_in_and_saving_after_it_ran_out():
    open_views = {
        dotted(entry) for entry in views() if not getattr(entry.callback, "login_required", True)
    }
    ours = {name for name in open_views - PUBLIC if not name.startswith(("allauth.", "django."))}
    known = KEEP_WHAT_WAS_TYPED | FOR_SAML | BY_SIGNED_LINK | SIGNED
    assert ours - {"afori.home.styleguide.styleguide"} == known


SIGNED = {"afori.notifications.webhook_views.bounce_report"}
BY_SIGNED_LINK = {
    "afori.notifications.subscription_views.confirm_by_link",
    "afori.notifications.subscription_views.own_choices",
    "afori.notifications.unsubscribe_views.unsubscribe_by_link",
}
FOR_SAML = {
    "afori.accounts.account_views.no_single_logout",
    "afori.accounts.account_views.saml_metadata",
}
KEEP_WHAT_WAS_TYPED = {
    "afori.events.meeting_views.meeting_change",
    "afori.events.meeting_views.meeting_new",
    "afori.events.meeting_views.meeting_notes",
    "challenges.views.answering_questions.work_question",
    "challenges.views.answering_questions.work_question_decline",
    "challenges.views.agreeing.consensus_answer",
    "challenges.views.deciding.decision",
    "challenges.views.judging.opened_answer",
    "challenges.views.panel.panel",
    "challenges.views.panel.panel_check",
    "challenges.views.drafts.answer_edit",
    "challenges.views.drafts.partners",
    "challenges.views.submitting.submit",
    "challenges.views.questions.ask",
    "challenges.views.sections.section",
    "challenges.views.amending.amendment",
    "challenges.views.reviewing.review",
    "challenges.views.outcomes.cancel",
    "challenges.views.outcomes.follow_up",
    "challenges.views.outcomes.outcome",
}


@pytest.mark.parametrize("address", ["/", "/natverk/", "/konto/logga-in/", "/finns-inte/"])
def test_every_answer_carries_the_headers(client, address):
    headers = client.get(address).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def policy(response):
    parts = response.headers["Content-Security-Policy"].split(";")
    return {name: set(values) for name, *values in map(str.split, parts)}


@pytest.mark.parametrize("address", ["/", "/utmaningar/", "/konto/logga-in/", "/sok/?q=x"])
def test_policy_allows_nothing_inline_and_nothing_foreign(client, address):
    response = client.get(address)
    rules = policy(response)
    assert rules["default-src"] == {"'none'"}
    assert rules["style-src"] == {"'self'"}
    assert rules["script-src"] <= {"'self'"} | {v for v in rules["script-src"] if "nonce" in v}
    assert rules["frame-ancestors"] == rules["base-uri"] == rules["object-src"] == {"'none'"}
    assert rules["form-action"] == rules["connect-src"] == {"'self'"}
    assert not INLINE.search(response.content)


def test_pages_need_a_log_in_unless_they_are_public(client):
    for name in ("my_pages", "notifications:list", "accounts:settings"):
        response = client.get(reverse(name))
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))


def test_unknown_address_is_a_calm_page(client):
    response = client.get("/finns-inte/")
    assert response.status_code == 404
    assert b"<h1" in response.content
    assert (
        response.headers["Cache-Control"].startswith("max-age=0")
        or "no-store" in (response.headers["Cache-Control"])
    )


@pytest.mark.parametrize(
    "address",
    [
        "/natverk/%00/",
        "/natverk/%ED%A0%80/",
        "/natverk/../../etc/passwd",
        "/natverk/" + "a" * 3_000 + "/",
        "/kunskap/bilder/%27/",
        "/utmaningar/-1/",
    ],
)
def test_odd_addresses_are_refused_or_not_found(client, address):
    assert client.get(address).status_code in (400, 404)


def test_zero_byte_in_a_form_is_refused(client):
    address = reverse("account_login")
    response = client.post(address, {"login": "a\x00@example.org", "password": "x"})
    assert response.status_code == 400


def test_cookies_are_for_this_host_alone(client):
    user = make.UserFactory()
    response = client.post(
        reverse("account_login"), {"login": user.email, "password": make.PASSWORD}
    )
    cookie = response.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]


def test_form_without_token_is_refused_calmly():
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(reverse("account_login"), {"login": "a@example.org", "password": "x"})
    assert response.status_code == 403
    assert b"<h1" in response.content


def test_stranger_with_a_foreign_cookie_gets_no_shared_page(client):
    client.cookies["messages"] = "x"
    assert "no-store" in client.get("/").headers["Cache-Control"]


@pytest.mark.parametrize("header", ["en", "sv;q=0.1,en;q=0.9"])
def test_language_comes_from_the_address_alone(client, header):
    client.cookies["django_language"] = "en"
    response = client.get("/natverk/", headers={"accept-language": header})
    assert response.headers["Content-Language"] == "sv"
    assert b'<html lang="sv"' in response.content
    assert b'<html lang="en"' in client.get("/en/networks/").content


def test_host_that_is_not_ours_is_refused(client):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
