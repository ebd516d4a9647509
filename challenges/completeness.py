"""What a challenge still lacks, section by section, in plain words. Nothing else decides it: the
task list shows it, sending to review and publishing refuse by it.
"""

from django.db.models import Count, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from .models import Challenge, Criterion, Opener, Panelist, SectionName

OPENERS = (2, 4)
WHOLE = 100
ROUTE = ("adoption_receiver_sv", "adoption_budget_sv", "adoption_plan_sv")
OPTIONAL = frozenset({SectionName.OFFERS, SectionName.ELIGIBILITY})


def with_progress(challenges):
    """Challenges with the numbers that `missing` asks for beside their own fields."""
    criteria = counted(Criterion.objects.all())
    unnamed = counted(Criterion.objects.filter(prompt_sv=""))
    weights = grouped(Criterion.objects.all()).annotate(sum=Sum("weight")).values("sum")
    return challenges.annotate(
        criteria_count=criteria,
        criteria_unnamed=unnamed,
        criteria_weight=Coalesce(Subquery(weights), 0),
        opener_count=counted(Opener.objects.filter(user__is_active=True)),
        panel_count=counted(Panelist.objects.filter(user__is_active=True)),
    )


def counted(rows):
    return Coalesce(Subquery(grouped(rows).annotate(number=Count("pk")).values("number")), 0)


def grouped(rows):
    return rows.filter(challenge=OuterRef("pk")).order_by().values("challenge")


def fresh(challenge):
    """The challenge as it is stored, ready to be asked."""
    return with_progress(Challenge.objects.select_related("owner")).get(pk=challenge.pk)


def missing(challenge, now):
    """Sentences by section, for one fetched `with_progress`. Sections that lack nothing are not
    in it.
    """
    found = {name: list(ask(challenge, now)) for name, ask in ASKED.items()}
    return {name: sentences for name, sentences in found.items() if sentences}


def missing_in_all(challenge, now):
    """The same in one list, in the order of the sections."""
    return [sentence for sentences in missing(challenge, now).values() for sentence in sentences]


def basics(challenge, now):
    if not challenge.title_sv:
        yield _("Write a title in Swedish.")
    if not challenge.summary_sv:
        yield _("Write a summary in Swedish.")
    if not challenge.languages:
        yield _("Choose the languages in which one may answer.")
    if not challenge.contact:
        yield _("Say whom one may turn to.")


def text(name, sentence):
    def ask(challenge, now):
        if not getattr(challenge, name):
            yield str(sentence())

    return ask


def level(challenge, now):
    if not challenge.level:
        yield _("Choose a level of the staircase.")
    if not challenge.method:
        yield _("Choose a method.")


def budget(challenge, now):
    money = (challenge.budget_min, challenge.budget_max, challenge.prize)
    if not any(money) and not challenge.value_offers:
        yield _("Give a budget or a prize, or say under “What you offer” what you give instead.")


def rights(challenge, now):
    if not challenge.rights:
        yield _("Choose who gets the rights.")


def criteria(challenge, now):
    if not challenge.criteria_count:
        yield _("Write at least one criterion.")
    if challenge.criteria_unnamed:
        yield _("Give every criterion a prompt in Swedish.")
    if challenge.criteria_weight != WHOLE:
        yield _("The weights of the criteria must make 100 per cent.")


def route(challenge, now):
    if not all(getattr(challenge, name) for name in ROUTE):
        yield _("Say who receives the result, who owns the budget and how the purchase is planned.")


def times(challenge, now):
    if not (challenge.opens_at and challenge.closes_at and challenge.closes_at > now):
        yield _("Set when it opens and closes; it must close later than now.")
    if not (challenge.questions_until and challenge.answers_by):
        yield _("Set until when one may ask, and when all questions are answered.")
    if not challenge.decision_expected_on:
        yield _("Say when you expect to decide.")


def openers(challenge, now):
    if challenge.opener_count < OPENERS[0]:
        yield _("Name at least two people who open the answers together.")


def panel(challenge, now):
    if not challenge.panel_count:
        yield _("Name at least one person who judges the answers.")


ASKED = {
    SectionName.BASICS: basics,
    SectionName.BACKGROUND: text("background_sv", lambda: _("Tell the background in Swedish.")),
    SectionName.FUNCTION: text(
        "function_sv", lambda: _("Describe in Swedish what the solution must do.")
    ),
    SectionName.AFFECTED: text("affected_sv", lambda: _("Tell in Swedish who is affected.")),
    SectionName.LEVEL: level,
    SectionName.BUDGET: budget,
    SectionName.RIGHTS: rights,
    SectionName.CRITERIA: criteria,
    SectionName.ROUTE: route,
    SectionName.TIMES: times,
    SectionName.OPENERS: openers,
    SectionName.PANEL: panel,
}


def owner_obstacles(owner):
    """Why this organisation may not publish now. It may write all the same."""
    if owner.is_closed:
        yield _("The owner is closed.")
    if not owner.is_verified:
        yield _("The owner has not been verified by the agency yet.")
