"""Bilingual columns: `title_sv`, `title_en` and one descriptor `title` that reads them."""

from django.conf import settings
from django.utils.translation import get_language


class Text(str):
    """A text that knows its language, so that templates can mark a foreign one."""

    __slots__ = ("lang",)
    lang: str

    def __new__(cls, value, lang):
        text = super().__new__(cls, value)
        text.lang = lang
        return text


class Translated:
    """Reads `<name>_<language>` in the active language, else in the first one that has a text."""

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        for language in preferred_languages():
            if value := getattr(instance, f"{self.name}_{language}"):
                return Text(value, language)
        return Text("", get_language())


def preferred_languages():
    """Language codes of the site, the active one first."""
    active = get_language() or settings.LANGUAGE_CODE
    return [active, *(code for code, _ in settings.LANGUAGES if code != active)]
