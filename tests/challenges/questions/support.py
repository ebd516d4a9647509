"""Short ways to what tests of questions need."""

from django.urls import reverse

from challenges import actions
from challenges.models import Challenge

TEXT = "Får vi använda öppen källkod?"
WORDS = {
    "question_sv": "Får öppen källkod användas?",
    "question_en": "May open source be used?",
    "answer_sv": "Ja, gärna.",
    "answer_en": "Yes, please.",
}


def ask(challenge, by, text=TEXT, **more):
    return actions.ask(challenge, text, language="sv", by=by, **more)


def answer(question, by, **words):
    question.refresh_from_db()
    return actions.answer_question(question, revision=question.revision, by=by, **(WORDS | words))


def publish(challenge, by, *questions):
    return actions.publish_answers(challenge, {one.token: one.revision for one in questions}, by=by)


def page_of(challenge, name="questions", *args):
    return reverse(f"challenges:{name}", args=[challenge.slug, *args])


def ask_by(challenge, at):
    Challenge.objects.filter(pk=challenge.pk).update(questions_until=at)
