"""All that a person follows, and how the news of it come."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from afori.common.views import posted

from .bounces import is_stopped, start_again
from .choosing import choices_of, choose, settings_of
from .following_views import name_of
from .forms import ChoicesForm
from .groups import Followable, followables
from .models import Follow

MOST = 1_000
A_PAGE = 50


@dataclass(frozen=True)
class Row:
    """Something followed; without `name` and `url` when the person may not see it any more."""

    followable: Followable
    subject_id: int
    name: Any = ""
    url: str = ""

    @property
    def heading(self):
        return self.followable.label if self.followable.model else _("All of a kind")

    @property
    def what(self):
        return self.followable.what if self.followable.model else ""


def followed(request):
    """By kind. As many queries as there are kinds, whatever the number followed."""
    page = Paginator(own_follows(request.user), A_PAGE).get_page(request.GET.get("page"))
    context = {"rows": rows(request.user, page.object_list), "page_obj": page}
    return render(request, "notifications/followed.html", context)


def own_follows(user):
    """Pairs (kind, id), whole kinds last; none of a kind that no app has any more."""
    known = followables()
    pairs = Follow.objects.of(user).order_by("-pk").values_list("kind", "subject_id")[:MOST]
    order = {name: (one.model is None, place) for place, (name, one) in enumerate(known.items())}
    return sorted((pair for pair in pairs if pair[0] in known), key=lambda pair: order[pair[0]])


def rows(user, pairs):
    known = followables()
    seen = {}
    for kind in {kind for kind, _pk in pairs if known[kind].model}:
        ids = [pk for name, pk in pairs if name == kind]
        visible = known[kind].visible_among(user, ids)
        found = known[kind].model._default_manager.filter(pk__in=visible)
        seen |= {(kind, one.pk): one for one in found}
    return [row(known[kind], pk, seen.get((kind, pk))) for kind, pk in pairs]


def row(followable, pk, subject):
    if followable.model and subject is None:
        return Row(followable, pk)
    return Row(followable, pk, name_of(followable, subject), followable.url(subject))


def choices(request):
    """How the news come: by group, and when the digest does."""
    reader = settings_of(request.user)
    form = ChoicesForm(posted(request), reader=reader, choices=choices_of(reader))
    if form.is_valid():
        choose(by=request.user, **form.chosen())
        messages.success(request, _("Your choices are saved."))
        return redirect("notifications:choices")
    context = {"form": form, "reader": reader, "is_stopped": is_stopped(request.user.email)}
    return render(request, "notifications/choices.html", context)


@require_POST
def mail_again(request):
    """The person says that the address works: mail that bounces had stopped starts again."""
    start_again(request.user.email)
    messages.success(request, _("We send e-mail to you again."))
    return redirect("notifications:choices")
