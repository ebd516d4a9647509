"""The parts of an answer, in the order in which one meets them, each with its state in words."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from afori.common.words import count_words

from .models import Submission
from .progress import DONE, OPEN, WRONG, Progress


@dataclass(frozen=True)
class Part:
    """`kind` is DONE where nothing is left to do, WRONG where something must be put right."""

    key: str
    label: str
    url: str
    state: str
    kind: Progress = OPEN
    current: bool = False


class Parts:
    """All parts of one draft; iterable, with the place of the current one. With a reader and a
    time, each part also says which colleague has it open.
    """

    def __init__(self, draft, current, *, reader=None, at=None):
        self.draft = draft
        self.reader, self.at = reader, at
        self.submission = draft.submission
        self.current = current
        self.all = [
            self.part("partners", _("Who is answering"), *self.partners()),
            *(self.criterion(each) for each in draft.criteria),
            self.part("files", _("Files"), *self.files()),
            self.part("submit", _("Check and submit"), *self.submitting()),
        ]

    def __iter__(self):
        return iter(self.all)

    def __len__(self):
        return len(self.all)

    @property
    def number(self):
        keys = [part.key for part in self.all]
        return keys.index(self.current) + 1 if self.current in keys else None

    @property
    def here(self):
        return self.all[self.number - 1] if self.number else None

    @property
    def following(self):
        return self.all[self.number] if self.number and self.number < len(self) else None

    @property
    def next_to_do(self):
        """The first part where something is left to do, else the last: submitting."""
        return next((part for part in self.all if part.kind != DONE), self.all[-1])

    def part(self, key, label, state, kind=OPEN):
        return Part(key, label, self.url(key), state, kind, key == self.current)

    def url(self, key):
        args = [self.submission.challenge.slug, self.submission.reference]
        if key.isdecimal():
            return reverse("challenges:answer_edit", args=[*args, key])
        return reverse(f"challenges:{key}", args=args)

    def criterion(self, criterion):
        state, kind = written(criterion, count_words(self.draft.text(criterion)))
        answer = self.draft.answers.get(criterion.pk)
        if answer and self.reader and answer.is_written_by_another(self.reader, at=self.at):
            told = _("%(name)s is writing") % {"name": answer.writer.name}
            state = f"{state}. {told}"
        return self.part(str(criterion.position), criterion.prompt, state, kind)

    def partners(self):
        return self.submission.organisation.name, DONE

    def files(self):
        number = len(self.draft.files)
        if not number:
            return _("None, optional"), DONE
        return ngettext("%(number)d file", "%(number)d files", number) % {"number": number}, DONE

    def submitting(self):
        state = self.submission.state
        if state == Submission.State.SUBMITTED:
            return _("Submitted, version %(number)d") % {
                "number": self.submission.latest_version
            }, DONE
        if self.draft.problems():
            return _("Cannot be done yet"), OPEN
        return _("Ready to submit"), OPEN


def written(criterion, words):
    """The state of one text and its kind."""
    over = words - criterion.word_limit
    if over > 0:
        text = ngettext("%(over)d word too many", "%(over)d words too many", over)
        return text % {"over": over}, WRONG
    if words:
        text = ngettext("Ready, %(words)d word", "Ready, %(words)d words", words)
        return text % {"words": words}, DONE
    return (_("Not started"), OPEN) if criterion.required else (_("Empty, optional"), DONE)
