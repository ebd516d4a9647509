"""Lists: a filter form that takes and returns a queryset, counts per choice, capped pages."""

import hashlib
import json

from django import forms
from django.core.cache import caches
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.views.generic import ListView

ROWS_A_PAGE = 20
MOST_ROWS = 1_000
FACETS_KEPT_SECONDS = 60


class FilterForm(forms.Form):
    """Narrows a queryset by what the address says. Values it does not know are ignored.

    Subclasses declare choice fields and, per field, `conditions[name](value) -> Q`. Several
    values of one field widen the choice, several fields narrow it.
    """

    conditions = {}

    q = forms.CharField(required=False, max_length=200, strip=True)

    def __init__(self, data):
        super().__init__(data)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.choices = list(field.choices)  # else asked for anew by each who looks
        self.full_clean()

    def narrow(self, queryset):
        return self.matching(queryset).filter(self.condition())

    def matching(self, queryset):
        terms = self.chosen("q")
        return queryset.matching(terms[0]) if terms else queryset

    def condition(self, *, without=None):
        """All choices as one Q, those of the field `without` left out."""
        whole = Q()
        for name, condition in self.conditions.items():
            if name != without and (values := self.chosen(name)):
                whole &= any_of(condition(value) for value in values)
        return whole

    def chosen(self, name):
        """The valid values of a field as a list, empty when there is none."""
        value = self.cleaned_data.get(name)
        if not value:
            return []
        return value if isinstance(value, list) else [value]

    def facets(self, queryset):
        """{field: {value: rows}} in one query, each field counted under the others' choices."""
        counts, names = {}, {}
        for name, condition in self.conditions.items():
            others = self.condition(without=name)
            for value, _label in flat_choices(self.fields[name]):
                key = f"facet_{len(names)}"
                names[key] = (name, value)
                counts[key] = Count("pk", filter=condition(value) & others, distinct=True)
        found = self.matching(queryset).order_by().aggregate(**counts) if counts else {}
        facets = {name: {} for name in self.conditions}
        for key, number in found.items():
            name, value = names[key]
            facets[name][value] = number
        return facets

    def signature(self):
        chosen = {name: self.chosen(name) for name in self.fields}
        return hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()


def any_of(conditions):
    whole = Q()
    for condition in conditions:
        whole |= condition
    return whole


def flat_choices(field):
    return [(value, label) for value, label in field.choices if value != ""]


class CappedPaginator(Paginator):
    """Counts no further than `MOST_ROWS`: beyond that, people should narrow their search."""

    @cached_property
    def seen(self):
        return self.object_list.order_by()[: MOST_ROWS + 1].count()

    @cached_property
    def count(self):
        return min(self.seen, MOST_ROWS)

    @property
    def is_capped(self):
        return self.seen > MOST_ROWS


class FilteredList(ListView):
    """A list page: `form_class` narrows `get_queryset()`; facets are kept for strangers."""

    form_class = FilterForm
    paginate_by = ROWS_A_PAGE
    paginator_class = CappedPaginator

    @cached_property
    def form(self):
        return self.form_class(self.request.GET)

    def base_queryset(self):
        """All rows the person may see, before the filter."""
        return self.model._default_manager.all()

    def get_queryset(self):
        return self.form.narrow(self.base_queryset())

    def facets(self):
        if self.request.user.is_authenticated:
            return self.form.facets(self.base_queryset())
        key = f"facets:{type(self).__qualname__}:{get_language()}:{self.form.signature()}"
        return caches["process"].get_or_set(
            key, lambda: self.form.facets(self.base_queryset()), FACETS_KEPT_SECONDS
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        paginator = context["paginator"]
        return context | {
            "form": self.form,
            "facets": self.facets(),
            "total": paginator.count,
            "is_capped": paginator.is_capped,
        }
