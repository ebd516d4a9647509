"""What concerns one person, from all apps, as rows of one shape.

All lists of My pages come from the database in one query, however many there are and however long;
each row carries how many its list has in all. The same lists have pages of their own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, DateTimeField, F, TextField, Value, Window
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .own_rows import answers, articles, challenges, networks, people

COLUMNS = ("at", "who", "what", "place", "slug", "key", "state")
RAW = ("own_list", *(f"own_{name}" for name in COLUMNS), "own_total")
ANSWER_WITHIN = timedelta(days=7)
WRITE_WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class Raw:
    """A row as the database gives it: when, who, what, where, two parts of an address, a state."""

    list: str
    at: object
    who: str
    what: str
    place: str
    slug: str
    key: str
    state: str
    total: int


@dataclass(frozen=True)
class OwnList:
    """`find(user)` gives a queryset and its columns, `row(raw, now)` what `components/row.html`
    shows. `waits` says that the rows ask something of the person; `answer` is within what time an
    answer is due after `at`, None where `at` itself is the last time.
    """

    name: str
    heading: Promise
    find: Callable
    row: Callable
    waits: bool = True
    answer: timedelta | None = None
    latest_first: bool = False

    def queryset(self, user):
        """Tuples of `RAW`, the most urgent first."""
        found, columns = self.find(user)
        shaped = {f"own_{name}": as_text(columns.get(name, "")) for name in COLUMNS[1:]}
        at = Cast(columns["at"], DateTimeField())
        ordered = found.annotate(
            own_list=as_text(Value(self.name)),
            own_at=at,
            **shaped,
            own_total=Window(Count("pk")),
        ).order_by(
            F("own_at").desc(nulls_last=True) if self.latest_first else F("own_at").asc(), "pk"
        )
        return ordered.values_list(*RAW)


def as_text(expression):
    if expression == "":
        expression = Value("")
    return Cast(expression, TextField())


WAITING = (
    OwnList("invitations", _("Invitations to you"), people.invitations, people.invitation),
    OwnList(
        "requests",
        _("Requests to join your networks"),
        networks.requests_to_networks,
        networks.request_to_network,
        answer=ANSWER_WITHIN,
    ),
    OwnList(
        "colleagues",
        _("Requests to join your organisation"),
        people.requests_of_colleagues,
        people.request_of_colleague,
        answer=ANSWER_WITHIN,
    ),
    OwnList("checks", _("Buyers to verify"), people.checks, people.check, answer=ANSWER_WITHIN),
    OwnList("rechecks", _("Yearly checks that are due"), people.rechecks, people.recheck),
    OwnList(
        "reviewing",
        _("Challenges to review"),
        challenges.to_review,
        challenges.review_of_challenge,
        answer=ANSWER_WITHIN,
    ),
    OwnList(
        "writing",
        _("Challenges that you write"),
        challenges.writing,
        challenges.written,
        answer=WRITE_WITHIN,
    ),
    OwnList("questions", _("Questions to answer"), challenges.questions, challenges.question),
    OwnList("drafts", _("Answers to finish and submit"), answers.drafts, answers.answer),
    OwnList(
        "openings", _("Challenges that you will open"), challenges.openings, challenges.opening
    ),
    OwnList(
        "declarations",
        _("Panels that wait for your declaration"),
        challenges.declarations,
        challenges.declaration,
    ),
    OwnList("scorings", _("Answers to score"), challenges.scorings, challenges.scoring),
    OwnList("decisions", _("Decisions to send"), challenges.decisions, challenges.decision_to_send),
    OwnList("outcomes", _("Outcomes to tell"), challenges.outcomes, challenges.outcome),
    OwnList("followups", _("Follow-ups to tell"), challenges.follow_ups, challenges.follow_up),
    OwnList("reviews", _("Articles to review"), articles.reviews, articles.review_of_article),
    OwnList("financing", _("Financing that ends"), networks.financings, networks.financing),
    OwnList("contracts", _("Contracts that end"), networks.contracts, networks.contract),
)
OWN = (
    OwnList(
        "answers",
        _("Your answers to challenges"),
        answers.answers,
        answers.answer,
        waits=False,
        latest_first=True,
    ),
    OwnList(
        "challenges",
        _("Challenges that you work on"),
        challenges.challenges,
        challenges.challenge,
        waits=False,
        latest_first=True,
    ),
    OwnList(
        "followed",
        _("Challenges that you follow"),
        challenges.followed,
        challenges.followed_one,
        waits=False,
        latest_first=True,
    ),
    OwnList("networks", _("Your networks"), networks.networks, networks.network, waits=False),
    OwnList(
        "organisations",
        _("My organisations"),
        people.organisations,
        people.organisation,
        waits=False,
    ),
)
LISTS = {one.name: one for one in (*WAITING, *OWN)}


@dataclass(frozen=True)
class Shown:
    """The beginning of a list on My pages."""

    list: OwnList
    rows: Sequence
    total: int
    due: object

    @property
    def rest(self):
        """Where all of it is, "" if this is all."""
        more = self.total > len(self.rows)
        return reverse("my_list", args=[self.list.name]) if more else ""


def shown(user, most):
    """{name: Shown} of the lists that are not empty, in one query."""
    parts = [one.queryset(user)[:most] for one in LISTS.values()]
    found = parts[0].union(*parts[1:], all=True)
    by_list = {}
    for values in found:
        by_list.setdefault(values[0], []).append(Raw(*values))
    now = timezone.localtime()
    return {name: beginning(LISTS[name], raws, now) for name, raws in by_list.items()}


def beginning(own_list, raws, now):
    ordered = sorted(raws, key=lambda raw: raw.at, reverse=own_list.latest_first)
    due = ordered[0].at + (own_list.answer or timedelta())
    shown_rows = [own_list.row(raw, now) for raw in ordered]
    return Shown(own_list, shown_rows, raws[0].total, due)


def most_urgent_first(lists):
    """What waits for the person, the list with the row that is due first on top."""
    return sorted((one for one in lists.values() if one.list.waits), key=lambda one: one.due)
