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
    """`facts` are pairs of term and text, `texts` of language and text where the text is long;
    `field` asks for a change.
    """

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


def said(thing, name):
    """A text in every language that it has, each after the language in words."""
    words = {"sv": _("in Swedish"), "en": _("in English")}
    found = ((code, getattr(thing, f"{name}_{code}")) for code in words)
    return [(words[code], Text(text, code)) for code, text in found if text]


def rows(thing, *pairs):
    return [
        (f"{term} ({language})", text)
        for term, name in pairs
        for language, text in said(thing, name)
    ]


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


def criteria(challenge):
    """What the table of criteria leaves out: prompts in the other language, and help."""
    found = []
    for number, one in enumerate(challenge.criteria.all(), start=1):
        heading = _("Criterion %(number)d") % {"number": number}
        helping = _("Criterion %(number)d, help") % {"number": number}
        prompts = rows(one, (heading, "prompt"))
        found += [(term, text) for term, text in prompts if text.lang != one.prompt.lang]
        found += rows(one, (helping, "help"))
    return found


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
    Name.CRITERIA: criteria,
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
