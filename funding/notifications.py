"""New funding calls, for those who follow their topics or funder; and what closes."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from afori.notifications.followed import whole
from afori.notifications.groups import Followable, Group, register_followable, register_group
from afori.notifications.news import News, topics_of
from afori.notifications.registry import register

from .models import CutOff, FundingCall

CALLS = register_group(
    Group(
        name="calls",
        label=gettext_lazy("Funding calls"),
        what=gettext_lazy("New calls, and when they close."),
    )
)


def public_among(ids):
    return FundingCall.objects.published().filter(pk__in=ids).values_list("pk", flat=True)


register_followable(
    Followable(
        name="call",
        label=gettext_lazy("Funding call"),
        what=gettext_lazy("When the call closes."),
        model=FundingCall,
        url=lambda call: call.get_absolute_url(),
        visible_among=lambda user, ids: public_among(ids),
        reason=lambda call: _("You follow the call."),
        rank=10,
    )
)
whole(
    "every_call",
    gettext_lazy("All funding calls"),
    gettext_lazy("Each new call, and when it closes."),
    "funding:list",
    gettext_lazy("You follow all funding calls."),
)


def closing(after, until):
    """The first cut-off between of each published call, by its key."""
    found = CutOff.objects.filter(call__is_published=True, at__gt=after, at__lte=until)
    return dict(found.order_by("-at").values_list("call", "at"))


def shown(call):
    return {
        "title": call.title,
        "summary": call.summary,
        "label": _("New call"),
        "meta": call.funder.name,
    }


CALL_ANNOUNCED = register(
    News(
        name="funding.call_announced",
        model=FundingCall,
        group=CALLS,
        text=lambda call: _("New call: %(call)s") % {"call": call.title},
        url=lambda call: call.get_absolute_url(),
        mail="notifications/news",
        context=shown,
        shown=shown,
        targets=lambda call: [
            ("call", call.pk),
            ("organisation", call.funder_id),
            *topics_of(call),
            ("every_call", 0),
        ],
        public_among=public_among,
        deadlines=closing,
        related=("funder",),
        prefetch=("topics",),
    )
)
