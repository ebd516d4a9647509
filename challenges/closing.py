"""Suppliers rely on a published challenge: its owner stays until it is decided."""

from django.utils.translation import gettext as _

from afori.accounts.closing import obstacle

from .models import Challenge


@obstacle
def undecided_challenges(organisation):
    own = Challenge.objects.filter(owner=organisation, state=Challenge.State.PUBLISHED)
    titles = [f"”{challenge.title}”" for challenge in own.order_by("closes_at", "pk")[:5]]
    if not titles:
        return []
    text = _("It has published challenges that are not decided yet: %(titles)s.")
    return [text % {"titles": ", ".join(titles)}]
