"""The sections of a challenge as words in addresses, in the page's language."""

from django.urls.converters import SlugConverter
from django.utils.translation import pgettext

from .models import SectionName


def words():
    """The address of each section, by its name."""
    return {
        SectionName.BASICS: pgettext("address", "basics"),
        SectionName.BACKGROUND: pgettext("address", "background"),
        SectionName.FUNCTION: pgettext("address", "function"),
        SectionName.AFFECTED: pgettext("address", "affected"),
        SectionName.LEVEL: pgettext("address", "level"),
        SectionName.OFFERS: pgettext("address", "offers"),
        SectionName.BUDGET: pgettext("address", "budget"),
        SectionName.RIGHTS: pgettext("address", "rights"),
        SectionName.ELIGIBILITY: pgettext("address", "who-may-answer"),
        SectionName.CRITERIA: pgettext("address", "criteria"),
        SectionName.ROUTE: pgettext("address", "route"),
        SectionName.TIMES: pgettext("address", "times"),
        SectionName.OPENERS: pgettext("address", "openers"),
        SectionName.PANEL: pgettext("address", "panel"),
    }


class SectionConverter(SlugConverter):
    def to_python(self, value):
        for name, word in words().items():
            if word == value:
                return name
        raise ValueError(value)

    def to_url(self, value):
        return words()[SectionName(value)]
