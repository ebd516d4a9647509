"""A light check of what any page's HTML must be. The W3C's checker is the thorough one."""

from collections import Counter
from html.parser import HTMLParser

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
NAMED = {"a", "button"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}


def problems(html):
    """What is wrong with the page, as short sentences."""
    page = Page()
    page.feed(html)
    return [*doubled(page.ids), *headings(page.levels), *page.problems(), *page.nameless]


def doubled(ids):
    return [
        f"id {name!r} is there {count} times" for name, count in Counter(ids).items() if count > 1
    ]


def headings(levels):
    ones = levels.count(1)
    skips = [
        f"h{later} follows h{earlier}"
        for earlier, later in zip([0, *levels], levels, strict=False)
        if later > earlier + 1
    ]
    return skips if ones == 1 else [f"{ones} h1", *skips]


def is_pattern(name):
    """An empty form of Django's admin, which its script copies."""
    return "__prefix__" in (name or "")


class Page(HTMLParser):
    """Collects ids, labels, fields, headings, and links and buttons without a name."""

    def __init__(self):
        super().__init__()
        self.ids, self.levels, self.nameless = [], [], []
        self.labels, self.references, self.fields = set(), set(), []
        self.open, self.names = [], []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if "id" in given:
            self.ids.append(given["id"])
        for name in ("aria-labelledby", "aria-describedby", "aria-controls", "popovertarget"):
            self.references.update((given.get(name) or "").split())
        if tag in HEADINGS:
            self.levels.append(int(tag[1]))
        if tag == "label" and "for" in given:
            self.labels.add(given["for"])
        if tag in {"input", "select", "textarea"} and given.get("type") not in UNLABELLED:
            self.fields.append((given, "label" in self.open))
        if tag in NAMED:
            self.names.append(given.get("aria-label") or given.get("title") or "")
        elif given.get("alt") or given.get("aria-label"):
            self.handle_data(given.get("alt") or given["aria-label"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_data(self, data):
        self.names = [name + data.strip() for name in self.names]

    def handle_endtag(self, tag):
        if tag in NAMED and self.names and not self.names.pop():
            self.nameless.append(f"{tag} without a name at line {self.getpos()[0]}")
        if tag in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(tag) :]

    def problems(self):
        for given, inside in self.fields:
            named = inside or given.keys() & {"aria-label", "aria-labelledby"}
            if is_pattern(given.get("name")):
                continue
            if not named and given.get("id") not in self.labels:
                yield f"no label for {given.get('name')!r}"
        for missing in sorted((self.references | self.labels) - set(self.ids)):
            if is_pattern(missing):
                continue
            yield f"nothing has the id {missing!r}"
