"""What followers are told. Each app names its own kinds of news in its `notifications.py`."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.contrib.auth import get_user_model
from django.utils import translation

from .groups import Group
from .letters import Withheld
from .registry import Kind, kinds
from .unsubscribing import headers, url_for


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

    def letters(self, mails):
        """{key of a mail: Letter, or the exception that keeps it from being sent}: permission is
        asked once for all of them.
        """
        subjects = self.subjects({mail.subject_id for mail in mails})
        allowed = self.readable(subjects, {mail.user_id for mail in mails})
        return {mail.pk: self.outcome(mail, subjects, allowed[mail.user_id]) for mail in mails}

    def outcome(self, mail, subjects, allowed):
        if mail.user is None or not mail.user.is_active:
            return Withheld("inactive")
        if mail.subject_id not in subjects:
            return Withheld("gone")
        if mail.subject_id not in allowed:
            return Withheld("not visible")
        try:
            with translation.override(mail.language):
                return self.written(mail.user, self.told(mail.user, subjects[mail.subject_id]))
        except Exception as error:
            return error

    def written(self, user, context):
        """With a way out, for those who have settings for what they follow."""
        reader = getattr(user, "reader", None)
        if reader is None:
            return super().written(user, context)
        end = {"unsubscribe": url_for(reader, self.group.name)}
        written = super().written(user, context | end)
        return replace(written, headers=headers(reader, self.group.name))

    @property
    def row_templates(self):
        """Names of the templates of a digest's row: text and HTML."""
        return [f"emails/rows/{self.row}.{ending}" for ending in ("txt", "html")]


def news():
    """All kinds of news, in the order of their names."""
    return [kind for kind in kinds() if isinstance(kind, News)]


def topics_of(thing):
    """Pairs for `targets`: its topics."""
    return [("topic", topic.pk) for topic in thing.topics.all()]
