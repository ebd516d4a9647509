"""What the page of a challenge shows: chain, times, facts and contents, ready for templates."""

from django.db.models import Case, Count, Prefetch, Q, When, Window
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from afori.common import formatting
from afori.common.linking import linked

from .asking import ask_by, takes_questions
from .models import Challenge, Question
from .rows import expected, result

LISTING = ", "
LATEST = 3
MOST_MEETINGS = 10


def chain(challenge, language):
    """Network, need and outcome around the challenge; what is missing is dotted."""
    need = next(iter(challenge.own_needs), None)
    outcome = getattr(challenge, "outcome", None) if challenge.is_over else None
    ending = result(challenge) if challenge.is_over else expected(challenge, language)
    return [
        link(_("Network"), challenge.network),
        link(_("Need"), need),
        {"label": _("Challenge"), "text": challenge.title, "state": "here"},
        {
            "label": _("Outcome"),
            "text": capitalised(str(ending)),
            "url": "#outcome" if outcome else "",
            "state": "done" if challenge.is_over else "todo",
        },
    ]


def capitalised(text):
    return text[:1].upper() + text[1:]


def link(label, thing):
    if thing is None:
        return {"label": label, "text": _("none named"), "state": "todo"}
    text = getattr(thing, "name", "") or thing.title
    return {"label": label, "text": text, "url": thing.get_absolute_url(), "state": "done"}


def facts(challenge, language):
    """Pairs of term and text; those that the source does not tell stay out, but for the owner."""
    pairs = [
        (_("Owner"), linked(challenge.owner)),
        (_("Method"), challenge.get_method_display()),
        *money(challenge, language),
        (_("You get"), capitalised(LISTING.join(offers(challenge)))),
        (_("Rights"), challenge.rights_text or challenge.get_rights_display()),
        (_("Languages"), capitalised(LISTING.join(languages(challenge)))),
        (_("Contact"), challenge.contact),
    ]
    return [(term, text) for term, text in pairs if text]


def money(challenge, language):
    return [
        (_("Budget"), formatting.sek(challenge.budget_min, language, challenge.budget_max)),
        (_("Prize"), formatting.sek(challenge.prize, language)),
    ]


def offers(challenge):
    names = dict(Challenge._meta.get_field("value_offers").base_field.choices)
    return [str(names[value]).lower() for value in challenge.value_offers]


def languages(challenge):
    names = dict(Challenge._meta.get_field("languages").base_field.choices)
    found = [str(names[code]) for code in challenge.languages]
    return found if get_language() == "en" else [name.lower() for name in found]


def route(challenge):
    pairs = [
        (_("Receives"), challenge.adoption_receiver),
        (_("Owns the budget"), challenge.adoption_budget),
        (_("Planned purchase"), challenge.adoption_plan),
    ]
    return [(term, text) for term, text in pairs if text]


def times(challenge, now, language):
    """The dates in order; the first one ahead is next."""
    is_over = past(challenge.closes_at, now)
    closing = pgettext("time", "Closed") if is_over else _("Closes")
    moments = [
        (_("Opened") if past(challenge.opens_at, now) else _("Opens"), challenge.opens_at, False),
        (_("Last day to ask"), challenge.questions_until, False),
        (_("All questions answered"), challenge.answers_by, False),
        (closing, challenge.closes_at, True),
    ]
    rows = [
        {
            "label": label,
            "text": moment(at, language, seconds),
            "state": "done" if at < now else "todo",
        }
        for label, at, seconds in moments
        if at
    ]
    if challenge.decision_expected_on and not challenge.is_over:
        text = formatting.month(challenge.decision_expected_on, language)
        rows.append({"label": _("Decision expected"), "text": text, "state": "todo"})
    return marked(rows, challenge)


def marked(rows, challenge):
    if challenge.is_over:
        return [{**row, "state": "done"} for row in rows]
    ahead = next((row for row in rows if row["state"] == "todo"), None)
    return [{**row, "state": "next"} if row is ahead else row for row in rows]


def past(at, now):
    return at is not None and at <= now


def moment(at, language, seconds):
    here = timezone.localtime(at)
    return formatting.when(here, language, style="long", seconds=seconds)


def contents(challenge, amendments):
    """The sections that the page has, as pairs of id and heading."""
    outcome = challenge.is_over and getattr(challenge, "outcome", None)
    sections = [
        ("outcome", _("What came of it"), outcome),
        ("promises", _("How your answer is kept"), not challenge.is_over),
        ("looking-for", _("What we look for"), challenge.background or challenge.function),
        ("affected", _("Who is affected"), challenge.affected),
        ("eligibility", _("Who may answer"), challenge.eligibility),
        ("route", _("The route to a purchase"), challenge.adoption_receiver),
        ("criteria", _("How answers are judged"), challenge.criteria.all()),
        ("questions", _("Questions and answers"), challenge.published_at),
        ("amendments", _("Changes"), amendments),
    ]
    return [(name, heading) for name, heading, there in sections if there]


def questions(challenge, at, number=LATEST):
    """The latest answers that hold, how many there are, and until when one may ask; None where
    there never was a time to ask. With more than the latest also those that were corrected.
    """
    if not (challenge.is_public and challenge.published_at):
        return None
    published = challenge.questions.published().select_related("run", "corrects")
    if number == LATEST:
        shown = published.exclude(corrections__state=Question.State.PUBLISHED)
    else:
        corrections = Question.objects.published().select_related("run")
        shown = published.prefetch_related(
            Prefetch("corrections", corrections, to_attr="corrected_by")
        )
    latest = list(shown.annotate(number=Window(Count("pk")))[:number])
    return {
        "latest": latest,
        "number": latest[0].number if latest else 0,
        "may_ask": takes_questions(challenge, at),
        "ask_by": ask_by(challenge),
    }


def meetings(challenge):
    """Its public dialogue meetings, the latest first, each with whether it has notes."""
    if not (challenge.has_meetings and challenge.is_public and challenge.published_at):
        return []
    without = Q(notes_sv="", notes_en="")
    found = challenge.events.dialogue_meetings().public()
    has_notes = Case(When(without, then=False), default=True)
    known = ("slug", "title_sv", "title_en", "starts_at", "ends_at", "place", "challenge")
    return found.annotate(has_notes=has_notes).only(*known).order_by("-starts_at")[:MOST_MEETINGS]
