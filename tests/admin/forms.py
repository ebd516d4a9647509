"""What a browser would send: the fields of a page's form as they stand."""

from html.parser import HTMLParser


class Fields(HTMLParser):
    """Successful controls of the form with the given id, by name."""

    def __init__(self, form_id):
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.data, self.select, self.textarea = {}, None, None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        name = attributes.get("name")
        if tag == "form":
            self.inside = attributes.get("id") == self.form_id
        elif not self.inside:
            return
        elif tag == "input" and name:
            self.input(name, attributes)
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in attributes:
            self.data.setdefault(self.select, []).append(attributes.get("value", ""))
        elif tag == "textarea":
            self.textarea = name
            self.data[name] = [""]

    def input(self, name, attributes):
        kind = attributes.get("type", "text")
        if kind in ("checkbox", "radio") and "checked" not in attributes:
            return
        if kind not in ("submit", "file", "button"):
            self.data.setdefault(name, []).append(attributes.get("value") or "")

    def handle_data(self, data):
        if self.textarea:
            self.data[self.textarea][0] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.textarea = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.inside = False


def fields(response, form_id):
    parser = Fields(form_id)
    parser.feed(response.content.decode())
    return {
        name: [value.removeprefix("\n").removeprefix("\r\n") for value in values]
        for name, values in parser.data.items()
        if "__prefix__" not in name
    }


def save(client, url, form_id, *, button="_continue", **changes):
    """Open a page, change some fields, press a button; the response after the redirect."""
    data = fields(client.get(url), form_id) | changes | {button: "1"}
    return client.post(url, data, follow=True)
