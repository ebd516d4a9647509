"""What a challenge lacks, and what stops it on its way to the editors."""

import pytest
from django.urls import reverse

from afori.common.states import Refused
from challenges import actions
from challenges.models import Challenge, SectionName

from ..support import complete
from . import lacks, section

pytestmark = pytest.mark.django_db


def test_review_is_refused_with_what_is_missing(author, draft):
    address = reverse("challenges:send_to_review", args=[draft.slug])
    page = author.get(address).content.decode()
    assert "Beskriv bakgrunden på svenska." in page
    assert 'method="post"' not in page.split("<main")[1]
    author.post(address)
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_whole_challenge_goes_to_review(author, draft):
    complete(draft)
    assert author.get(reverse("challenges:work", args=[draft.slug])).context["outline"].is_whole
    author.post(reverse("challenges:send_to_review", args=[draft.slug]))
    draft.refresh_from_db()
    assert draft.state == "in_review"
    assert author.get(section(draft, "background")).status_code == 302
    assert author.get(reverse("challenges:work", args=[draft.slug])).status_code == 200


def without(name):
    def take(challenge):
        getattr(challenge, name).all().delete()

    return take


BLANKS = {
    "summary_sv": "",
    "languages": [],
    "contact": "",
    "background_sv": "",
    "function_sv": "",
    "affected_sv": "",
    "level": "",
    "method": "",
    "prize": None,
    "rights": "",
    "adoption_receiver_sv": "",
    "closes_at": None,
    "questions_until": None,
    "answers_by": None,
    "decision_expected_on": None,
}


@pytest.mark.parametrize("field", BLANKS)
def test_each_missing_field_stops_review_and_publishing(draft, cast, field):
    complete(draft)
    Challenge.objects.filter(pk=draft.pk).update(**{field: BLANKS[field]})
    with pytest.raises(Refused) as refusal:
        actions.send_to_review(draft, by=cast.member)
    assert refusal.value.code == "incomplete"
    Challenge.objects.filter(pk=draft.pk).update(state="in_review")
    with pytest.raises(Refused):
        actions.publish(draft, by=cast.member)


@pytest.mark.parametrize("rows", ["criteria", "openers", "panel"])
def test_missing_people_and_criteria_stop_review(draft, cast, rows):
    complete(draft)
    getattr(draft, rows).first().delete()
    with pytest.raises(Refused):
        actions.send_to_review(draft, by=cast.member)


def test_a_closed_account_does_not_count_as_opener(draft, cast):
    complete(draft)
    person = draft.openers.first().user
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    assert lacks(draft) == {SectionName.OPENERS}


def test_offers_stand_in_for_money(draft):
    complete(draft, prize=None, value_offers=["testbed"])
    assert lacks(draft) == set()


def test_the_preview_is_the_page_as_it_will_look(author, draft):
    complete(draft)
    page = author.get(reverse("challenges:preview", args=[draft.slug]))
    assert "Förhandsvisning" in page.content.decode()
    assert page.context["status"] == "upcoming"
    assert Challenge.objects.get(pk=draft.pk).state == "draft"


def test_the_preview_of_an_empty_draft_works(author, draft):
    assert author.get(reverse("challenges:preview", args=[draft.slug])).status_code == 200
