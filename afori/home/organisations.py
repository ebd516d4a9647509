"""What the directory and the profiles show of organisations, formatted once per page."""

from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from afori.accounts.choices import County
from afori.common import formatting
from afori.common.translation import Text
from afori.taxonomy.models import ValueOffer

SUMMARY_CHARACTERS = 180


@dataclass(frozen=True)
class Place:
    """A county on the map and in the list beside it; `shape` is its id in the drawing."""

    name: str
    shape: str
    url: str
    number: int
    current: bool


def places(params, numbers, chosen):
    """The counties by name, each with the address of the list narrowed to it."""
    return [
        Place(
            name=county.label,
            shape=shape_of(county),
            url=narrowed(params, county),
            number=numbers.get(county.value, 0),
            current=county.value == chosen,
        )
        for county in sorted(County, key=lambda one: one.label)
    ]


def shape_of(county):
    """Its id in static/vendor/svg-maps-sweden/sweden.svg."""
    return county.name.lower().replace("_", " ")


def narrowed(params, county=None):
    """The query string with another county, or with none; it goes back to the first page."""
    params = params.copy()
    params.pop("page", None)
    params.pop("county", None)
    if county:
        params["county"] = county
    return f"?{params.urlencode()}" if params else "."


def organisation_rows(organisations):
    """Row contexts for organisations fetched with `network_count`."""
    language = get_language()
    return [organisation_row(organisation, language) for organisation in organisations]


def organisation_row(organisation, language):
    leading = lead(organisation, language)
    return {
        "url": organisation.get_absolute_url(),
        "title": organisation.name,
        "summary": summary(organisation.capabilities or organisation.profile),
        "meta": [text for text in meta(organisation) if text and text != leading["figure"]],
        "example": organisation.is_example,
        **leading,
    }


def summary(text):
    return Text(Truncator(text).chars(SUMMARY_CHARACTERS), text.lang)


def meta(organisation):
    yield organisation.get_kind_display()
    yield organisation.get_county_display()
    if organisation.is_buyer:
        yield ", ".join(offers(organisation))
    if organisation.is_verified:
        yield _("Verified")


def lead(organisation, language):
    """The fact that leads the row: of buyers their networks or people, of others their offer."""
    if organisation.is_supplier and organisation.offers:
        return {"figure": ", ".join(offers(organisation)), "word": True}
    if organisation.network_count:
        number = organisation.network_count
        return {"figure": str(number), "label": ngettext("network", "networks", number)}
    if organisation.population:
        figure = formatting.number(organisation.population, language)
        return {"figure": figure, "label": _("inhabitants")}
    return {"figure": organisation.get_kind_display(), "word": True}


def offers(organisation):
    return [str(ValueOffer(value).label) for value in organisation.offers]


def facts(organisation, language):
    """Pairs of term and text for the profile; what nobody has told stays out."""
    people = formatting.number(organisation.population, language) if organisation.population else ""
    pairs = [
        (_("Kind"), organisation.get_kind_display()),
        (_("Organisation number"), written(organisation.number)),
        (_("County"), organisation.get_county_display()),
        (_("Inhabitants"), people),
        (_("Size"), organisation.get_size_class_display()),
        (_("Offers"), ", ".join(offers(organisation))),
    ]
    return [(term, text) for term, text in pairs if text]


def written(number):
    return f"{number[:6]}-{number[6:]}" if number else ""
