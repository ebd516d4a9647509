"""What followers are told: kinds of news, groups of them that readers choose for, and what can be
followed. Each app names its own in its `notifications.py`.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import Model
from django.utils.functional import Promise

from .models import Preference
from .registry import Kind, kinds

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
    its page; for a whole kind, `url()` is that of the list. `visible_among(user, ids)` gives the
    ids that the person may see, in one query; `user` may be anonymous. `is_open` says that
    addresses without an account may follow it as well.
    """

    name: str
    label: str | Promise
    what: str | Promise
    url: Callable
    model: type[Model] | None = None
    visible_among: Callable = lambda user, ids: ids
    is_open: bool = False


@dataclass(frozen=True, kw_only=True)
class News(Kind):
    """News that followers of its `targets` are told: at once, in a digest, or not by mail.

    `targets(subject)` gives pairs (name of a followable, id) whose followers are told;
    `also(subject)` people who are told besides, followers or not, as a queryset of users.
    `row` is a template in `templates/emails/rows/` without its endings `.txt` and `.html`: one row
    of a digest, the same for all readers of a language. It gets `text`, `url` and `reason`, and
    what `shown(subject)` adds: a `title` in place of the text, a `summary`, `meta` in smaller
    letters, a `figure` and its `label` to lead the row.

    Who may read is asked for many at once: `public_among(ids)` gives the ids that anyone may read,
    `members_among(ids, user_ids)` pairs (user, id) of those that some people may read besides;
    one query each. They take the place of `visible_to` and `visible_among`.

    `deadlines(after, until)` gives {id: moment} of what falls due between. `prefetch` names what
    `targets` and `row` need beside `related`.
    """

    group: Group
    targets: Callable
    public_among: Callable
    row: str = "row"
    shown: Callable = lambda subject: {}
    members_among: Callable | None = None
    also: Callable = lambda subject: get_user_model().objects.none()
    deadlines: Callable | None = None
    prefetch: tuple = ()

    def subjects(self, ids):
        found = self.model._default_manager.filter(pk__in=ids)
        found = found.select_related(*self.related) if self.related else found
        return found.prefetch_related(*self.prefetch).in_bulk()

    def seen_by(self, user, ids):
        return self.subjects(self.readable(ids, [user.pk])[user.pk])

    def visible(self, user, subjects):
        seen = self.readable(subjects, [user.pk])[user.pk]
        return {pk: subject for pk, subject in subjects.items() if pk in seen}

    def readable(self, ids, user_ids):
        """{user: ids that they may read}, in two queries at most. `None` is a stranger."""
        ids, user_ids = list(ids), list(user_ids)
        public = set(self.public_among(ids))
        allowed = defaultdict(set, {user: set(public) for user in user_ids})
        if self.members_among and (rest := [pk for pk in ids if pk not in public]):
            for user, pk in self.members_among(rest, [one for one in user_ids if one]):
                allowed[user].add(pk)
        return allowed

    @property
    def row_templates(self):
        """Names of the templates of a digest's row: text and HTML."""
        return [f"emails/rows/{self.row}.{ending}" for ending in ("txt", "html")]


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


def news():
    """All kinds of news, in the order of their names."""
    return [kind for kind in kinds() if isinstance(kind, News)]
