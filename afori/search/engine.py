"""One search over everything public: ids and ranks in one query, then only the rows shown."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchRank
from django.db.models import CharField, F, Model, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils.html import strip_tags
from django.utils.translation import get_language

from afori.accounts.models import Organisation
from afori.common.search import query
from afori.events.models import Event
from challenges.models import Challenge
from funding.models import FundingCall
from knowledge.models import Article, ThemeWeek
from networks.models import Need, Network

MOST_CANDIDATES = 200


@dataclass(frozen=True)
class Source:
    """A kind of thing that can be found: where its excerpt comes from, and who may see it."""

    model: type[Model]
    text: str

    def visible_to(self, user) -> QuerySet:
        objects: Any = self.model._default_manager
        return objects.visible_to(user) if hasattr(objects, "visible_to") else objects.published()


SOURCES = {
    "challenges": Source(Challenge, "summary"),
    "needs": Source(Need, "summary"),
    "networks": Source(Network, "summary"),
    "articles": Source(Article, "body"),
    "funding": Source(FundingCall, "summary"),
    "events": Source(Event, "summary"),
    "organisations": Source(Organisation, "profile"),
    "theme_weeks": Source(ThemeWeek, "intro"),
}


@dataclass(frozen=True)
class Hit:
    kind: str
    pk: int
    rank: float


def find(terms, user):
    """All hits the person may see, best first; at most `MOST_CANDIDATES` of each kind."""
    parts = [candidates(kind, source.visible_to(user), terms) for kind, source in SOURCES.items()]
    rows = parts[0].union(*parts[1:], all=True)
    return sorted((Hit(*row) for row in rows), key=lambda hit: (-hit.rank, hit.kind, hit.pk))


def candidates(kind, queryset, terms):
    rank = Greatest(*(SearchRank(F(f"search_{code}"), query(terms, code)) for code in ("sv", "en")))
    return (
        queryset.matching(terms)
        .order_by()
        .annotate(found_kind=Value(kind, CharField()), rank=rank)
        .order_by("-rank")
        .values_list("found_kind", "pk", "rank")[:MOST_CANDIDATES]
    )


def count(hits):
    """{kind: number of hits}, capped like the candidates."""
    return Counter(hit.kind for hit in hits)


def fetch(hits, terms, user):
    """The objects of the hits, in their order, each with `excerpt` and `found_kind`."""
    found = {}
    for kind in {hit.kind for hit in hits}:
        keys = [hit.pk for hit in hits if hit.kind == kind]
        rows = with_excerpt(SOURCES[kind], terms, user).filter(pk__in=keys)
        found |= {(kind, row.pk): row for row in rows}
    return [(hit.kind, found[hit.kind, hit.pk]) for hit in hits if (hit.kind, hit.pk) in found]


def with_excerpt(source, terms, user):
    """Rows with `excerpt`: a passage with the words found between the marks ⟦ and ⟧."""
    language = get_language()
    headline = SearchHeadline(
        f"{source.text}_{language}",
        query(terms, language),
        config={"sv": "swedish", "en": "english"}[language],
        start_sel="⟦",
        stop_sel="⟧",
        max_words=28,
        min_words=14,
    )
    return source.visible_to(user).annotate(excerpt=headline).defer("search_sv", "search_en")


def excerpt_parts(row, source):
    """The excerpt as (text, is_match) pairs; the plain start of the text where nothing matched."""
    text = strip_tags(row.excerpt or str(getattr(row, source.text)))[:400]
    parts = []
    for index, piece in enumerate(text.split("⟦")):
        if index == 0:
            parts.append((piece, False))
            continue
        match, _mark, rest = piece.partition("⟧")
        parts += [(match, True), (rest, False)]
    return [part for part in parts if part[0]]
