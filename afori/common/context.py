"""What every page knows. For a stranger nothing here looks into session or database."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.conf import settings
from django.urls import NoReverseMatch, get_urlconf, reverse, translate_url
from django.utils.translation import get_language, get_language_info, gettext, override
from django.utils.translation import gettext_lazy as _

MENU = [
    (_("Challenges"), "challenges:list"),
    (_("Needs"), "networks:needs"),
    (_("Networks"), "networks:list"),
    (_("Knowledge"), "knowledge:list"),
    (_("Funding"), "funding:list"),
    (_("Theme weeks"), "knowledge:theme_weeks"),
    (_("Search"), "search"),
]
ABOUT = [
    (_("About the arena"), "about"),
    (_("How the seal works"), "challenges:seal"),
    (_("Accessibility"), "accessibility"),
    (_("Personal data"), "privacy"),
]
FIND = [
    (_("Choose a level of the staircase"), "knowledge:pathway"),
    (_("Glossary"), "knowledge:glossary"),
    (_("Events"), "events:list"),
    (_("Discussions"), "discussions:list"),
    (_("Organisations"), "organisations:list"),
]
FOLLOW = [
    (_("News by e-mail"), "notifications:by_mail"),
    (_("Feeds and calendars"), "feeds"),
    (_("Open data"), "open_data"),
    (_("Check a receipt"), "challenges:receipt_check"),
]


def site(request):
    """Context processor: `site`, `viewer`, `demo`, `here` and `notices`."""
    return {
        "site": SITE,
        "viewer": getattr(request, "user", None),
        "demo": settings.AFORI_DEMO,
        "here": Here(request),
        "notices": notices(request),
    }


class Site:
    """Name, operator, contact and logotype: settings, so that another country can run it."""

    name = property(lambda self: settings.AFORI_SITE_NAME)
    operator = property(lambda self: settings.AFORI_OPERATOR)
    contact = property(lambda self: settings.AFORI_CONTACT_EMAIL)
    logo = property(lambda self: settings.AFORI_LOGO)


SITE = Site()


def notices(request):
    """Messages to show. Nothing is read unless a cookie carries them or this request wrote one."""
    storage = getattr(request, "_messages", None)
    if storage is None:
        return ()
    waiting = getattr(storage, "cookie_name", None) in request.COOKIES
    return storage if storage.added_new or waiting else ()


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class Alternate:
    """This page in another language; `exact` is false where only the home page can be offered."""

    code: str
    name: str
    path: str
    exact: bool

    @property
    def url(self):
        return settings.AFORI_BASE_URL + self.path


class Here:
    """This page among the others, worked out when a template asks."""

    def __init__(self, request):
        self.request = request

    @cached_property
    def home(self):
        return route("home", get_language(), get_urlconf()) or "/"

    @cached_property
    def canonical(self):
        number = self.request.GET.get("page", "")
        page = f"?page={number}" if number.isdecimal() and number != "1" else ""
        return f"{settings.AFORI_BASE_URL}{self.request.path}{page}"

    @cached_property
    def alternates(self):
        """The page in every language of the site, its own included."""
        return [self.alternate(code) for code, _name in settings.LANGUAGES]

    @cached_property
    def other_languages(self):
        return [one for one in self.alternates if one.code != get_language()]

    @cached_property
    def translated(self):
        """Addresses for hreflang; empty where the page has no counterpart."""
        return self.alternates if all(one.exact for one in self.alternates) else []

    def alternate(self, code):
        path = self.request.get_full_path()
        name = get_language_info(code)["name_local"].capitalize()
        if code == get_language():
            return Alternate(code, name, path, exact=True)
        other = translate_url(path, code)
        if other != path:
            return Alternate(code, name, other, exact=True)
        return Alternate(code, name, home_in(code), exact=False)

    @cached_property
    def menu(self):
        return self.links(MENU)

    @cached_property
    def footer(self):
        groups = [
            (gettext("About %(name)s") % {"name": SITE.name}, self.links(ABOUT)),
            (gettext("Find your way"), self.links(FIND)),
            (gettext("Follow and download"), self.links(FOLLOW)),
        ]
        return [group for group in groups if group[1]]

    def links(self, entries):
        """Links to the pages that exist, the present section marked."""
        language, urlconf = get_language(), get_urlconf()
        found = ((label, route(name, language, urlconf)) for label, name in entries)
        return [Link(label, url, self.request.path.startswith(url)) for label, url in found if url]


@lru_cache(maxsize=512)
def route(name, language, urlconf):
    """Address of a named page in a language, None if there is no such page."""
    try:
        return reverse(name, urlconf=urlconf)
    except NoReverseMatch:
        return None


def home_in(language):
    with override(language):
        return route("home", language, get_urlconf()) or f"/{language}/"
