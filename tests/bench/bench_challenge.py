"""The page of a challenge with 200 answered questions and 30 amendments, against a bare view that
shows the same rows in one plain template.
"""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from challenges.models import AmendedField, Amendment, AnswerRun, Question
from tests import factories as make
from tests.challenges.support import complete

from .servers import compared, granian

ROUNDS, EACH = 5, 200
MAIN = Path(__file__).with_name("bare_challenge.html")


def busy(questions=200, amendments=30):
    """A challenge that a long time and many questions have passed over."""
    challenge = complete(make.ChallengeFactory(network=make.NetworkFactory()))
    challenge.topics.add(make.TopicFactory())
    challenge.needs.add(make.NeedFactory())
    by, now = make.UserFactory(), timezone.now()
    run = AnswerRun.objects.create(challenge=challenge, number=1, published_at=now, by=by)
    words = {"question_sv": "Får man svara på danska?", "answer_sv": "Ja, det får man."}
    Question.objects.bulk_create(
        Question(challenge=challenge, run=run, asked_on=now, state="published", text="?", **words)
        for _each in range(questions)
    )
    made = Amendment.objects.bulk_create(
        Amendment(
            challenge=challenge, number=number, published_at=now, by=by, reason_sv="Tydligare"
        )
        for number in range(1, amendments + 1)
    )
    before, after = '"Det är mörkt när man går hem."', '"Det är mörkt och kallt när man går hem."'
    AmendedField.objects.bulk_create(
        AmendedField(amendment=one, name="background_sv", before=before, after=after)
        for one in made
    )
    make.EventFactory(challenge=challenge, kind="dialogue_meeting")
    return challenge


@pytest.mark.django_db(transaction=True)
def test_challenge(tmp_path, client):
    challenge = busy()
    with CaptureQueriesContext(connection) as queries:
        page = client.get(challenge.get_absolute_url()).text
    before, rest = page.split("<main", 1)
    shell = (
        before + "<main" + rest.partition(">")[0] + ">",
        "</main>" + rest.partition("</main>")[2],
    )
    whole = [f"{{% verbatim %}}{part}{{% endverbatim %}}" for part in shell]
    (tmp_path / "bare_challenge.html").write_text(MAIN.read_text().join(whole))

    def sends(web, path):
        return lambda: web.run([("GET", path, None, {})] * EACH, 200)

    with granian(tmp_path) as portal, granian(tmp_path, "tests.bench.bare:application") as bare:
        ways = challenge.get_absolute_url(), f"/challenge/{challenge.slug}/"
        compared("challenge", ROUNDS, sends(portal, ways[0]), sends(bare, ways[1]))
    print(f"{len(queries)} queries for strangers, {len(page.encode()) // 1024} kB")
