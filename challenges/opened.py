"""What an opened answer holds, for a page."""

from django.utils.translation import gettext as _

from . import seal
from .parcels import TEXT, opened_text


class OpenedContent:
    """Texts, partners and files of an opened answer. What is damaged is empty and said to be."""

    def __init__(self, answer, key, criteria):
        self.answer, self.version = answer, answer.version
        self.version.submission = answer.submission
        self.parts = {part.position: part for part in self.version.parts.all()}
        for part in self.parts.values():
            part.version = self.version
        self.told = self.read(key) if criteria else {}
        self.texts = {one["position"]: one["text"] for one in self.told.get("answers", [])}

    def read(self, key):
        part = self.parts.get(TEXT)
        if not is_opened(part):
            return {}
        try:
            return opened_text(part, key)
        except (seal.Broken, OSError, ValueError):
            return {}

    @property
    def is_lost(self):
        return not self.told

    @property
    def has_lost_parts(self):
        return not all(is_opened(part) for part in self.parts.values())

    def text(self, criterion):
        return self.texts.get(criterion.position, "")

    @property
    def partners(self):
        return self.told.get("partners", "")

    def files(self, with_names):
        """Position, name, size in bytes, and whether it can be read."""
        return [
            {
                "position": position,
                "name": self.file_name(position, with_name=with_names),
                "size": one["size"],
                "is_there": is_opened(self.parts.get(position)),
            }
            for position, one in enumerate(self.version.files, start=1)
        ]

    def file_name(self, position, *, with_name):
        name = self.version.files[position - 1]["name"]
        if with_name:
            return name
        ending = name.rpartition(".")[2].lower()
        return _("answer-%(letter)s-file-%(number)d.%(ending)s") % {
            "letter": self.answer.letter,
            "number": position,
            "ending": ending,
        }

    def file_part(self, position):
        """The part that holds the file, None if there is none that can be read."""
        if not TEXT < position <= len(self.version.files):
            return None
        part = self.parts.get(position)
        return part if is_opened(part) else None


def is_opened(part):
    return part is not None and bool(part.data_key)
