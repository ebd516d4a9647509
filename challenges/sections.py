"""What each section of a challenge holds, and how it is read and written as values."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef
from django.utils.text import normalize_newlines

from .models import Challenge, Criterion, SectionName

BOTH = ("sv", "en")


def both(*names):
    return tuple(f"{name}_{language}" for name in names for language in BOTH)


FIELDS = {
    SectionName.BASICS: (
        *both("title", "summary"),
        *("topics", "goals", "network", "needs", "languages", "contact"),
    ),
    SectionName.BACKGROUND: both("background"),
    SectionName.FUNCTION: both("function"),
    SectionName.AFFECTED: both("affected"),
    SectionName.LEVEL: ("level", "method"),
    SectionName.OFFERS: ("value_offers",),
    SectionName.BUDGET: ("budget_min", "budget_max", "prize"),
    SectionName.RIGHTS: ("rights", *both("rights_text")),
    SectionName.ELIGIBILITY: both("eligibility"),
    SectionName.CRITERIA: ("criteria",),
    SectionName.ROUTE: both("adoption_receiver", "adoption_budget", "adoption_plan"),
    SectionName.TIMES: (
        *("opens_at", "questions_until", "answers_by", "closes_at"),
        *("decision_expected_on", "wait_days"),
    ),
    SectionName.OPENERS: (),
    SectionName.PANEL: ("anonymous_reading",),
}
CRITERION = (*both("prompt", "help"), "word_limit", "weight", "minimum_score", "required")
MANY = ("topics", "needs")


def stored(challenge, name):
    """The section's values by field: many-valued ones as keys, criteria as dictionaries."""
    return {field: value_of(challenge, field) for field in FIELDS[name]}


def value_of(challenge, field):
    if field == "criteria":
        return list(challenge.criteria.values(*CRITERION))
    if field in MANY:
        return keys_of(challenge, field)
    return getattr(challenge, field)


def with_keys(challenges):
    """Challenges that know the keys of their topics and needs without asking again."""
    through = {field: getattr(Challenge, field).through.objects for field in MANY}
    of_row = {field: rows.filter(challenge=OuterRef("pk")) for field, rows in through.items()}
    return challenges.annotate(
        topics_keys=ArraySubquery(of_row["topics"].values("topic")),
        needs_keys=ArraySubquery(of_row["needs"].values("need")),
    )


def keys_of(challenge, field):
    known = getattr(challenge, f"{field}_keys", None)
    if known is None:
        known = getattr(challenge, field).order_by().values_list("pk", flat=True)
    return list(known)


def same(values, others):
    return {key: comparable(value) for key, value in values.items()} == {
        key: comparable(value) for key, value in others.items()
    }


def comparable(value):
    """A value without what does not matter: the order of choices, line ends."""
    if isinstance(value, str):
        return normalize_newlines(value)
    if isinstance(value, list | models.QuerySet):
        return sorted(map(key_of, value)) if not holds_rows(value) else list(map(plain_row, value))
    return value


def holds_rows(values):
    return bool(values) and isinstance(values[0], dict)


def key_of(value):
    return value.pk if isinstance(value, models.Model) else value


def plain_row(row):
    return {key: comparable(value) for key, value in row.items()}


def write(challenge, values):
    """Store a section's values on a locked challenge."""
    fields = [name for name in values if name not in (*MANY, "criteria")]
    for name in fields:
        value = values[name]
        setattr(challenge, name, normalize_newlines(value) if isinstance(value, str) else value)
    if fields:
        challenge.save(update_fields=[*fields, "updated_at"])
    for name in MANY:
        if name in values:
            getattr(challenge, name).set(values[name])
    if "criteria" in values:
        write_criteria(challenge, values["criteria"])


def write_criteria(challenge, rows):
    """Rows are places: what moves between them is their content."""
    kept = list(challenge.criteria.order_by("position", "pk"))
    for number, row in enumerate(map(plain_row, rows), start=1):
        if number > len(kept):
            Criterion.objects.create(challenge=challenge, position=free(kept, number), **row)
        elif {name: getattr(kept[number - 1], name) for name in CRITERION} != row:
            fill(kept[number - 1], row)
    for surplus in kept[len(rows) :]:
        surplus.delete()


def free(kept, number):
    """The admin may have left gaps between positions: a new one comes last."""
    return max([number, *(criterion.position + 1 for criterion in kept)])


def fill(criterion, row):
    for name, value in row.items():
        setattr(criterion, name, value)
    criterion.save()


def is_begun(challenge, name):
    """Whether anything has been written, by one fetched `with_progress`."""
    if name in NUMBERS and getattr(challenge, NUMBERS[name]):
        return True
    default = Challenge()
    return any(
        getattr(challenge, field) != getattr(default, field)
        for field in FIELDS[name]
        if field not in (*MANY, "criteria")
    )


NUMBERS = {
    SectionName.CRITERIA: "criteria_count",
    SectionName.OPENERS: "opener_count",
    SectionName.PANEL: "panel_count",
}
