"""Organisations that may be the one somebody is about to register again."""

import re
from difflib import SequenceMatcher

from django.contrib.postgres.search import TrigramWordSimilarity
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.db.models.functions import Upper

from .models import Organisation
from .numbers import clean_organisation_number

MOST, CANDIDATES = 5, 40
SHORTEST = 2
LIKE = 0.8
# Words that many names share: legal forms and kinds.
COMMON = frozenset(
    [
        "ab",
        "aktiebolag",
        "publ",
        "hb",
        "handelsbolag",
        "kb",
        "kommanditbolag",
        "ek",
        "ekonomisk",
        "ideell",
        "förening",
        "stiftelsen",
        "kommun",
        "kommuns",
        "kommunen",
        "stad",
        "stads",
        "staden",
        "region",
        "regionen",
        "landsting",
        "läns",
        "län",
        "kommunförbund",
        "och",
        "i",
        "för",
        "the",
        "of",
        "sverige",
        "sweden",
        "inc",
        "ltd",
        "gmbh",
        "as",
        "oy",
        "group",
        "holding",
    ]
)


def alike(*, name="", number=""):
    """At most five that take part: the one with the number first, then those with such a name."""
    same = having(number)
    return (same + [one for one in named_like(name) if one not in same])[:MOST]


def others_like(organisation):
    """Others that take part and have such a name, the most alike first."""
    return [one for one in named_like(organisation.name) if one != organisation]


def having(number):
    try:
        digits = clean_organisation_number(number)
    except ValidationError:
        return []
    return list(Organisation.objects.active().filter(number=digits)) if digits else []


def named_like(name):
    core = core_of(name[:200])
    if len(core) < SHORTEST:
        return []
    candidates = (
        Organisation.objects.active()
        .annotate(upper=Upper("name"), near=TrigramWordSimilarity(core.upper(), Upper("name")))
        .filter(Q(upper__trigram_word_similar=core.upper()) | Q(name__istartswith=core))
        .defer("search_sv", "search_en")
        .order_by("-near", "name", "pk")[:CANDIDATES]
    )
    return [one for one in candidates if is_like(core, core_of(one.name))]


def core_of(name):
    """The words that tell names apart, in lower case: all of them if there are only common ones."""
    words = re.findall(r"\w+", name.lower())
    return " ".join([word for word in words if word not in COMMON] or words)


def is_like(one, other):
    """Written nearly the same, begun the same, or one made of words of the other."""
    words, others = set(one.split()), set(other.split())
    return (
        words <= others
        or others <= words
        or other.startswith(one)
        or SequenceMatcher(None, one, other).ratio() >= LIKE
    )
