"""What a submission holds, as one text that is the same whenever the content is the same."""

import hashlib
import json
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from afori.common.words import count_words

ANSWER = ("submission", "criterion", "text", "revision", "updated_at", "writing_since")
ANSWER += ("writing_until", "writer__name", "saved_by__name")


@dataclass(frozen=True)
class Problem:
    """Something that stands in the way of submitting; `part` says where to put it right."""

    part: str
    prompt: str
    message: str


class Draft:
    """A submission's content, read once: texts by criterion, files, partners, language."""

    def __init__(self, submission):
        self.submission = submission
        self.criteria = list(submission.challenge.criteria.all())
        self.answers = {
            answer.criterion_id: answer
            for answer in submission.answers.select_related("writer", "saved_by").only(*ANSWER)
        }
        self.files = list(submission.files.all())

    def text(self, criterion):
        answer = self.answers.get(criterion.pk)
        return answer.text if answer else ""

    @property
    def canonical(self):
        """JSON with sorted keys and no spare space; what a version stores and its sum covers."""
        return json.dumps(self.content(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def sha256(self):
        return fingerprint(self.canonical)

    def content(self):
        submission = self.submission
        return {
            "challenge": submission.challenge.slug,
            "organisation": submission.organisation.slug,
            "submission": submission.reference,
            "language": submission.language,
            "partners": submission.partners,
            "answers": [
                {
                    "position": criterion.position,
                    "prompt": criterion.prompt_sv,
                    "text": self.text(criterion),
                }
                for criterion in self.criteria
            ],
            "files": [
                {"token": f.token, "name": f.name, "size": f.size, "sha256": f.sha256}
                for f in self.files
            ],
        }

    def problems(self):
        found = (self.problem(criterion) for criterion in self.criteria)
        return [problem for problem in found if problem]

    def problem(self, criterion):
        words = count_words(self.text(criterion))
        if criterion.required and not words:
            return Problem(str(criterion.position), criterion.prompt, _("Write an answer."))
        if words > criterion.word_limit:
            over = words - criterion.word_limit
            return Problem(str(criterion.position), criterion.prompt, too_long(over))
        return None


def too_long(over):
    return ngettext(
        "Shorten the answer by %(over)d word. Nothing you have written is removed.",
        "Shorten the answer by %(over)d words. Nothing you have written is removed.",
        over,
    ) % {"over": over}


def fingerprint(canonical):
    return hashlib.sha256(canonical.encode()).hexdigest()
