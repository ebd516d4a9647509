from django.utils.html import format_html


def linked(thing):
    """The name of a thing as a link to its page; of one that is closed, the name alone."""
    if getattr(thing, "closed_at", None):
        return str(thing)
    return format_html('<a class="ds-link" href="{}">{}</a>', thing.get_absolute_url(), thing)
