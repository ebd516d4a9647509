"""Groups of news that readers choose for, and what can be followed. Each app registers its own."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model
from django.utils.functional import Promise

from .models import Preference

_groups: dict = {}
_followables: dict = {}


@dataclass(frozen=True)
class Group:
    """A group of news that a reader chooses for: how by mail, and whether in the portal.

    `label` names it, `what` says in a sentence what comes. `mail` and `in_app` hold until chosen.
    """

    name: str
    label: str | Promise
    what: str | Promise
    mail: str = Preference.Mail.DIGEST
    in_app: bool = True


@dataclass(frozen=True)
class Followable:
    """Something that can be followed: objects of `model`, or a whole kind where it is None.

    `label` names the kind, `what` says in a sentence what a follower is told. `url(subject)` is
    its page, for a whole kind, whose subject is None, that of the list. `visible_among(user, ids)`
    gives the ids that the person may see, in one query; `user` may be anonymous. `is_open` says
    that addresses without an account may follow it as well.

    Digests say why one gets a thing by `reason(subject)` of what is followed with the lowest
    `rank`, the most exact; they stand under the followed thing itself where `section` names the
    part of the digest: first networks, then topics.
    """

    name: str
    label: str | Promise
    what: str | Promise
    url: Callable
    reason: Callable
    rank: int
    section: str = ""
    model: type[Model] | None = None
    visible_among: Callable = lambda user, ids: ids
    is_open: bool = False


def register_group(group):
    """Make a group known under its name and return it."""
    return keep(_groups, group)


def register_followable(followable):
    """Make something that can be followed known under its name and return it."""
    return keep(_followables, followable)


def keep(known, thing):
    if thing.name in known:
        raise ValueError(f"{thing.name} is registered twice")
    known[thing.name] = thing
    return thing


def groups():
    """All groups, in the order in which the apps registered them."""
    return list(_groups.values())


def followables():
    """All that can be followed, by name."""
    return dict(_followables)
