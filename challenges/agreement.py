"""The panel's scores side by side, and the order that what was agreed gives."""

from collections import Counter, defaultdict

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Consensus, Decision, HandedIn, Panelist, Score
from .ranking import Measure, ranking


class Agreement:
    """One answer: who has handed in, their scores by criterion, and what was agreed.

    Who found a conflict of interest afterwards is left out, with the scores.
    """

    def __init__(self, judging, answer):
        self.judging, self.answer = judging, answer
        here = {"panelist": OuterRef("pk"), "answer": answer}
        panel = Panelist.objects.filter(challenge=judging.challenge).exclude(has_conflict=True)
        panel = panel.exclude(recusals__answer=answer).select_related("user")
        judges = list(panel.annotate(is_done=Exists(HandedIn.objects.filter(**here))))
        self.judges = [one for one in judges if one.is_done]
        self.awaited = [one for one in judges if not one.is_done]
        self.scores = defaultdict(dict)
        shown = Score.objects.filter(answer=answer, panelist__in=self.judges)
        for score in shown:
            self.scores[score.criterion_id][score.panelist_id] = score
        agreed = Consensus.objects.filter(answer=answer).select_related("by")
        self.agreed = {one.criterion_id: one for one in agreed}

    def parts(self, form):
        for criterion in self.judging.criteria:
            names = (f"{name}-{criterion.position}" for name in ("agreed", "reason", "mark"))
            yield (
                criterion,
                self.row(criterion),
                self.agreed.get(criterion.pk),
                *(form[name] for name in names),
            )

    def row(self, criterion):
        given = self.scores[criterion.pk]
        values = [one.value for one in given.values()]
        return {
            "scores": [(judge.user.name, given.get(judge.pk)) for judge in self.judges],
            "spread": max(values) - min(values) if values else None,
            "low": min(values, default=None),
            "high": max(values, default=None),
        }


def agreement(judging, answer):
    return Agreement(judging, answer)


class Order:
    """All answers that the person may read, in the order that the consensus gives."""

    def __init__(self, judging):
        self.judging = judging
        self.by_key = {answer.pk: answer for answer in judging.answers}
        self.agreed = {key: {} for key in self.by_key}
        agreed = Consensus.objects.filter(answer__in=self.by_key)
        for answer, criterion, value in agreed.values_list("answer", "criterion", "value"):
            self.agreed[answer][criterion] = value
        measures = [Measure(one.pk, one.weight, one.minimum_score) for one in judging.criteria]
        self.found = ranking(measures, self.agreed)
        self.prompts = {one.pk: one.prompt for one in judging.criteria}

    def rows(self, answers):
        """Each of the answers with how far the panel has come, in words."""
        number = len(self.judging.criteria)
        done = HandedIn.objects.filter(answer__in=answers).values_list("answer", flat=True)
        handed_in = Counter(done)
        for answer in answers:
            agreed = len(self.agreed[answer.pk])
            scored = handed_in[answer.pk]
            yield {
                "answer": answer,
                "label": self.judging.label(answer),
                "scored": ngettext(
                    "%(number)d has handed in scores", "%(number)d have handed in scores", scored
                )
                % {"number": scored},
                "state": _("%(agreed)d of %(number)d criteria agreed")
                % {"agreed": agreed, "number": number},
                "is_done": agreed >= number,
                "has_insight": self.judging.has_insight(answer),
            }

    def lines(self):
        """By place, then those below a minimum, then those that are not agreed on, by letter."""
        waiting = set(self.found.waiting)
        judged = [self.line(place) for place in [*self.found.places, *self.found.below]]
        return judged + [
            {"answer": answer, "label": self.judging.label(answer), "place": None}
            for key, answer in self.by_key.items()
            if key in waiting
        ]

    def line(self, place):
        answer = self.by_key[place.key]
        values = self.agreed[place.key]
        return {
            "answer": answer,
            "label": self.judging.label(answer),
            "place": place,
            "values": [values.get(one.pk) for one in self.judging.criteria],
            "lacking": [self.prompts[key] for key in place.lacking],
        }

    def suggestions(self):
        """By answer, the decision that the ranking suggests; nothing while one is not agreed on."""
        result = Decision.Result
        told = {place.key: result.NOT_QUALIFIED for place in self.found.below}
        for place in self.found.places:
            told[place.key] = result.CHOSEN if place.number == 1 else result.NOT_CHOSEN
        return told


def order(judging):
    return Order(judging)
