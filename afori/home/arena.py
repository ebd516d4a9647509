"""The reference content: each table in `content/*.toml` becomes a row, its keys the model's fields.

Relations are told by slug. The content arrives in states it had when the source was written, so the
rows are written as they are, not led there by the actions of their apps.
"""

import tomllib
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.html import escape

from afori.accounts.models import Organisation
from afori.events.models import Event
from afori.taxonomy.models import Topic
from challenges.models import Challenge, Outcome
from funding.models import FundingCall
from knowledge.models import Article, ThemeWeek
from networks.models import Financing, Need, Network, Programme

CONTENT = Path(__file__).parent / "content"
REVIEW_AFTER = timedelta(days=365)


@transaction.atomic
def load_arena(*, refresh=False):
    """Make the rows that are missing; with `refresh` also overwrite those that are there.

    Returns the number of rows written per kind. Editors' rows with other slugs stay untouched.
    """
    return {kind: load_kind(kind, refresh=refresh) for kind in KINDS}


def load_kind(kind, *, refresh):
    model: Any
    model, write = KINDS[kind]
    known = set() if refresh else set(model._default_manager.values_list("slug", flat=True))
    missing = [record for record in records(kind) if record["slug"] not in known]
    for record in missing:
        write(record)
    return len(missing)


def records(kind):
    """The records of one kind: the tables of `<kind>.toml`, or one file each in `<kind>/`."""
    if (folder := CONTENT / kind).is_dir():
        return [read(path) for path in sorted(folder.glob("*.toml"))]
    [tables] = read(CONTENT / f"{kind}.toml").values()
    return [term_as_article(term) for term in tables] if kind == "terms" else tables


def read(path):
    return tomllib.loads(path.read_text("utf-8"))


def write_topic(record):
    save(Topic, without(record, "source", "facts_as_of"))


def write_organisation(record):
    save(Organisation, record)


def write_network(record):
    network = save(Network, without(record, "programme", "financing"))
    if texts := record.get("programme"):
        save(Programme, {"network": network, **texts}, key=["network"])
    for row in record.get("financing", []):
        values = {"network": network, "financier": None, **row}
        save(Financing, values, key=["network", "financier"])


def write_need(record):
    save(Need, record)


def write_challenge(record):
    challenge = save(Challenge, without(record, "outcome"))
    provenance = {"source": record["source"], "facts_as_of": record["facts_as_of"]}
    outcome = {"challenge": challenge, **record["outcome"], **provenance}
    save(Outcome, outcome, key=["challenge"])


def write_call(record):
    save(FundingCall, record)


def write_event(record):
    save(Event, record)


def write_article(record):
    """Published the first time; an editor's choice of times and state is kept from then on."""
    now = timezone.now()
    is_news = record["kind"] == Article.Kind.NEWS
    first = {
        "state": Article.State.PUBLISHED,
        "publish_at": start_of_day(record["facts_as_of"]) if is_news else now,
        "review_by": timezone.localdate(now) + REVIEW_AFTER,
    }
    save(Article, record, first=first)


def start_of_day(day):
    return timezone.make_aware(datetime.combine(day, time.min))


def term_as_article(term):
    """A word of the glossary; its address is apart from that of a guide on the same thing."""
    values = without(term, "term_sv", "term_en", "definition_sv", "definition_en", "synonyms_sv")
    texts = {}
    for language in ("sv", "en"):
        definition = term[f"definition_{language}"]
        texts[f"title_{language}"] = term[f"term_{language}"]
        texts[f"lead_{language}"] = definition
        texts[f"body_{language}"] = f"<p>{escape(definition)}</p>"
    return {
        **values,
        **texts,
        "slug": f"begrepp-{term['slug']}",
        "kind": Article.Kind.TERM,
        "synonyms_sv": ", ".join(term["synonyms_sv"]),
    }


def write_theme_week(record):
    save(ThemeWeek, record)


# In the order in which they refer to each other.
KINDS = {
    "topics": (Topic, write_topic),
    "organisations": (Organisation, write_organisation),
    "networks": (Network, write_network),
    "needs": (Need, write_need),
    "challenges": (Challenge, write_challenge),
    "funding": (FundingCall, write_call),
    "events": (Event, write_event),
    "articles": (Article, write_article),
    "terms": (Article, write_article),
    "theme_weeks": (ThemeWeek, write_theme_week),
}


def save(model, record, *, key=("slug",), first=None):
    """Write the row that `key` names, cleaned and validated; `first` is for a new row only."""
    values, related = resolve(model, record)
    found = model.objects.filter(**{name: values[name] for name in key})
    row = found.first() or model(**(first or {}))
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    for name, rows in related.items():
        getattr(row, name).set(rows)
    return row


def resolve(model, record):
    """The values of plain fields and foreign keys, and the lists of many-to-many, as rows."""
    values, related = {}, {}
    for name, value in record.items():
        field = model._meta.get_field(name)
        if field.many_to_many:
            related[name] = [by_slug(field.related_model, slug) for slug in value]
        elif field.is_relation and isinstance(value, str):
            values[name] = by_slug(field.related_model, value)
        else:
            values[name] = value
    return values, related


def by_slug(model, slug):
    try:
        return model.objects.get(slug=slug)
    except model.DoesNotExist:
        raise LookupError(f"No {model._meta.verbose_name} has the slug {slug!r}") from None


def without(record, *names):
    return {name: value for name, value in record.items() if name not in names}
