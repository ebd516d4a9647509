"""What one of the team or the panel sees of the answers that are opened, and when."""

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from .models import (
    Challenge,
    Consensus,
    HandedIn,
    OpenedAnswer,
    Opener,
    Panelist,
    Reading,
    Recusal,
    Score,
    TeamMember,
)

LONG = (*Challenge.LONG_TEXTS, "opening__protocol", "key__wrapped_private")


def around(user):
    """Published challenges with what the person is in them, and their opening if there is one."""
    own = {"challenge": OuterRef("pk"), "user_id": user.pk}
    opened = OpenedAnswer.objects.filter(opening__challenge=OuterRef("pk"))
    number = opened.order_by().values("opening").annotate(number=Count("pk")).values("number")
    return (
        Challenge.objects.published()
        .annotate(
            on_team=Exists(TeamMember.objects.active().filter(**own)),
            on_panel=Exists(Panelist.objects.filter(**own)),
            opens=Exists(Opener.objects.filter(**own)),
            number_opened=Coalesce(Subquery(number), 0),
        )
        .select_related("owner", "opening", "key")
        .defer(*LONG)
    )


class Judging:
    """A challenge as its team and panel see it; 404 for everybody else."""

    def __init__(self, user, slug):
        self.user = user
        concerned = around(user).filter(Q(on_team=True) | Q(on_panel=True))
        self.challenge = concerned.filter(slug=slug).first()
        if self.challenge is None:
            raise Http404
        self.opening = getattr(self.challenge, "opening", None)

    @cached_property
    def panelist(self):
        if not self.challenge.on_panel:
            return None
        return Panelist.objects.filter(challenge=self.challenge, user=self.user).first()

    @cached_property
    def answers(self):
        """Those that the person may read, with how far they have come with each."""
        own = {"answer": OuterRef("pk"), "panelist": self.panelist}
        found = OpenedAnswer.objects.readable_by(self.user).filter(opening=self.opening)
        answers = list(
            found.annotate(
                is_read=Exists(Reading.objects.filter(answer=OuterRef("pk"), user=self.user)),
                is_begun=Exists(Score.objects.filter(**own)),
                is_handed_in=Exists(HandedIn.objects.filter(**own)),
            )
            .select_related("version")
            .with_names()
            .order_by("letter")
        )
        for answer in answers:
            answer.opening = self.opening
            answer.opening.challenge = self.challenge
        return sorted(answers, key=lambda one: (len(one.letter), one.letter))

    @cached_property
    def criteria(self):
        return list(self.challenge.criteria.all())

    def answer(self, token):
        for answer in self.answers:
            if answer.token == token:
                return answer
        raise Http404

    def require_readable(self):
        """404 where nothing may be read. Those still on their way there: see `is_on_the_way`."""
        if self.opening is None or not self.answers_are_open:
            raise Http404

    @cached_property
    def is_rival(self):
        """Whether they answered themselves, now or for an organisation that they have left."""
        return OpenedAnswer.objects.of_own(self.user).filter(opening=self.opening).exists()

    @property
    def answers_are_open(self):
        """Whether the person reads as one of the team or of the panel, if only an empty list."""
        if self.is_rival:
            return False
        if self.panelist is None:
            return self.challenge.on_team
        return self.panelist.answers_checked_at is not None

    @cached_property
    def panel(self):
        """All but those with a conflict, with how many answers they are done with."""
        panel = Panelist.objects.filter(challenge=self.challenge).exclude(has_conflict=True)
        away = Recusal.objects.filter(panelist=OuterRef("pk")).values("answer")
        return list(
            panel.select_related("user").annotate(
                done=Count("handed_in", filter=~Q(handed_in__answer__in=away), distinct=True),
                away=Count("recusals", distinct=True),
            )
        )

    @cached_property
    def sees_names(self):
        """With anonymous reading, only when one's own reading is over."""
        if not self.challenge.anonymous_reading or self.challenge.decisions_sent_at:
            return True
        if self.panelist:
            return self.has_handed_in_all
        return self.panel_is_done or self.is_agreed

    @property
    def has_handed_in_all(self):
        return bool(self.answers) and all(one.is_handed_in for one in self.answers)

    @property
    def panel_is_done(self):
        number = self.challenge.number_opened
        return bool(self.panel) and all(
            one.has_conflict is False and one.done + one.away >= number for one in self.panel
        )

    @cached_property
    def is_agreed(self):
        """Whether there is a consensus on everything."""
        agreed = Consensus.objects.filter(answer__opening=self.opening).count()
        return bool(self.answers) and agreed >= len(self.answers) * len(self.criteria)

    def label(self, answer):
        return named(answer) if self.sees_names else lettered(answer)

    def has_insight(self, answer):
        """Whether the scores of the others show: not before one's own are handed in."""
        return self.panelist is None or answer.is_handed_in

    @cached_property
    def sees_all(self):
        """Whether the person may judge all that was opened and has nothing left to hand in."""
        ready = self.panelist is None or all(one.is_handed_in for one in self.answers)
        return ready and self.challenge.number_opened == len(self.answers)


def named(answer):
    return answer.submission.home.name


def lettered(answer):
    return _("Answer %(letter)s") % {"letter": answer.letter}
