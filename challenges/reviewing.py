"""A challenge section by section, as its editors look through it."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from afori.common.translation import Text

from . import detail
from .models import SectionName

Name = SectionName


@dataclass
class ReviewedSection:
    """`facts` are pairs of term and text, `texts` long ones; `field` asks for a change."""

    name: str
    label: object
    facts: list = field(default_factory=list)
    texts: list = field(default_factory=list)
    missing: list = field(default_factory=list)
    requests: list = field(default_factory=list)
    field: object = None

    @property
    def is_criteria(self):
        return self.name == Name.CRITERIA

    @property
    def is_times(self):
        return self.name == Name.TIMES

    @property
    def is_empty(self):
        return not (self.facts or self.texts or self.is_criteria or self.is_times)


def reviewed_sections(challenge, *, missing, form=None):
    """All sections with what they say in every language, what they lack and what was asked for."""
    asked = defaultdict(list)
    for request in challenge.change_requests.select_related("by"):
        asked[request.section].append(request)
    return [
        ReviewedSection(
            name=name,
            label=name.label,
            facts=FACTS[name](challenge) if name in FACTS else [],
            texts=said(challenge, LONG[name]) if name in LONG else [],
            missing=missing.get(name, []),
            requests=asked[name],
            field=form and form[field_name(name)],
        )
        for name in Name
    ]


def field_name(name):
    return f"change_{name}"


def said(challenge, name):
    """A text in every language that it has, each knowing its own."""
    found = ((code, getattr(challenge, f"{name}_{code}")) for code in ("sv", "en"))
    return [Text(text, code) for code, text in found if text]


def rows(challenge, *pairs):
    return [(term, text) for term, name in pairs for text in said(challenge, name)]


def basics(challenge):
    topics = detail.LISTING.join(str(topic.name) for topic in challenge.topics.all())
    needs = detail.LISTING.join(str(need.title) for need in challenge.needs.all())
    network = challenge.network.name if challenge.network else ""
    return present(
        *rows(challenge, (_("Title"), "title"), (_("Summary"), "summary")),
        (_("Topics"), topics),
        (_("Network"), network),
        (_("Needs"), needs),
        (_("Languages"), detail.LISTING.join(detail.languages(challenge))),
        (_("Contact"), challenge.contact),
    )


def level(challenge):
    return present(
        (_("Level"), challenge.get_level_display()), (_("Method"), challenge.get_method_display())
    )


def offers(challenge):
    return present((_("You get"), detail.LISTING.join(detail.offers(challenge))))


def budget(challenge):
    return present(*detail.money(challenge, get_language()))


def rights(challenge):
    return present(
        (_("Rights"), challenge.get_rights_display()),
        *rows(challenge, (_("In words"), "rights_text")),
    )


def route(challenge):
    return rows(
        challenge,
        (_("Receives"), "adoption_receiver"),
        (_("Owns the budget"), "adoption_budget"),
        (_("Planned purchase"), "adoption_plan"),
    )


def openers(challenge):
    return [(_("Opens the answers"), one.user.name) for one in challenge.openers.all()]


def panel(challenge):
    return [
        *((_("Judges the answers"), one.user.name) for one in challenge.panel.all()),
        *present(
            (_("First reading"), challenge.anonymous_reading and _("without suppliers' names"))
        ),
    ]


def present(*pairs):
    return [(term, text) for term, text in pairs if text]


FACTS = {
    Name.BASICS: basics,
    Name.LEVEL: level,
    Name.OFFERS: offers,
    Name.BUDGET: budget,
    Name.RIGHTS: rights,
    Name.ROUTE: route,
    Name.OPENERS: openers,
    Name.PANEL: panel,
}
LONG = {
    Name.BACKGROUND: "background",
    Name.FUNCTION: "function",
    Name.AFFECTED: "affected",
    Name.ELIGIBILITY: "eligibility",
}
