"""What an editor has put into a theme week but strangers will not see there."""

from django.utils.translation import gettext as _

from afori.events.models import Event
from challenges.models import Challenge
from funding.models import FundingCall

from .models import Article

MOST = 20


def hidden_things(week):
    """A sentence for each thing of the programme that is not public."""
    hidden = [
        week.events.exclude(pk__in=Event.objects.public().values("pk")),
        week.articles.exclude(pk__in=Article.objects.published().values("pk")),
        week.challenges.exclude(pk__in=Challenge.objects.published().values("pk")),
        week.calls.exclude(pk__in=FundingCall.objects.published().values("pk")),
    ]
    return [
        _("Not public, so not shown on the page: %(title)s") % {"title": one}
        for things in hidden
        for one in things.only("title_sv", "title_en")[:MOST]
    ]
