"""The order that agreed scores give, whatever they are."""

from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from challenges.ranking import Measure, ranking

SCORE = st.integers(0, 5)


@st.composite
def measures_and_scores(draw):
    """Weights that make 100, some with minimums, and agreed scores of up to eight answers."""
    parts = draw(st.lists(st.integers(1, 10), min_size=1, max_size=5))
    weights = [100 * part // sum(parts) for part in parts]
    weights[0] += 100 - sum(weights)
    minimum = st.none() | st.integers(1, 5)
    measures = [Measure(key, weight, draw(minimum)) for key, weight in enumerate(weights)]
    keys = draw(st.lists(st.integers(1, 1_000), max_size=8, unique=True))
    scores = {key: {one.key: draw(SCORE) for one in measures} for key in keys}
    return measures, scores


@given(measures_and_scores(), st.integers(0, 1_000))
def test_the_order_of_answers_and_criteria_does_not_matter(given_, seed):
    measures, scores = given_
    mixed = list(scores.items())
    Random(seed).shuffle(mixed)
    turned = measures[::-1]
    found = ranking(measures, scores)
    again = ranking(turned, dict(mixed))
    assert [one.key for one in again.places] == [one.key for one in found.places]
    assert [one.percent for one in again.places] == [one.percent for one in found.places]
    assert {one.key: set(one.lacking) for one in again.below} == {
        one.key: set(one.lacking) for one in found.below
    }


@given(measures_and_scores())
def test_every_answer_is_in_one_place(given_):
    measures, scores = given_
    found = ranking(measures, scores)
    keys = [one.key for one in [*found.places, *found.below]]
    assert sorted(keys) == sorted(scores)
    assert found.waiting == []


@given(measures_and_scores())
def test_a_place_tells_how_many_are_better_and_a_tie_that_others_are_as_good(given_):
    measures, scores = given_
    places = ranking(measures, scores).places
    for one in places:
        assert one.number == 1 + sum(other.percent > one.percent for other in places)
        equal = [other for other in places if other.percent == one.percent]
        assert one.is_tie == (len(equal) > 1)
    assert [one.number for one in places] == sorted(one.number for one in places)


@given(measures_and_scores())
def test_who_lacks_a_minimum_has_no_place(given_):
    measures, scores = given_
    found = ranking(measures, scores)
    minimums = {one.key: one.minimum for one in measures if one.minimum}
    for one in found.below:
        assert one.number is None
        assert set(one.lacking) == {
            key for key, least in minimums.items() if scores[one.key][key] < least
        }
        assert one.lacking
    for one in found.places:
        assert all(scores[one.key][key] >= least for key, least in minimums.items())


@given(measures_and_scores(), SCORE)
def test_the_share_is_that_of_the_score_when_all_are_the_same(given_, value):
    measures, _scores = given_
    free = [Measure(one.key, one.weight) for one in measures]
    [only] = ranking(free, {1: dict.fromkeys(range(len(free)), value)}).places
    assert only.percent == Decimal(20 * value)


@given(measures_and_scores(), st.data())
def test_a_better_score_never_gives_a_worse_place(given_, data):
    measures, scores = given_
    if not scores:
        return
    key = data.draw(st.sampled_from(sorted(scores)))
    criterion = data.draw(st.sampled_from(sorted(scores[key])))
    better = {**scores, key: {**scores[key], criterion: 5}}
    assert place_of(key, ranking(measures, better)) <= place_of(key, ranking(measures, scores))


def place_of(key, found):
    """Below a minimum is after everybody."""
    places = {one.key: one.number for one in found.places}
    return places.get(key, 1_000)


def test_weights_decide_ties_share_a_place_and_the_next_is_left_out():
    measures = [Measure(1, 70), Measure(2, 30)]
    scores = {10: {1: 5, 2: 0}, 11: {1: 5, 2: 0}, 12: {1: 2, 2: 5}, 13: {1: 4}}
    found = ranking(measures, scores)
    assert [(one.key, one.number, str(one.percent), one.is_tie) for one in found.places] == [
        (10, 1, "70.00", True),
        (11, 1, "70.00", True),
        (12, 3, "58.00", False),
    ]
    assert found.waiting == [13]


def test_weights_that_do_not_make_a_hundred_are_shares_of_their_sum():
    [only] = ranking([Measure(1, 1), Measure(2, 2)], {7: {1: 5, 2: 0}}).places
    assert str(only.percent) == "33.33"
    [none] = ranking([Measure(1, 0)], {7: {1: 5}}).places
    assert str(none.percent) == "0.00"
