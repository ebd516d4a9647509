"""What can be followed of the apps that stand below: topics and organisations."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from afori.accounts.models import Organisation
from afori.taxonomy.models import Topic

from .groups import Followable, register_followable

TOPIC = register_followable(
    Followable(
        name="topic",
        label=gettext_lazy("Topic"),
        what=gettext_lazy("Challenges, needs, networks, funding and articles about the topic."),
        model=Topic,
        url=lambda topic: reverse("challenges:list") + f"?topic={topic.slug}",
        reason=lambda topic: _("You follow the topic %(name)s.") % {"name": topic.name},
        rank=50,
        section="topic",
        is_open=True,
    )
)
ORGANISATION = register_followable(
    Followable(
        name="organisation",
        label=gettext_lazy("Organisation"),
        what=gettext_lazy("What the organisation publishes: challenges, events and funding."),
        model=Organisation,
        url=lambda organisation: organisation.get_absolute_url(),
        visible_among=lambda user, ids: (
            Organisation.objects.active().filter(pk__in=ids).values_list("pk", flat=True)
        ),
        reason=lambda organisation: _("You follow %(name)s.") % {"name": organisation.name},
        rank=40,
    )
)


def whole(name, label, what, url, reason):
    """A whole kind, as all challenges."""
    return register_followable(
        Followable(
            name=name,
            label=label,
            what=what,
            url=lambda subject=None: reverse(url),
            reason=lambda subject=None: str(reason),
            rank=60,
            is_open=True,
        )
    )
