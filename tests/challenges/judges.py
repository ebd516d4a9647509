"""Short ways to what tests of judging need."""

from django.urls import reverse

from challenges.models import OpenedAnswer
from tests.cast import ROLES

TEXT = "Hemlig text 4711"
OTHERS = [*(set(ROLES) - {"owner"}), "colleague", "former"]
LISTS = [
    *("answers", "consensus", "ranking", "decisions", "decisions_send"),
    *("panel", "protocol", "protocol_file", "opening"),
]
EACH = ["opened_answer", "consensus_answer", "decision", "decision_preview"]


def url(name, challenge, *args):
    return reverse(f"challenges:{name}", args=[challenge.slug, *args])


def readable(person):
    return set(OpenedAnswer.objects.readable_by(person))


def post_scores(client, answer, values, then="stay", comment="Bra"):
    data = {f"score-{position}": value for position, value in values.items()}
    data |= {f"comment-{position}": comment for position in values}
    return client.post(answer.get_absolute_url(), {**data, "then": then})
