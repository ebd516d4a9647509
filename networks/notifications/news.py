"""News of networks and needs, for those who follow them, their topics or their organisations."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from afori.notifications.followed import whole
from afori.notifications.groups import Followable, Group, register_followable, register_group
from afori.notifications.news import News, topics_of
from afori.notifications.registry import register

from ..models import Need, Network, NetworkMembership

NEEDS = register_group(
    Group(
        name="needs",
        label=gettext_lazy("Needs"),
        what=gettext_lazy("New needs, and needs that networks give priority."),
    )
)
NETWORKS = register_group(
    Group(
        name="networks",
        label=gettext_lazy("Buyer networks"),
        what=gettext_lazy("New buyer networks."),
    )
)
register_followable(
    Followable(
        name="network",
        label=gettext_lazy("Buyer network"),
        what=gettext_lazy("New needs, challenges, events and articles of the network."),
        model=Network,
        url=lambda network: network.get_absolute_url(),
        reason=lambda network: _("You follow the network %(name)s.") % {"name": network.name},
        rank=30,
        section="network",
    )
)
register_followable(
    Followable(
        name="need",
        label=gettext_lazy("Need"),
        what=gettext_lazy("What becomes of the need: priority, challenges, events and articles."),
        model=Need,
        url=lambda need: need.get_absolute_url(),
        visible_among=lambda user, ids: (
            Need.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True)
        ),
        reason=lambda need: _("You follow the need."),
        rank=20,
    )
)
whole(
    "every_network",
    gettext_lazy("All new buyer networks"),
    gettext_lazy("Each new buyer network."),
    "networks:list",
    gettext_lazy("You follow all new buyer networks."),
)
whole(
    "every_need",
    gettext_lazy("All new needs"),
    gettext_lazy("Each new need that is public."),
    "networks:needs",
    gettext_lazy("You follow all new needs."),
)

NOT_YET_NEWS = (Need.State.PROPOSED, Need.State.STOPPED)


def public_needs(ids):
    told = Need.objects.public().filter(pk__in=ids).exclude(state__in=NOT_YET_NEWS)
    return told.values_list("pk", flat=True)


def needs_of_members(ids, user_ids):
    """Pairs (person, need) of needs that only the members of their network may read."""
    told = Need.objects.filter(pk__in=ids).exclude(state__in=NOT_YET_NEWS)
    members = NetworkMembership.objects.active().filter(user__in=user_ids, network__needs__in=told)
    return members.values_list("user", "network__needs")


def around_need(need):
    return [
        ("need", need.pk),
        ("network", need.network_id),
        ("organisation", need.proposer_id),
        *topics_of(need),
        ("every_need", 0),
    ]


def shown_need(need):
    return {
        "title": need.title,
        "summary": need.summary,
        "label": _("Need"),
        "meta": need.network and need.network.name,
    }


def news_of_need(name, text):
    return register(
        News(
            name=f"networks.{name}",
            model=Need,
            group=NEEDS,
            text=lambda need: text() % {"need": need.title},
            url=lambda need: need.get_absolute_url(),
            mail="notifications/news",
            context=shown_need,
            shown=shown_need,
            targets=around_need,
            public_among=public_needs,
            members_among=needs_of_members,
            related=("network",),
            prefetch=("topics",),
        )
    )


NEED_OPENED = news_of_need("need_opened", lambda: _("New need: %(need)s"))
NEED_PRIORITISED = news_of_need("need_prioritised", lambda: _("Given priority: %(need)s"))


def shown_network(network):
    return {"title": network.name, "summary": network.summary, "label": _("New network")}


NETWORK_OPENED = register(
    News(
        name="networks.network_opened",
        model=Network,
        group=NETWORKS,
        text=lambda network: _("New buyer network: %(network)s") % {"network": network.name},
        url=lambda network: network.get_absolute_url(),
        mail="notifications/news",
        context=shown_network,
        shown=shown_network,
        targets=lambda network: [
            ("network", network.pk),
            ("organisation", network.organiser_id),
            *topics_of(network),
            ("every_network", 0),
        ],
        public_among=lambda ids: Network.objects.filter(pk__in=ids).values_list("pk", flat=True),
        prefetch=("topics",),
    )
)
