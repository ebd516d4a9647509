"""Every address × method × role × state of a challenge has a declared answer, or this fails."""

import pytest

from .asking import Asking
from .expecting import AREAS, asked
from .places import admin_addresses, patterns

pytestmark = pytest.mark.django_db


def test_every_address_is_declared_once():
    names = [name for area in AREAS.values() for name in area.names]
    assert sorted(names) == sorted(name for name, _pattern in patterns())


@pytest.mark.parametrize("area", AREAS)
def test_answers_are_as_declared(arena, area):
    asking, rules = Asking(arena), AREAS[area].rules
    found = {key: asking.answers(*key, asked(key, rule)) for key, rule in rules.items()}
    assert [line for key in rules for line in differences(key, found[key], rules[key])] == []


def differences(key, found, declared):
    wrong = {}
    for role, status in found.items():
        if status != declared[role]:
            wrong.setdefault(f"{status} (declared {declared[role]})", []).append(role)
    for told, roles in wrong.items():
        yield f"{' '.join(key)}: {told} {' '.join(roles)}"


@pytest.mark.parametrize("role", ["stranger", "owner"])
def test_the_admin_is_closed_to_all_but_staff(cast, sign_in, role):
    """Whatever the address: a page of Django's admin sends everybody else to its own log-in."""
    client = sign_in(getattr(cast, role))
    for url in admin_addresses():
        assert (url, client.get(url).status_code) in ((url, 302), (url, 404))


def test_head_tells_no_more_than_get(arena):
    """Some pages ask again who it is before anything but GET."""
    asking = Asking(arena)
    for name in asking.patterns:
        url = asking.url(name, "opened")
        for role in ("stranger", "superuser"):
            head, get = (asking.status(role, method, url) for method in ("HEAD", "GET"))
            assert head in (get, 302, 405), (name, role, head, get)
