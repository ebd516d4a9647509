"""Choosing the organisation that another one is the same as, and what a merge would do."""

from django.http import Http404
from django.utils.translation import gettext as _

from .. import actions
from ..forms import SearchForm
from ..likeness import others_like
from ..models import Organisation

HITS = 20


class Merging:
    """Two pages for the admin of organisations: find the other one, look and confirm."""

    def merge_view(self, request, object_id):
        organisation = self.changeable(request, object_id)
        form = SearchForm(request.GET or None)
        others = Organisation.objects.active().exclude(pk=organisation.pk)
        if form.is_valid():
            found = others.named(form.cleaned_data["q"])
        else:
            found = others_like(organisation)
        context = {
            "title": _("Which organisation is the same as %(name)s?") % {"name": organisation},
            "form": form,
            "found": [
                (each, self.address("merge_into", organisation.pk, each.pk))
                for each in found[:HITS]
            ],
            "searched": form.is_valid(),
        }
        return self.page(request, "admin/accounts/merge.html", organisation, context)

    def merge_into_view(self, request, object_id, kept_id):
        merged = self.changeable(request, object_id)
        kept = self.other(kept_id)
        return self.step_page(
            request,
            merged,
            lambda reason: actions.merge_organisations(
                merged, into=kept, by=request.user, reason=reason
            ),
            title=_("Make %(merged)s part of %(kept)s?") % {"merged": merged, "kept": kept},
            lead=[
                _("%(merged)s is closed. What is its own goes to %(kept)s. This cannot be undone.")
                % {"merged": merged, "kept": kept}
            ],
            button=_("Merge the organisations"),
            template="admin/accounts/merge_into.html",
            kept=kept,
            preview=actions.preview_merge(merged, into=kept),
        )

    def other(self, pk):
        found = Organisation.objects.filter(pk=pk).first() if pk < 2**63 else None
        if found is None:
            raise Http404
        return found
