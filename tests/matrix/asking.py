"""Asks the portal as everybody, one after the other; what an answer changes is taken back."""

from django.core.cache import caches
from django.db import transaction
from django.test import Client

from .expecting import AROUND_A_CHALLENGE, GENERAL, roles_of
from .places import address, patterns


class Asking:
    def __init__(self, arena):
        self.arena, self.patterns, self.clients = arena, dict(patterns()), {}
        for role in (*GENERAL, *AROUND_A_CHALLENGE):
            self.clients[role] = Client(raise_request_exception=False)
            if person := getattr(arena, role):
                self.clients[role].force_login(person)
        self.cookies = {role: client.cookies.copy() for role, client in self.clients.items()}

    def answers(self, name, method, state, roles=()):
        """The status for each role."""
        url = self.url(name, state)
        return {role: self.status(role, method, url) for role in roles or roles_of(name)}

    def url(self, name, state):
        return address(self.arena, state, name, self.patterns[name])

    def status(self, role, method, url):
        client = self.clients[role]
        caches["process"].clear()
        with transaction.atomic():
            response = getattr(client, method.lower())(url)
            if response.streaming:
                b"".join(response.streaming_content)
            transaction.set_rollback(True)
        client.cookies = self.cookies[role].copy()
        return response.status_code
