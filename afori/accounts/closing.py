"""What keeps an organisation from being closed. Each app names its own in its `closing.py`."""

_found_by = []


def obstacle(function):
    """Register a function that takes an organisation and returns sentences that say what it is."""
    _found_by.append(function)
    return function


def obstacles(organisation):
    """All that stands in the way, as sentences for the staff who want to close it."""
    return [text for function in _found_by for text in function(organisation)]
