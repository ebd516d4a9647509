"""What anyone may read. Nothing here knows of submissions but one's own."""

from django.db.models import Exists, OuterRef, Prefetch, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import DetailView

from afori.common.lists import FilteredList
from afori.notifications.following import followed_by
from networks.models import Need

from ..calendars import challenge_calendar
from ..changes import latest
from ..detail import LATEST, chain, contents, facts, meetings, questions, route, times
from ..forms import ChallengeFilter
from ..models import Challenge, Submission
from ..notifications.watching import FOLLOWED
from ..rows import challenge_rows, ended, expected
from ..story import story

MOST_PRINTED = 500
SECTIONS = ["open", "upcoming", "closed", "finished"]


class ChallengeList(FilteredList):
    """Open ones by days left, then upcoming, closed and finished."""

    model = Challenge
    form_class = ChallengeFilter
    template_name = "challenges/challenge_list.html"

    def base_queryset(self):
        return Challenge.objects.published()

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .distinct()
            .soonest_first()
            .select_related("owner", "outcome")
            .defer(*Challenge.LONG_TEXTS, "outcome__text_sv", "outcome__text_en")
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        now = timezone.now()
        by_status = {name: [] for name in SECTIONS}
        for challenge in context["object_list"]:
            by_status[challenge.status(at=now)].append(challenge)
        headings = [
            _("Open challenges"),
            _("Upcoming challenges"),
            _("Closed challenges, decision awaited"),
            _("Finished challenges"),
        ]
        return context | {
            "sections": [
                (name, heading, challenge_rows(by_status[name], at=now))
                for name, heading in zip(SECTIONS, headings, strict=True)
                if by_status[name]
            ]
        }


class ChallengeDetail(DetailView):
    template_name = "challenges/challenge_detail.html"
    context_object_name = "challenge"
    amendments = 3
    answers = LATEST

    def get_queryset(self):
        needs = Need.objects.visible_to(self.request.user).defer("search_sv", "search_en")
        return (
            self.visible()
            .select_related("owner", "network", "outcome")
            .prefetch_related("topics", "criteria", Prefetch("needs", needs, to_attr="own_needs"))
            .defer("search_sv", "search_en", "network__search_sv", "network__search_en")
            .annotate(**self.known_at_once())
        )

    def known_at_once(self):
        """What would else be a query each: are there meetings, is it one's own, followed?"""
        same = Challenge.objects.filter(pk=OuterRef("pk"))
        public = {"events__kind": "dialogue_meeting", "events__visibility": "public"}
        known = {"has_meetings": Exists(same.filter(**public))}
        user = self.request.user
        if user.is_authenticated:
            known["is_own"] = Exists(Challenge.objects.of_team(user).filter(pk=OuterRef("pk")))
            known["is_followed"] = followed_by(user, FOLLOWED)
            own = Submission.objects.visible_to(user).filter(challenge=OuterRef("pk"))
            known["own_reference"] = Subquery(own.values("reference")[:1])
        return known

    def visible(self):
        return Challenge.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs):
        challenge = self.object
        now = timezone.now()
        language = self.request.LANGUAGE_CODE
        amendments, amendment_count = latest(challenge, language, self.amendments)
        return super().get_context_data(**kwargs) | {
            "status": challenge.status(at=now) if challenge.is_public else challenge.state,
            "status_label": status_label(challenge, now),
            "chain": chain(challenge, language),
            "facts": facts(challenge, language),
            "route": route(challenge),
            "times": times(challenge, now, language),
            "contents": contents(challenge, amendments),
            "amendments": amendments,
            "amendment_count": amendment_count,
            "qa": questions(challenge, now, self.answers),
            "meetings": meetings(challenge),
            "next": expected(challenge, language),
            "story": story(challenge),
            "ending": ended(challenge, now, language) if challenge.is_over else None,
            "own_answer": self.own_answer(),
            "is_own": getattr(challenge, "is_own", False),
        }

    def own_answer(self):
        """The answer that this person writes, if any; everybody else gets the same page."""
        reference = getattr(self.object, "own_reference", None)
        return reference and Submission(challenge=self.object, reference=reference)


class ChallengePrint(ChallengeDetail):
    """The same with every amendment and answer, to print or save."""

    template_name = "challenges/challenge_print.html"
    amendments = answers = MOST_PRINTED


def status_label(challenge, now):
    labels = {
        "open": _("Open for answers"),
        "upcoming": _("Upcoming"),
        "closed": _("Closed"),
    }
    if challenge.state != Challenge.State.PUBLISHED:
        return challenge.get_state_display()
    return labels[challenge.status(at=now)]


def calendar(request, slug):
    challenge = get_object_or_404(Challenge.objects.visible_to(request.user), slug=slug)
    if not challenge.closes_at:
        raise Http404
    return HttpResponse(
        challenge_calendar(challenge),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{challenge.slug}.ics"'},
    )
