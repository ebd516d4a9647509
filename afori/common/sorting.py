"""Swedish order that every PostgreSQL knows: å, ä and ö after z, é as e."""

from django.db.models import F, Func, Value
from django.db.models.functions import Lower


def by_swedish(name):
    """An expression to order by a text column: `order_by(by_swedish("title_sv"))`."""
    return Func(Lower(F(name)), Value("åäöé"), Value("{|}e"), function="translate")
