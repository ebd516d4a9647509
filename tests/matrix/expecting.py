"""Reads what every address answers, as declared in `declared/*.txt`, a file for each area.

    networks:room  GET POST  200 member coordinator; 302 stranger; 403 others
    challenges:detail  GET  WRITTEN: 200 owner team; 404 others
                            ELSE: 200 all

A line names an address (a line without one goes on with the last), methods, perhaps states of the
challenge with a colon, and who gets which status. A POST is empty. `@crowd: …` names a group.

`MATRIX=whole` asks everybody everywhere. Otherwise those who are in the crowd of an address take
turns: in each state of a challenge every sixth of them, others in the next state; at
other addresses every second.
"""

import os
from pathlib import Path

GENERAL = (
    *("stranger", "user", "rival", "supplier", "buyer", "member", "coordinator", "owner"),
    *("staff", "editor", "superuser"),
)
AROUND_A_CHALLENGE = (
    *("colleague", "team", "former", "opener", "panelist", "undeclared", "conflicted"),
)
METHODS = ("GET", "POST")
STATES = (
    *("draft", "in_review", "upcoming", "open", "closed"),
    *("opened", "decided", "cancelled"),
)
GROUPS_OF_STATES = {
    "ALWAYS": STATES,
    "WRITTEN": ("draft", "in_review"),
    "PUBLIC": STATES[2:],
    "ANSWERED": STATES[3:],
}


WHOLE = os.environ.get("MATRIX") == "whole"


def is_of_challenges(name):
    return name.startswith(("challenges:", "meetings:"))


def roles_of(name):
    return (*GENERAL, *AROUND_A_CHALLENGE) if is_of_challenges(name) else GENERAL


def asked(key, rule):
    """Who is asked: all outside the largest group of the rule, of that those whose turn it is."""
    name, method, state = key
    every = 1 if WHOLE else 6 if is_of_challenges(name) else 2
    statuses = list(rule.values())
    crowd = max(set(statuses), key=statuses.count)
    turn = STATES.index(state) + METHODS.index(method) + len(name)
    return [
        role
        for number, role in enumerate(rule)
        if rule[role] != crowd or (number + turn) % every == 0
    ]


class Declared:
    """`rules[name, method, state]` is a dict of statuses by role."""

    def __init__(self, path):
        self.rules, self.groups, self.name, self.methods = {}, {}, None, ()
        for line in path.read_text().splitlines():
            words = line.partition("#")[0].split()
            if words:
                self.read(words)

    @property
    def names(self):
        return list(dict.fromkeys(name for name, _method, _state in self.rules))

    def read(self, words):
        if words[0].startswith("@"):
            self.groups[words[0].rstrip(":")] = words[1:]
            return
        if not self.goes_on(words[0]):
            self.name = words.pop(0)
        if words[0] in METHODS:
            self.methods = [words.pop(0) for word in [*words] if word in METHODS]
        states = self.states(words)
        for method in self.methods:
            for state in states:
                if (self.name, method, state) not in self.rules:
                    self.rules[self.name, method, state] = self.rule(words)

    def goes_on(self, word):
        return (
            word in METHODS
            or word.isdecimal()
            or word.rstrip(":") in (*STATES, "ELSE")
            or (word.rstrip(":") in GROUPS_OF_STATES)
        )

    def states(self, words):
        """The states before a colon, else all; more particular lines come first."""
        if not is_of_challenges(self.name):
            return ["open"]
        if words[0].isdecimal():
            return STATES
        states = []
        while not words[0].isdecimal():
            word = words.pop(0).rstrip(":")
            states += STATES if word == "ELSE" else GROUPS_OF_STATES.get(word, (word,))
        return states

    def rule(self, words):
        """`200 owner team; 404 others` as a dict."""
        rule, roles = {}, roles_of(self.name)
        for part in " ".join(words).split(";"):
            status, *who = part.split()
            for word in who:
                everybody = {"all": roles, "others": [one for one in roles if one not in rule]}
                for role in everybody.get(word, self.groups.get(word, [word])):
                    if role in roles:
                        rule[role] = int(status)
        assert set(rule) == set(roles), (self.name, words)
        return rule


AREAS = {path.stem: Declared(path) for path in sorted(Path(__file__).parent.glob("declared/*.txt"))}
