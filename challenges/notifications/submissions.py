"""What authors are told. Nobody else is told anything about submissions."""

from django.utils.translation import gettext as _

from afori.notifications.models import OutgoingMail
from afori.notifications.registry import Kind, register

from ..models import Attempt, Submission, SubmissionAuthor, SubmissionVersion
from ..receipts import mailed_facts

RELATED = ("submission__challenge", "submission__organisation")


def of_own_answers(model):
    """The rule for many subjects at once: they belong to an answer that the person writes."""

    def visible_among(user, ids):
        own = model._default_manager.filter(submission__in=Submission.objects.visible_to(user))
        return own.filter(pk__in=ids).values_list("pk", flat=True)

    return visible_among


def own_authorships(user, ids):
    return of_own_answers(SubmissionAuthor)(user, ids).filter(user_id=user.pk)


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
                "visible_among": of_own_answers(model),
                "context": lambda subject: {"facts": mailed_facts(subject)},
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
    lambda author: (
        _("You can now help write your organisation's answer to %(challenge)s.") % title(author)
    ),
    url=lambda author: author.submission.get_absolute_url(),
    visible_among=own_authorships,
    context=lambda author: {},
)
