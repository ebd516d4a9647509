"""The chain network → need → challenge → outcome, seen from a network and from a need."""

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from afori.common import formatting

HERE, DONE, TODO = "here", "done", "todo"


def link(label, text, url="", state=DONE):
    return {"label": label, "text": text, "url": url, "state": state}


def network_chain(network, needs, challenges):
    """`challenges` are published ones with their outcomes."""
    return [
        link(_("Network"), network.name, state=HERE),
        some(_("Need"), needs, needs_text(len(needs)), "#needs"),
        some(_("Challenge"), challenges, challenges_text(challenges), "#challenges"),
        outcome_link(challenges),
    ]


def need_chain(need, challenges):
    network = need.network
    return [
        link(_("Network"), network.name, network.get_absolute_url())
        if network
        else link(_("Network"), _("None yet"), state=TODO),
        link(_("Need"), need.title, state=HERE),
        some(_("Challenge"), challenges, challenges_text(challenges), "#challenges"),
        outcome_link(challenges),
    ]


def some(label, things, text, anchor):
    """One thing by its name, several by their number, none as something still to come."""
    if not things:
        return link(label, _("None yet"), state=TODO)
    if len(things) == 1:
        return link(label, things[0].title, things[0].get_absolute_url())
    return link(label, text, anchor)


def needs_text(number):
    return ngettext("%d need", "%d needs", number) % number


def challenges_text(challenges):
    open_now = sum(challenge.is_open() for challenge in challenges)
    if open_now:
        return ngettext("%d open challenge", "%d open challenges", open_now) % open_now
    return ngettext("%d challenge", "%d challenges", len(challenges)) % len(challenges)


def outcome_link(challenges):
    told = [one for one in challenges if getattr(one, "outcome", None)]
    if len(told) == 1:
        return link(_("Outcome"), told[0].outcome.get_kind_display(), told[0].get_absolute_url())
    if told:
        text = ngettext("%d outcome", "%d outcomes", len(told)) % len(told)
        return link(_("Outcome"), text, "#challenges")
    return link(_("Outcome"), expected(challenges), state=TODO)


def expected(challenges):
    dates = [one.decision_expected_on for one in challenges if one.decision_expected_on]
    if not dates:
        return _("None yet")
    return _("Expected in %s") % formatting.month(min(dates), get_language())
