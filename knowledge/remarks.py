"""What an editor has put into a theme week but strangers will not see there."""

from django.utils.translation import gettext as _

from afori.events.models import Event
from challenges.models import Challenge
from funding.models import FundingCall

from .models import Article

PUBLIC = [
    (Event, lambda: Event.objects.public()),
    (Article, lambda: Article.objects.published()),
    (Challenge, lambda: Challenge.objects.published()),
    (FundingCall, lambda: FundingCall.objects.published()),
]


def hidden_things(week):
    """A sentence for each thing of the programme that is not public."""
    found = []
    for model, public in PUBLIC:
        titles = model.objects.filter(theme_weeks=week).exclude(pk__in=public().values("pk"))
        found += [
            _("Not public, so not shown on the page: %(title)s") % {"title": one}
            for one in titles.only("title_sv", "title_en")[:20]
        ]
    return found
