"""What authors are told. Nobody else is told anything about submissions."""

from django.utils.translation import gettext as _

from afori.notifications.models import OutgoingMail
from afori.notifications.registry import Kind, register

from .models import Attempt, Submission, SubmissionAuthor, SubmissionVersion
from .receipts import facts

RELATED = ("submission__challenge", "submission__organisation")


def is_author(user, subject):
    return Submission.objects.visible_to(user).filter(pk=subject.submission_id).exists()


def is_this_author(user, author):
    return author.user_id == user.pk and is_author(user, author)


def title(subject):
    return {"challenge": subject.submission.challenge.title}


def sealed(name, model, text, **fields):
    return register(
        Kind(
            name=f"challenges.{name}",
            model=model,
            text=text,
            mail=f"challenges/{name}",
            priority=OutgoingMail.Priority.RECEIPT,
            related=RELATED,
            sealed=True,
            **{
                "visible_to": is_author,
                "context": lambda subject: {"facts": facts(subject)},
                "url": lambda subject: subject.get_absolute_url(),
                **fields,
            },
        )
    )


RECEIPT = sealed(
    "receipt",
    SubmissionVersion,
    lambda v: (
        _("Receipt %(number)s: your answer to %(challenge)s is received.")
        % {"number": v.printed_number, **title(v)}
    ),
)
WITHDRAWN = sealed(
    "withdrawn",
    Attempt,
    lambda a: _("Your answer to %(challenge)s is withdrawn.") % title(a),
)
REFUSED = sealed(
    "refused",
    Attempt,
    lambda a: _("Your answer to %(challenge)s was not received.") % title(a),
)
AUTHOR_ADDED = sealed(
    "author_added",
    SubmissionAuthor,
    lambda author: _("You now write your organisation's answer to %(challenge)s.") % title(author),
    url=lambda author: author.submission.get_absolute_url(),
    visible_to=is_this_author,
    context=lambda author: {},
)
