"""What a row shows of a network, a need or a challenge, formatted once per page."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from afori.common import formatting
from afori.common.linking import linked

from .models import Network

Status = Network.Status


def network_rows(networks):
    """Row contexts for networks fetched `with_member_count()`, with organisers and financings."""
    return [network_row(network) for network in networks]


def network_row(network):
    row = {
        "url": network.get_absolute_url(),
        "title": network.name,
        "summary": network.summary,
        "organiser": organisers(network, network.co_organisers.all()),
        "financier": financiers(network),
        "example": network.is_example,
        **lead(network),
    }
    if network.status in (Status.FORMING, Status.DORMANT, Status.CLOSED) and not row.get("word"):
        row["state_label"] = network.get_status_display()
    return row


def lead(network):
    """The fact that leads the row: organisations, else the start year, else the status."""
    if network.status == Status.PROPOSED:
        return interest(network)
    if network.member_count:
        return {"figure": str(network.member_count), "label": members(network.member_count)}
    if network.start_year:
        return {"figure": str(network.start_year), "label": _("start year")}
    return {"figure": network.get_status_display(), "word": True}


def interest(network):
    interested, goal = network.interest_count, network.interest_goal
    if goal:
        figure = _("%(number)d of %(goal)d") % {"number": interested, "goal": goal}
        return {
            "figure": figure,
            "label": _("have shown interest"),
            "interested": interested,
            "goal": goal,
        }
    if interested:
        label = ngettext("organisation interested", "organisations interested", interested)
        return {"figure": str(interested), "label": label}
    return {"figure": network.get_status_display(), "word": True}


def members(number):
    return ngettext("organisation takes part", "organisations take part", number)


def organisers(network, co_organisers):
    first = [network.organiser] if network.organiser else []
    return listed([linked(one) for one in dict.fromkeys([*first, *co_organisers])])


def financiers(network):
    """Those who pay now. Where nobody is named, how it is paid."""
    now = [one for one in network.financings.all() if not one.is_over]
    return listed([payer for one in now if (payer := linked_payer(one))])


def linked_payer(financing):
    return linked(financing.financier) if financing.financier else financing.get_kind_display()


def listed(names):
    """ "A", "A and B", "A, B and C", as HTML."""
    names = [conditional_escape(name) for name in dict.fromkeys(names)]
    if len(names) < 2:
        return names[0] if names else ""
    start = ", ".join(names[:-1])
    both = _("%(start)s and %(last)s") % {"start": start, "last": names[-1]}
    return mark_safe(both)  # noqa: S308 the names are escaped


def need_rows(needs, *, network=True):
    """Row contexts for needs fetched `with_demand()` and, where it is shown, their network."""
    language = get_language()
    return [need_row(need, language, network=network) for need in needs]


def need_row(need, language, *, network):
    demand = need.demand
    return {
        "url": need.get_absolute_url(),
        "title": need.title,
        "summary": need.summary,
        "total": formatting.number(demand.total, language) if demand.total else "",
        "unit": need.unit or _("a year"),
        "pledge": demand.pledge,
        "letter": demand.letter,
        "interest": demand.interest,
        "organisations": organisations(demand.organisations),
        "state_label": need.get_state_display(),
        "level": need.level,
        "network": need.network.name if network and need.network else "",
        "example": need.is_example,
    }


def organisations(number):
    if not number:
        return ""
    return ngettext("%d organisation", "%d organisations", number) % number


def challenge_rows(challenges):
    """Row contexts for published challenges fetched with owner and outcome."""
    now, language = timezone.localtime(), get_language()
    return [challenge_row(challenge, now, language) for challenge in challenges]


def challenge_row(challenge, now, language):
    return {**challenge_facts(challenge), **timing(challenge, now, language)}


def challenge_facts(challenge):
    """What every row of a challenge shows beside the fact that leads it."""
    return {
        "url": challenge.get_absolute_url(),
        "title": challenge.title,
        "summary": challenge.summary,
        "owner": linked(challenge.owner),
        "method": challenge.get_method_display(),
        "level": challenge.level,
        "example": challenge.is_example,
    }


def timing(challenge, now, language):
    """Days left or days to start; else what has become of it, as a word."""
    if challenge.is_open(at=now) or challenge.is_upcoming(at=now):
        start = challenge.is_upcoming(at=now)
        at = timezone.localtime(challenge.opens_at if start else challenge.closes_at)
        left = formatting.time_left(at, now, language, start=start)
        if left:
            words = _("Opens %s") if start else _("Closes %s")
            closes = words % formatting.when(at, language)
            return {
                "figure": left.figure,
                "label": left.label,
                "soon": left.soon,
                "closes": closes,
            }
    outcome = getattr(challenge, "outcome", None)
    if outcome:
        return {
            "figure": outcome.get_kind_display(),
            "label": str(challenge.year or ""),
            "word": True,
        }
    return {"figure": state(challenge, now), "label": str(challenge.year or ""), "word": True}


def state(challenge, now):
    return _("Closed") if challenge.is_closed(at=now) else challenge.get_state_display()


def since(network):
    """ "Active since 2016", else the status alone."""
    if network.status == Status.ACTIVE and network.start_year:
        return _("Active since %d") % network.start_year
    return network.get_status_display()


@dataclass(frozen=True)
class Factor:
    """One of the five success factors: its name, its question, what the programme says."""

    name: str
    question: str
    texts: list


def factors(programme):
    """The five success factors of a programme; empty when it says nothing at all."""
    sections = [
        Factor(_("Vision"), _("What do we want to achieve?"), goals(programme)),
        Factor(_("Structure"), _("Who takes part, and how do we work?"), structure(programme)),
        Factor(_("Engagement"), _("Why is it worth taking part?"), told(programme.offer)),
        Factor(
            _("Communication"),
            _("How do we keep the network alive?"),
            told(programme.communication),
        ),
        Factor(_("Financing"), _("How do we last the distance?"), told(programme.financing)),
    ]
    return sections if any(section.texts for section in sections) else []


def goals(programme):
    return told(programme.short_term_goals, programme.long_term_goals)


def structure(programme):
    return told(
        programme.participants, programme.decisions, meetings(programme), programme.suppliers
    )


def meetings(programme):
    number = programme.meetings_a_year
    if not number:
        return ""
    return ngettext("%(number)d meeting a year.", "%(number)d meetings a year.", number) % {
        "number": number
    }


def told(*texts):
    return [text for text in texts if text]
