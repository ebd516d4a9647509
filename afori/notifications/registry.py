"""The kinds of notifications and mails. Each app names its own in its `notifications.py`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models

from .letters import Withheld, absolute, letter
from .models import OutgoingMail

_kinds = {}


@dataclass(frozen=True)
class Kind:
    """Something people are told about an object of `model`, the subject.

    `text` and `url` are asked in the reader's language, `visible_to` each time the notification is
    shown and again when the mail is sent. They run once a row: `related` names what they need
    beside the subject, as for `select_related`. A rule that needs the database is given as
    `visible_among(user, ids)`, which returns the ids that the person may see, in one query.

    `sealed` mails are shown to nobody but their reader: staff do not learn that they exist.

    `mail` is a template in `templates/emails/` without its endings `.subject.txt`, `.txt` and
    `.html`; "" means no mail. Templates get `subject`, `user`, `url` (absolute), `text`, `site`,
    `base_url` and what `context(subject)` adds.
    """

    name: str
    model: type[models.Model]
    text: Callable
    url: Callable
    visible_to: Callable | None = None
    mail: str = ""
    priority: int = OutgoingMail.Priority.PERSONAL
    related: tuple = ()
    sealed: bool = False
    visible_among: Callable | None = None
    context: Callable = lambda subject: {}

    def subjects(self, ids):
        """The subjects that are still there, by id, in one query."""
        found = self.model._default_manager.filter(pk__in=ids)
        return (found.select_related(*self.related) if self.related else found).in_bulk()

    def seen_by(self, user, ids):
        """The subjects that are still there and that the person may see, by id, in one query
        where the rule is given as `visible_among`.
        """
        if self.visible_among:
            return self.subjects(self.visible_among(user, ids))
        return self.visible(user, self.subjects(ids))

    def visible(self, user, subjects):
        """Those of the subjects, by id, that the person may see."""
        if self.visible_among:
            seen = set(self.visible_among(user, list(subjects)))
        elif self.visible_to:
            seen = {pk for pk, subject in subjects.items() if self.visible_to(user, subject)}
        else:
            seen = set()
        return {pk: subject for pk, subject in subjects.items() if pk in seen}

    @property
    def templates(self):
        """Names of the templates of subject, text and HTML."""
        return [f"emails/{self.mail}.{ending}" for ending in ("subject.txt", "txt", "html")]

    def letter(self, mail):
        """The mail as it is true now. Raises `Withheld` if its reader may not have it any more."""
        user, subject = mail.user, self.subjects([mail.subject_id]).get(mail.subject_id)
        if user is None or not user.is_active:
            raise Withheld("inactive")
        if subject is None:
            raise Withheld("gone")
        if not self.visible(user, {mail.subject_id: subject}):
            raise Withheld("not visible")
        return self.written(user, self.told(user, subject))

    def told(self, user, subject):
        """What the templates get."""
        return {
            "subject": subject,
            "user": user,
            "url": absolute(self.url(subject)),
            "text": str(self.text(subject)),
            **self.context(subject),
        }

    def written(self, user, context):
        return letter(user.email, self.templates, context)


def register(kind):
    """Make a kind known under its name and return it. A name belongs to one kind only.

    Besides `Kind`, anything with a `name` and `letter(mail)` can be the kind of a mail.
    """
    if kind.name in _kinds:
        raise ValueError(f"{kind.name} is registered twice")
    _kinds[kind.name] = kind
    return kind


def get(name):
    """The kind of that name. Raises KeyError if no app has registered it."""
    return _kinds[name]


def find(name):
    """The kind of that name, None if its app no longer has it."""
    return _kinds.get(name)


def kinds():
    """All kinds of notifications, in the order of their names."""
    return [kind for _name, kind in sorted(_kinds.items()) if isinstance(kind, Kind)]
