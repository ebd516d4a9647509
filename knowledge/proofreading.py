"""What an editor should look at before others do: pictures without words, links to nowhere."""

import re
from collections import defaultdict
from html import unescape
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from afori.events.models import Event
from challenges.models import Challenge
from funding.models import FundingCall
from networks.models import Need, Network

from .models import Article, ThemeWeek

PICTURE = re.compile(r"<img\b[^>]*>")
ALT = re.compile(r'\balt="[^"]*[^"\s][^"]*"')
LINK = re.compile(r'<a\b[^>]*\bhref="([^"]*)"')
PAGES = {
    "knowledge:article": lambda: Article.objects.published(),
    "knowledge:theme_week": lambda: ThemeWeek.objects.published(),
    "networks:detail": lambda: Network.objects.all(),
    "networks:need": lambda: Need.objects.public(),
    "challenges:detail": lambda: Challenge.objects.published(),
    "funding:detail": lambda: FundingCall.objects.published(),
    "events:detail": lambda: Event.objects.public(),
}


def remarks(article):
    """Sentences about both language versions of an article; none when all is well."""
    found = []
    for language, name in settings.LANGUAGES:
        body = getattr(article, f"body_{language}")
        if mute := sum(not ALT.search(picture) for picture in PICTURE.findall(body)):
            text = ngettext(
                "%(language)s: %(number)d picture lacks an alternative text.",
                "%(language)s: %(number)d pictures lack an alternative text.",
                mute,
            )
            found.append(text % {"language": name, "number": mute})
        found += [
            _("%(language)s: the link %(address)s leads nowhere on this site.")
            % {"language": name, "address": address}
            for address in dead_links(body)
        ]
    return found


def dead_links(html):
    """Addresses within the site that no page answers to, in the order of the text."""
    addresses = dict.fromkeys(unescape(found) for found in LINK.findall(html))
    routes = {address: route(address) for address in addresses if is_ours(address)}
    wanted = defaultdict(set)
    for match in filter(None, routes.values()):
        if match.view_name in PAGES:
            wanted[match.view_name].add(match.kwargs["slug"])
    there = {
        name: set(PAGES[name]().filter(slug__in=slugs).values_list("slug", flat=True))
        for name, slugs in wanted.items()
    }
    return [address for address, match in routes.items() if is_dead(match, there)]


def is_dead(match, there):
    if match is None:
        return True
    return match.view_name in PAGES and match.kwargs["slug"] not in there[match.view_name]


def is_ours(address):
    parts = urlsplit(address)
    base = urlsplit(settings.AFORI_BASE_URL)
    if parts.scheme in ("http", "https"):
        return parts.netloc == base.netloc
    return not parts.scheme and not parts.netloc and bool(parts.path)


def route(address):
    path = urlsplit(address).path or "/"
    with translation.override(translation.get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            return resolve(path)
        except Resolver404:
            return None
