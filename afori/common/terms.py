from django.utils.html import format_html
from django.utils.translation import gettext as _


def explained(word, title, text, url, anchor):
    """A button that opens the explanation of a word; `url` is the glossary's, or empty."""
    link = format_html(' <a href="{}">{}</a>', url, _("The whole glossary")) if url else ""
    return format_html(
        '<button class="term" type="button" popovertarget="{anchor}">{word}</button>'
        '<span class="tip" id="{anchor}" popover><strong>{title}.</strong> {text}{link}</span>',
        anchor=anchor,
        word=word,
        title=title,
        text=text,
        link=link,
    )
