from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from afori.accounts.models import Organisation
from afori.events.models import Event
from challenges.models import Challenge
from funding.models import FundingCall
from knowledge.models import Article, ThemeWeek
from networks.models import Need, Network


class PageSitemap(Sitemap):
    i18n = True
    alternates = True
    NAMES = (
        "home",
        "about",
        "accessibility",
        "privacy",
        "networks:list",
        "networks:needs",
        "challenges:list",
        "funding:list",
        "events:list",
        "organisations:list",
        "knowledge:list",
        "knowledge:glossary",
        "knowledge:theme_weeks",
    )

    def items(self):
        return self.NAMES

    def location(self, item):
        return reverse(item)


class PublicSitemap(Sitemap):
    """Everything of one kind that a stranger may read."""

    i18n = True
    alternates = True

    def __init__(self, queryset):
        self.queryset = queryset

    def items(self):
        return self.queryset().only("slug", "updated_at").order_by("pk")

    def lastmod(self, item):
        return item.updated_at


SITEMAPS = {
    "pages": PageSitemap(),
    "networks": PublicSitemap(Network.objects.all),
    "needs": PublicSitemap(Need.objects.public),
    "challenges": PublicSitemap(Challenge.objects.published),
    "funding": PublicSitemap(FundingCall.objects.published),
    "events": PublicSitemap(Event.objects.public),
    "organisations": PublicSitemap(Organisation.objects.active),
    "articles": PublicSitemap(lambda: Article.objects.published().exclude(kind="term")),
    "theme_weeks": PublicSitemap(ThemeWeek.objects.published),
}
