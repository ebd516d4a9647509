"""What must not happen in a browser."""

import re

HARMLESS = re.compile(r"Failed to load resource")


class Watch:
    """Notes console errors, page errors, broken policies, failed and foreign requests."""

    def __init__(self, context, site):
        self.site = site
        self.noted = []
        self.expected = set()
        context.on("console", self.console)
        context.on("weberror", lambda error: self.noted.append(f"page error: {error.error}"))
        context.on("response", self.response)
        context.on("request", self.request)
        context.on("requestfailed", self.failed)

    def expect(self, *statuses):
        """Answers with these statuses are meant by the test."""
        self.expected.update(statuses)

    def console(self, message):
        if message.type in ("error", "warning") and not HARMLESS.match(message.text):
            self.noted.append(f"console {message.type}: {message.text}")

    def request(self, request):
        if not request.url.startswith((self.site, "data:", "blob:", "about:")):
            self.noted.append(f"foreign: {request.url}")

    def response(self, response):
        if response.status >= 400 and response.status not in self.expected:
            self.noted.append(f"{response.status}: {response.request.method} {response.url}")

    def failed(self, request):
        if request.failure != "net::ERR_ABORTED":
            self.noted.append(f"{request.failure}: {request.url}")

    def faults(self):
        return self.noted
