from urllib.parse import urlencode

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from . import engine
from .forms import KINDS, SearchForm

HITS_A_PAGE = 20


def search(request):
    form = SearchForm(request.GET)
    terms, kind = form.terms(), form.kind_chosen()
    hits = engine.find(terms, request.user) if terms else []
    shown = [hit for hit in hits if hit.kind == kind] if kind else hits
    page = page_or_404(shown, request.GET.get("page", 1))
    context = {
        "terms": terms,
        "total": len(shown),
        "kinds": kind_links(terms, kind, engine.count(hits)),
        "page_obj": page,
        "rows": rows(page.object_list, terms, request.user),
    }
    return render(request, "search/search.html", context)


def page_or_404(hits, number):
    try:
        return Paginator(hits, HITS_A_PAGE).page(number)
    except (InvalidPage, ValueError) as error:
        raise Http404 from error


def kind_links(terms, chosen, counts):
    """(label, address, number, current) of each kind that has hits, all of them first."""
    every = (_("All"), f"?{urlencode({'q': terms})}", sum(counts.values()), not chosen)
    return [every] + [
        (label, f"?{urlencode({'q': terms, 'kind': kind})}", counts[kind], kind == chosen)
        for kind, label in KINDS
        if counts[kind]
    ]


def rows(hits, terms, user):
    labels = dict(KINDS)
    return [
        {
            "kind": labels[kind],
            "url": row.get_absolute_url(),
            "title": str(row),
            "excerpt": engine.excerpt_parts(row, engine.SOURCES[kind]),
            "level": getattr(row, "level", ""),
            "example": row.is_example,
        }
        for kind, row in engine.fetch(hits, terms, user)
    ]
