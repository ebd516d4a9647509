"""One way to change a state: look it up in the table of what may follow what."""


class Refused(Exception):
    """An action that the rules of the domain do not allow now. Its text is for the person."""

    def __init__(self, message, *, code="refused"):
        super().__init__(message)
        self.message = message
        self.code = code


class NotAllowedNow(Refused):
    """The object's state does not lead to the one asked for."""


def check_move(current, wanted, table):
    """Raise `NotAllowedNow` unless `table[current]` holds `wanted`."""
    if wanted not in table.get(current, set()):
        raise NotAllowedNow(f"{current} → {wanted}", code="state")
