from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from afori.common.lists import FilterForm
from afori.taxonomy.forms import level_field, method_field, topic_field

from .models import Article, Audience


class ArticleFilter(FilterForm):
    KINDS = [choice for choice in Article.Kind.choices if choice[0] != Article.Kind.TERM]

    q = forms.CharField(label=_("Search knowledge"), required=False, max_length=200)
    kind = forms.MultipleChoiceField(
        label=_("Kind"), choices=KINDS, required=False, widget=forms.CheckboxSelectMultiple
    )
    audience = forms.ChoiceField(
        label=_("For"), choices=[("", _("All")), *Audience.choices], required=False
    )
    level = level_field()
    method = method_field()
    topic = topic_field()

    conditions = {
        "kind": lambda value: Q(kind=value),
        "audience": lambda value: Q(audience__contains=[value]),
        "level": lambda value: Q(levels__contains=[value]),
        "method": lambda value: Q(methods__contains=[value]),
        "topic": lambda value: Q(topics__slug=value),
    }


class ThemeWeekFilter(FilterForm):
    q = forms.CharField(label=_("Search theme weeks"), required=False, max_length=200)
    topic = topic_field()

    conditions = {"topic": lambda value: Q(topics__slug=value)}
