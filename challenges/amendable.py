"""What an amendment may change, how its values are kept, and what keeps a change from counting."""

import json
from datetime import UTC, date, datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Challenge

BILINGUAL = {
    "title": gettext_lazy("Title"),
    "summary": gettext_lazy("Summary"),
    "background": gettext_lazy("Background"),
    "function": gettext_lazy("Function asked for"),
    "affected": gettext_lazy("Who is affected"),
    "eligibility": gettext_lazy("Who may answer"),
    "rights_text": gettext_lazy("Rights"),
    "adoption_receiver": gettext_lazy("Receives"),
    "adoption_budget": gettext_lazy("Owns the budget"),
    "adoption_plan": gettext_lazy("Planned purchase"),
}
SINGLE = {
    "contact": gettext_lazy("Contact"),
    "budget_min": gettext_lazy("Budget from"),
    "budget_max": gettext_lazy("Budget to"),
    "prize": gettext_lazy("Prize"),
    "opens_at": gettext_lazy("Opens"),
    "questions_until": gettext_lazy("Last day to ask"),
    "answers_by": gettext_lazy("All questions answered"),
    "closes_at": gettext_lazy("Last time to answer"),
    "decision_expected_on": gettext_lazy("Decision expected"),
}
GROUPS = [
    (
        gettext_lazy("Times"),
        ["closes_at", "questions_until", "answers_by", "opens_at", "decision_expected_on"],
    ),
    (gettext_lazy("Title and summary"), ["title", "summary"]),
    (gettext_lazy("What we look for"), ["background", "function"]),
    (gettext_lazy("Who is affected and who may answer"), ["affected", "eligibility"]),
    (gettext_lazy("Terms"), ["budget_min", "budget_max", "prize", "rights_text", "contact"]),
    (
        gettext_lazy("The route to a purchase"),
        ["adoption_receiver", "adoption_budget", "adoption_plan"],
    ),
]


def columns(name):
    return [f"{name}_sv", f"{name}_en"] if name in BILINGUAL else [name]


NAMES = [column for _label, names in GROUPS for name in names for column in columns(name)]
FIELDS = {field.name: field for field in Challenge._meta.concrete_fields if field.name in NAMES}


def label(name, language):
    """The field in words; with its language where that is not the page's."""
    base, _underscore, own = name.rpartition("_")
    if base not in BILINGUAL:
        return str(SINGLE[name])
    if own == language:
        return str(BILINGUAL[base])
    other = {"sv": _("in Swedish"), "en": _("in English")}[own]
    return f"{BILINGUAL[base]} ({other})"


def kept(value):
    """A value as `AmendedField` keeps it: JSON, moments as ISO 8601 in UTC."""
    if isinstance(value, datetime):
        value = value.astimezone(UTC).isoformat()
    elif isinstance(value, date):
        value = value.isoformat()
    return json.dumps(value, ensure_ascii=False)


def restored(name, text):
    """The value again, as the challenge has it."""
    value = json.loads(text)
    return FIELDS[name].to_python(value) if value is not None else None


def is_text(name):
    return isinstance(FIELDS[name], (models.CharField, models.TextField))


def problems(challenge, changes, now):
    """Sentences by field: why these values cannot replace those of the challenge at that moment."""
    found = {}
    after = {name: changes.get(name, getattr(challenge, name)) for name in NAMES}
    for ask in (texts, deadline, opening, asking, answering, decision, budget):
        for name, sentence in ask(challenge, changes, after, now):
            found.setdefault(name, sentence)
    return found


def texts(challenge, changes, after, now):
    for name, value in changes.items():
        is_english = name.endswith("_en")
        if is_text(name) and not is_english and getattr(challenge, name) and not value:
            yield name, _("A published text cannot be emptied. Write what holds now.")


def deadline(challenge, changes, after, now):
    if "closes_at" not in changes:
        return
    if not after["closes_at"] or after["closes_at"] < challenge.closes_at:
        yield (
            "closes_at",
            _("The last time to answer can only be moved later: suppliers plan by it."),
        )


def opening(challenge, changes, after, now):
    if "opens_at" not in changes:
        return
    if challenge.opens_at <= now:
        yield "opens_at", _("The challenge has opened already. That time cannot be changed.")
    elif not after["opens_at"] or after["opens_at"] <= now:
        yield "opens_at", _("Choose a time that lies ahead.")
    elif after["closes_at"] and after["opens_at"] >= after["closes_at"]:
        yield "opens_at", _("It must open before it closes.")


def asking(challenge, changes, after, now):
    asked_until = after["questions_until"]
    if asked_until and after["closes_at"] and asked_until > after["closes_at"]:
        yield "questions_until", _("One cannot ask after the last time to answer.")
    if "questions_until" not in changes:
        return
    before = challenge.questions_until
    if not asked_until or (before and asked_until < before):
        yield "questions_until", _("The last day to ask can only be moved later.")
    elif asked_until <= now:
        yield "questions_until", _("Choose a time that lies ahead.")


def answering(challenge, changes, after, now):
    by, asked_until = after["answers_by"], after["questions_until"]
    changed = changes.keys() & {"answers_by", "questions_until", "closes_at"}
    if not by and "answers_by" in changes:
        yield "answers_by", _("Say when all questions are answered.")
    elif by and changed and asked_until and by < asked_until:
        yield "answers_by", _("Questions cannot all be answered before the last day to ask.")
    elif by and changed and after["closes_at"] and by > after["closes_at"]:
        yield "answers_by", _("Answer all questions before the last time to answer.")
    elif "answers_by" in changes and by <= now:
        yield "answers_by", _("Choose a time that lies ahead.")


def decision(challenge, changes, after, now):
    if not changes.keys() & {"decision_expected_on", "closes_at"} or not after["closes_at"]:
        return
    expected = after["decision_expected_on"]
    if "decision_expected_on" in changes and not expected:
        yield "decision_expected_on", _("Say when you expect to decide.")
    elif expected and expected < timezone.localdate(after["closes_at"]):
        yield "decision_expected_on", _("The decision comes after the last time to answer.")


def budget(challenge, changes, after, now):
    low, high = after["budget_min"], after["budget_max"]
    if low is not None and high is not None and low > high:
        yield "budget_max", _("The highest sum must not be lower than the lowest.")
