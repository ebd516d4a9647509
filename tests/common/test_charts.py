from datetime import date

import pytest

from afori.common import charts

TODAY = date(2026, 11, 20)


def test_demand_puts_the_firmest_first_and_fills_the_bar():
    parts = charts.demand(1250, 2450, 3900)
    assert [(part.css, part.x, part.width) for part in parts] == [
        ("d3", "0%", "16.45%"),
        ("d2", "16.45%", "32.24%"),
        ("hatch", "48.68%", "51.32%"),
    ]


def test_demand_leaves_out_what_is_empty():
    assert [part.css for part in charts.demand(0, 0, 900)] == ["hatch"]
    assert charts.demand(0, 0, 0) == []


def test_radar_points_upwards_first_and_marks_low_scores():
    chart = charts.radar([("a", 4), ("b", 2), ("c", 5), ("d", 4), ("e", 2)])
    assert (chart.points[0].x, chart.points[0].y) == ("170.0", "63.2")
    assert [point.low for point in chart.points] == [False, True, False, False, True]
    assert [axis.anchor for axis in chart.axes] == ["middle", "start", "middle", "middle", "end"]
    assert len(chart.rings) == 5


def test_windows_sort_by_end_and_span_whole_years():
    chart = charts.windows([("B", date(2028, 6, 30)), ("A", date(2027, 3, 31))], TODAY)
    assert [contract.name for contract in chart.contracts] == ["A", "B"]
    assert [year for year, _x in chart.years] == [2026, 2027, 2028]


def test_best_window_is_the_year_in_which_most_contracts_end():
    ends = [date(2027, 3, 31), date(2028, 6, 30), date(2028, 9, 1), date(2029, 5, 1)]
    best = charts.windows([(str(end), end) for end in ends], TODAY).best
    assert (best.first, best.last, best.count) == (date(2028, 6, 30), date(2029, 5, 1), 3)


def test_contracts_that_have_ended_make_no_window():
    ends = [date(2026, 1, 1), date(2026, 2, 1), date(2027, 3, 31)]
    assert charts.windows([(str(end), end) for end in ends], TODAY).best is None


@pytest.mark.parametrize("contracts", [[], [("A", date(2027, 1, 1))]])
def test_few_contracts_make_no_window(contracts):
    assert charts.windows(contracts, TODAY).best is None


def test_many_years_keep_at_most_six_labels():
    chart = charts.windows([("A", date(2044, 1, 1))], TODAY)
    assert len(chart.years) <= 7


@pytest.mark.parametrize(
    ("used", "limit", "width"), [(3, 10, "30%"), (12, 10, "100%"), (0, 10, "0%"), (3, 0, "0%")]
)
def test_meter_never_runs_over(used, limit, width):
    assert charts.meter(used, limit) == width
