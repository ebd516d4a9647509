"""Until when one may ask about a challenge, and until when answers can go out."""

from .models import Challenge


def ask_by(challenge):
    """The last moment to ask: the ask-by time, else when the challenge closes."""
    return challenge.questions_until or challenge.closes_at


def takes_questions(challenge, at):
    return challenge.state == Challenge.State.PUBLISHED and at <= ask_by(challenge)


def takes_answers(challenge, at):
    """Whether answers may still be published: later they would help nobody."""
    return challenge.state == Challenge.State.PUBLISHED and at <= challenge.closes_at


def is_late(challenge, at):
    """After the day by which all questions were to be answered."""
    return challenge.answers_by is not None and at > challenge.answers_by
