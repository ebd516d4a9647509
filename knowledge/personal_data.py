"""What knowledge holds about a person: which articles they look after."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from afori.common.personal_data import Fate, Holding, facts, register

from .models import Article


def collected(user):
    own = Article.objects.filter(owner=user).order_by("pk")
    return {_("Articles that you look after"): (facts(one, "slug", "title_sv") for one in own)}


def erase(user):
    Article.objects.filter(owner=user).update(owner=None)


register(
    Holding(
        name="articles",
        title=pgettext_lazy("own data", "articles"),
        what=gettext_lazy("Which articles you look after, if you are an editor."),
        collect=collected,
        erase=erase,
        fields={"knowledge.Article.owner": Fate.ERASED},
    )
)
