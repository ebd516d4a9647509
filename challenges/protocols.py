"""The protocol of an opening: one text that is the same whenever the same is opened."""

import json
from datetime import UTC, datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .comparing import CHANGED, MISSING, STATE, UNKNOWN
from .parcels import TEXT

LIST = -1
DEVIATIONS = {
    MISSING: _("It was received or withdrawn, and is no longer in the database."),
    CHANGED: _("It is in the database in other words than the log’s."),
    UNKNOWN: _("It is in the database, and the log does not tell of it."),
    STATE: _("The log and the database differ on whether it was withdrawn."),
}
FACTS = ("name", "size", "sha256")


class Finding:
    """What opening one version brought: its parts, and those that did not match the receipt."""

    def __init__(self, letter, version):
        self.letter, self.version = letter, version
        self.parts, self.found, self.damaged = [], set(), {}
        self.files = [{fact: one[fact] for fact in FACTS} for one in version.files]
        if version.list_is_lost:
            self.damaged[LIST] = "unreadable"

    @property
    def is_whole(self):
        return not self.damaged

    def expected(self, position):
        """The checksum that the receipt tells of a part, None if it tells of no such part."""
        if position == TEXT:
            return self.version.sha256
        told = self.files[position - 1 : position]
        return told[0]["sha256"] if told else None

    def add(self, part, checksum):
        self.parts.append(part)
        self.found.add(part.position)
        expected = self.expected(part.position)
        if expected is None:
            self.damage(part, "unknown part")
        elif checksum != expected:
            self.damage(part, "checksum")

    def damage(self, part, reason):
        self.found.add(part.position)
        self.damaged[part.position] = reason

    def miss_parts(self):
        """Note the parts that the receipt tells of and that are not there."""
        for position in range(TEXT, len(self.files) + 1):
            if position not in self.found:
                self.damaged[position] = "missing"

    def facts(self):
        version = self.version
        return {
            "letter": self.letter,
            "organisation": version.submission.home.name,
            "receipt": version.printed_number,
            "version": version.number,
            "received_at": moment(version.received_at),
            "sha256": version.sha256,
            "files": self.files,
            "damaged": [
                {"part": position, "reason": reason}
                for position, reason in sorted(self.damaged.items())
            ],
        }


def protocol(challenge, key, approvals, findings, deviations):
    """JSON with sorted keys: the challenge, its times, who opened, each answer by letter, and
    where the rows differ from the audit chain.
    """
    facts = {
        "challenge": challenge.slug,
        "title": challenge.title_sv,
        "closes_at": moment(challenge.closes_at),
        "not_before": moment(key.not_before),
        "public_key": bytes(key.public_key).hex(),
        "approvals": [{"name": one.opener.user.name, "at": moment(one.at)} for one in approvals],
        "answers": [finding.facts() for finding in findings],
        "deviations": deviations,
    }
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def moment(at):
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_protocol(facts, with_names):
    """A protocol's facts for a page: times as times; without names for those who read so."""
    return {
        **facts,
        "closes_at": datetime.fromisoformat(facts["closes_at"]),
        "approvals": [
            {"name": one["name"], "at": datetime.fromisoformat(one["at"])}
            for one in facts["approvals"]
        ],
        "answers": [read_answer(one, with_names) for one in facts["answers"]],
        "deviations": [
            {"receipt": one["receipt"] if with_names else "", "what": DEVIATIONS[one["what"]]}
            for one in facts.get("deviations", [])
        ],
    }


def reason(code):
    """Why a part is damaged, in words; other codes are of what could not be read at all."""
    words = {
        "checksum": _("another checksum than the receipt’s"),
        "missing": _("not there"),
        "unknown part": _("the receipt does not tell of it"),
    }
    return words.get(code, _("cannot be read"))


def read_answer(answer, with_names):
    files = [
        {**one, "name": one["name"] if with_names else unnamed(number)}
        for number, one in enumerate(answer["files"], start=1)
    ]
    return {
        **answer,
        "organisation": answer["organisation"] if with_names else "",
        "receipt": answer["receipt"] if with_names else "",
        "received_at": datetime.fromisoformat(answer["received_at"]),
        "damaged": [{**one, "reason": reason(one["reason"])} for one in answer["damaged"]],
        "files": files,
    }


def unnamed(number):
    return gettext("File %(number)d") % {"number": number}
