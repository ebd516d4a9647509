"""Every address of the project by name, and what its arguments are in the arena."""

from django.urls import URLPattern, get_resolver, reverse

NOBODYS = "abcdefgh23456789"


def patterns(resolver=None, spaces=()):
    """(name, pattern) of all addresses but the admin's."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield ":".join([*spaces, entry.name]), entry
        elif entry.namespace != "admin":
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from patterns(entry, inner)


def known(arena, state, name):
    """Arguments by name for one address: a challenge's in that state, else what there is one of."""
    space, _colon, last = name.rpartition(":")
    if space in ("challenges", "meetings"):
        return of_challenge(arena.by_state[state], last)
    slugs = {
        "networks": arena.need.slug
        if last in ("need", "commit", "uncommit")
        else arena.network.slug,
        "accounts": arena.municipality.slug,
        "organisations": arena.company.slug,
        "funding": arena.call.slug,
        "events": arena.event.slug,
        "notifications": arena.network.slug,
        "knowledge": arena.week.slug
        if last.startswith("theme_week")
        else (arena.written.slug if last == "preview" else arena.article.slug),
    }
    tokens = {"networks": arena.document.token, "accounts": arena.tokens.get(last, NOBODYS)}
    return {
        "slug": slugs.get(space, NOBODYS),
        "token": tokens.get(space, NOBODYS),
        "pk": arena.asked.pk if space == "networks" else 1,
        "name": "answers" if name == "my_list" else "finns-inte",
        "kind": "every_network" if last == "follow_kind" else "network",
        "subject_id": arena.network.pk,
        "provider_id": NOBODYS,
        "organization_slug": NOBODYS,
    }


def of_challenge(things, last):
    return {
        "slug": things.challenge.slug,
        "reference": things.submission.reference if things.submission else NOBODYS,
        "position": 1,
        "number": things.version.receipt_number if things.submission else NOBODYS,
        "token": things.tokens.get(last, NOBODYS),
        "name": "openers" if last.startswith("person_") else "basics",
        "months": 6,
        "meeting": NOBODYS,
    }


def address(arena, state, name, pattern):
    arguments = known(arena, state, name)
    return reverse(name, kwargs={key: arguments[key] for key in pattern.pattern.converters})


def admin_addresses():
    """Each page of the admin once, about the thing with number 1 where it is about one."""
    for entry, spaces in admin_patterns(get_resolver()):
        keys = entry.pattern.converters or entry.pattern.regex.groupindex
        if entry.name and entry.name not in ("login", "logout"):
            known = dict.fromkeys(keys, 1) | {"app_label": "challenges"}
            arguments = {key: known[key] for key in keys}
            yield reverse(":".join([*spaces, entry.name]), kwargs=arguments)


def admin_patterns(resolver, spaces=()):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            if spaces:
                yield entry, spaces
        elif entry.namespace == "admin" or spaces:
            yield from admin_patterns(entry, ("admin",))
        elif not entry.namespace:
            yield from admin_patterns(entry)
