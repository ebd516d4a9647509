"""Swedish order that every PostgreSQL knows: å, ä and ö after z, é as e."""

from django.db.models import CharField, F, Func, Value
from django.db.models.functions import Coalesce, Collate, Lower, NullIf

from .translation import preferred_languages

# In byte order { | } follow z. Capitals are listed too: lower() leaves them alone in the C locale.
LETTERS = ("åäöéÅÄÖÉ", "{|}e{|}e")


def by_swedish(name):
    """An expression to order by a text column: `order_by(by_swedish("title_sv"))`."""
    return swedish(F(name))


def by_name(name):
    """The order of a bilingual column as it is shown: in the active language, else in the other."""
    first, *others = (F(f"{name}_{language}") for language in preferred_languages())
    return swedish(Coalesce(NullIf(first, Value("")), *others))


def swedish(expression):
    letters, signs = (Value(text) for text in LETTERS)
    plain = Func(Lower(expression), letters, signs, function="translate", output_field=CharField())
    return Collate(plain, "C")
