"""Charts, each beside its table."""

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from .. import charts
from . import register, unique


@register.inclusion_tag("components/demand.html", takes_context=True)
def demand_bar(context, pledge, letter, interest, unit, title=None, id=None, table=True):  # noqa: A002
    """Pooled demand by how firm it is: whole numbers of a unit such as "persons a year"."""
    title = title or _("Pooled demand")
    return {
        "id": id or unique(context, title),
        "title": title,
        "parts": charts.demand(pledge, letter, interest),
        "pledge": pledge,
        "letter": letter,
        "interest": interest,
        "total": pledge + letter + interest,
        "unit": unit,
        "table": table,
    }


@register.inclusion_tag("components/radar.html", takes_context=True)
def radar(context, scores, title=None, id=None, table=True):  # noqa: A002
    """The network check: pairs of factor and score from 1 to 5."""
    title = title or _("Network check, five success factors")
    scores = [(str(name), score) for name, score in scores]
    return {
        "id": id or unique(context, title),
        "title": title,
        "scores": scores,
        "chart": charts.radar(scores),
        "table": table,
    }


@register.inclusion_tag("components/windows.html", takes_context=True)
def windows(context, contracts, title=None, id=None, table=True):  # noqa: A002
    """When contracts end: pairs of organisation and last day."""
    title = title or _("When contracts end")
    return {
        "id": id or unique(context, title),
        "title": title,
        "chart": charts.windows(
            [(str(name), ends) for name, ends in contracts], timezone.localdate()
        ),
        "table": table,
    }


@register.simple_tag
def meter(used, limit):
    """A thin bar that shows a share of a limit; it is red when over. Say the numbers beside it."""
    css = "meter full" if used > limit else "meter"
    return format_html(
        '<svg class="{}" aria-hidden="true"><rect width="100%" height="6"/>'
        '<rect width="{}" height="6"/></svg>',
        css,
        charts.meter(used, limit),
    )
