"""What is typed in each section of a challenge, as a browser sends it."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from challenges.completeness import fresh, missing
from challenges.locks import database_now


def day(days):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def typed():
    """By section; together they make a whole challenge but for its people."""
    return {
        "basics": {
            "title_sv": "Ljus i tunneln",
            "summary_sv": "Vi söker ljus.",
            "languages": ["sv", "en"],
            "contact": "Maria Berglund",
            "goals": ["3", "11"],
        },
        "background": {"background_sv": "Det är mörkt.", "background_en": "It is dark."},
        "function": {"function_sv": "Det ska bli ljust."},
        "affected": {"affected_sv": "Alla som går hem."},
        "level": {"level": "initiate", "method": "idea_competition"},
        "offers": {"value_offers": ["testbed", "expertise"]},
        "budget": {"budget_min": "1 000 000", "budget_max": "2000000", "prize": ""},
        "rights": {"rights": "licence", "rights_text_sv": "I tio år."},
        "eligibility": {"eligibility_sv": "Alla får svara."},
        "criteria": {
            "count": "2",
            **criterion(0, "Hur lyser det?", 60, minimum_score="3"),
            **criterion(1, "Vad kostar det?", 40),
        },
        "route": {
            "adoption_receiver_sv": "Gatuchefen",
            "adoption_budget_sv": "Gatunämnden",
            "adoption_plan_sv": "Öppet förfarande",
        },
        "times": {
            **moment("opens_at", day(1), "08:00"),
            **moment("questions_until", day(20), ""),
            **moment("answers_by", day(25), "17:00"),
            **moment("closes_at", day(30), "12:00"),
            "decision_expected_on": day(60),
            "wait_days": "10",
        },
        "panel": {"anonymous_reading": "on"},
    }


def moment(name, on, clock):
    return {f"{name}_0": on, f"{name}_1": clock}


def criterion(number, prompt, weight, **more):
    row = {
        "prompt_sv": prompt,
        "weight": str(weight),
        "word_limit": "300",
        "required": "on",
        **more,
    }
    return {f"{number}-{name}": value for name, value in row.items()}


def section(challenge, name):
    return reverse("challenges:section", args=[challenge.slug, name])


def save(client, challenge, name, revision=0, **fields):
    data = {**typed().get(name, {}), **fields, "revision": revision}
    return client.post(section(challenge, name), data)


def lacks(challenge):
    return set(missing(fresh(challenge), database_now()))
