"""Fictitious people, organisations and challenges, so that every page of a demo shows something."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from afori.accounts.actions.verifications import RECHECKED_AFTER
from afori.accounts.groups import make_editors
from afori.accounts.models import Membership, Organisation, OrganisationDomain, User
from afori.events.models import Event
from challenges.models import Challenge, Criterion, Outcome
from funding.models import CutOff, FundingCall
from knowledge.models import ThemeDay, ThemeQuestion, ThemeWeek
from networks.models import Commitment, Financing, Need, Network, NetworkMembership, Programme

from ..arena import save, without
from .phases import KEYS, load_phases, seal_challenges
from .records import dated, moment, tables

PASSWORD = "afori-demo-2026"
DAYS_TO_THEME_WEEK = 10


@transaction.atomic
def load_demo():
    """Make what is missing. Whatever exists is left as people have changed it."""
    today = timezone.localdate()
    make_editors()
    for record in tables("organisations", "organisation"):
        make(Organisation, record, make_organisation, today)
    for record in tables("networks", "network"):
        make(Network, record, make_network, today)
    for record in tables("needs", "need"):
        make(Need, record, save_example, today)
    for record in tables("needs", "commitment"):
        make_commitments(record, today)
    for record in tables("challenges", "challenge"):
        make(Challenge, record, make_challenge, today)
    for record in tables("people", "person"):
        make_person(record)
    seal_challenges()
    load_phases()
    for record in tables("calendar", "call"):
        make(FundingCall, record, make_call, today)
    for record in tables("calendar", "event"):
        make(Event, with_hours(record, today), save_example, today)
    for record in tables("calendar", "week"):
        make(ThemeWeek, record | week_dates(record, today), make_week, today)


def people():
    """The demo log-ins as (label, address, what to try first)."""
    return [(p["label"], p["email"], p["try"]) for p in tables("people", "person")]


def make(model, record, write, today):
    if not model.objects.filter(slug=record["slug"]).exists():
        write(model, dated(record, today))


def save_example(model, record):
    return save(model, record | {"is_example": True})


def make_organisation(model, record):
    now, recheck_on = timezone.now(), timezone.localdate() + RECHECKED_AFTER
    verified = {"verified_at": now, "recheck_on": recheck_on} if record.get("is_verified") else {}
    organisation = save_example(model, without(record, "is_verified", "domain") | verified)
    if domain := record.get("domain"):
        OrganisationDomain.objects.create(organisation=organisation, domain=domain, verified_at=now)


def make_network(model, record):
    network = save_example(model, without(record, "programme", "financing"))
    if texts := record.get("programme"):
        save(Programme, {"network": network, **texts}, key=["network"])
    for row in record.get("financing", []):
        save(Financing, {"network": network, **row}, key=["network", "financier"])


def make_commitments(record, today):
    need = Need.objects.get(slug=record["need"])
    if need.commitments.exists():
        return
    for slug, degree, volume, cost, days in record["rows"]:
        Commitment.objects.create(
            need=need,
            organisation=Organisation.objects.get(slug=slug),
            degree=degree,
            volume_a_year=volume,
            cost_a_year=cost or None,
            contract_ends_on=today + timedelta(days=days) if days else None,
            signatory="Nämndens ordförande" if degree == Commitment.Degree.PLEDGE else "",
            shown_by_name=degree != Commitment.Degree.INTEREST,
        )


def make_challenge(model, record):
    challenge = save_example(model, without(record, "criteria", "outcome", *KEYS))
    for position, row in enumerate(record.get("criteria", []), start=1):
        prompt_sv, prompt_en, words, weight, minimum = row
        Criterion.objects.create(
            challenge=challenge,
            position=position,
            prompt_sv=prompt_sv,
            prompt_en=prompt_en,
            word_limit=words,
            weight=weight,
            minimum_score=minimum or None,
        )
    if outcome := record.get("outcome"):
        Outcome.objects.create(challenge=challenge, is_example=True, **outcome)


def make_call(model, record):
    call = save_example(model, without(record, "cutoffs"))
    for at in record.get("cutoffs", []):
        CutOff.objects.create(call=call, at=at)


def week_dates(record, today):
    """Monday to Friday, some weeks from the coming theme week."""
    first = theme_monday(today) + timedelta(weeks=record.get("weeks", 0))
    return {"starts_on": first, "ends_on": first + timedelta(days=4)}


def make_week(model, record):
    week = save_example(model, without(record, "weeks", "questions", "days"))
    for position, row in enumerate(record.get("questions", []), start=1):
        save(ThemeQuestion, {"week": week, "position": position, **row}, key=["week", "position"])
    for row in record.get("days", []):
        save(ThemeDay, {"week": week, **row}, key=["week", "number"])


def theme_monday(today):
    """The first Monday at least ten days ahead."""
    earliest = today + timedelta(days=DAYS_TO_THEME_WEEK)
    return earliest + timedelta(days=-earliest.weekday() % 7)


def with_hours(record, today):
    """The record with `starts_at` and `ends_at`, by day of the theme week or days from today."""
    if "week_day" in record:
        day = theme_monday(today) + timedelta(days=record["week_day"])
    else:
        day = today + timedelta(days=record["days"])
    starts = moment(day, record["at"])
    hours = {"starts_at": starts, "ends_at": starts + timedelta(minutes=record["minutes"])}
    return without(record, "week_day", "days", "at", "minutes") | hours


def make_person(record):
    if User.objects.filter(email=record["email"]).exists():
        return
    fields = ("name", "profession", "is_staff", "is_superuser")
    given = {name: record[name] for name in fields if name in record}
    user = User.objects.create_user(record["email"], PASSWORD, is_example=True, **given)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if group := record.get("group"):
        user.groups.add(Group.objects.get(name=group))
    if slug := record.get("organisation"):
        join(user, Organisation.objects.get(slug=slug), record)


def join(user, organisation, record):
    now = timezone.now()
    Membership.objects.create(
        user=user,
        organisation=organisation,
        role=record.get("role", Membership.Role.MEMBER),
        state=Membership.State.ACTIVE,
        decided_at=now,
    )
    if slug := record.get("network"):
        NetworkMembership.objects.create(
            network=Network.objects.get(slug=slug),
            user=user,
            organisation=organisation,
            role=record.get("network_role", NetworkMembership.Role.MEMBER),
            competence=record["competence"],
            state=NetworkMembership.State.ACTIVE,
            decided_at=now,
        )
