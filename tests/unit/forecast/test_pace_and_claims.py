from datetime import date, timedelta

import pytest

from fieldproof.forecast.consistency import find_inconsistencies
from fieldproof.forecast.figures import Figure
from fieldproof.forecast.implied import Claim, implied_figures
from fieldproof.forecast.pace import paces
from fieldproof.forecast.seasons import seasons

OPERATOR = ("one operator", None, None)


def figure(name, start, end, scope, part=(None, None, None), **values):
    return Figure(name, start, end, scope, *part, values, "somebody", None, None, None)


def totals(values, part=(None, None, None)):
    return [figure(f"T{k}", None, date(2021, 1, 1) + timedelta(days=100 * k), "cumulative", part,
                   hectares_cleared=float(v)) for k, v in enumerate(values)]


def test_one_wrong_total_does_not_move_the_pace():
    steady = [100.0 * k for k in range(9)]
    slipped = [*steady[:4], steady[4] * 10, *steady[5:]]

    paced = [{p.name: p for p in paces(totals(v))}["since the first total"]
             for v in (steady, slipped)]

    assert paced[0].hectares_per_year == pytest.approx(365.25)
    assert paced[1].hectares_per_year == pytest.approx(365.25)


def test_the_pace_of_an_operator_is_not_that_of_all():
    figures = totals([0, 100, 200, 300]) + totals([0, 10, 20, 30], OPERATOR)

    (whole, *_), (part, *_) = paces(figures), paces(figures, OPERATOR)

    assert whole.hectares_per_year == pytest.approx(10 * part.hectares_per_year)


def test_two_figures_of_one_year_are_both_given():
    year = [figure(n, date(2022, 1, 1), date(2022, 12, 31), "annual", hectares_cleared=v)
            for n, v in (("A", 41_915.0), ("B", 30_000.0))]

    assert sorted(p.hectares_per_year for p in paces(year)) == [30_000, 41_915]


def test_months_are_gathered_over_the_years():
    months = [figure(f"M{y}{m}", date(y, m, 1), date(y, m, 28), "monthly", hectares_cleared=v)
              for y, m, v in ((2022, 1, 10.0), (2023, 1, 30.0), (2023, 7, 500.0))]

    january, july = seasons(months)

    assert (january.month, january.n, january.median) == (1, 2, 20.0)
    assert (july.month, july.lowest, july.highest) == (7, 500.0, 500.0)


@pytest.mark.parametrize(("stated", "kind"), [
    (100.0, None), (60.0, "period_below_rise"), (150.0, "period_exceeds_rise"),
])
def test_a_month_is_compared_with_the_totals_that_touch_it(stated, kind):
    before, after = (figure(n, None, end, "cumulative", hectares_cleared=v) for n, end, v in (
        ("T0", date(2021, 3, 31), 900.0), ("T1", date(2021, 4, 30), 1000.0)))
    month = figure("M", date(2021, 4, 1), date(2021, 4, 30), "monthly", hectares_cleared=stated)

    found = find_inconsistencies([before, after, month])

    assert [i.kind for i in found] == ([kind] if kind else [])


def test_a_month_may_lie_below_the_rise_of_totals_that_do_not_touch_it():
    before, after = (figure(n, None, end, "cumulative", hectares_cleared=v) for n, end, v in (
        ("T0", date(2021, 2, 1), 900.0), ("T1", date(2021, 6, 30), 2000.0)))
    month = figure("M", date(2021, 4, 1), date(2021, 4, 30), "monthly", hectares_cleared=60.0)

    assert find_inconsistencies([before, after, month]) == []


def test_a_part_above_a_later_total_is_found_and_one_below_is_not():
    whole = figure("W", None, date(2022, 4, 30), "cumulative", hectares_cleared=9568.1)
    part = figure("P", None, date(2022, 3, 10), "cumulative", OPERATOR, hectares_cleared=14448.0)
    small = figure("S", None, date(2022, 3, 10), "cumulative", OPERATOR, hectares_cleared=4448.0)

    (found,) = find_inconsistencies([whole, part])

    assert (found.kind, found.left["covers"]) == ("part_exceeds_total", "one operator")
    assert find_inconsistencies([whole, small]) == []


def test_a_period_that_ends_before_it_begins_is_found():
    odd = figure("O", date(2021, 4, 9), date(2021, 4, 2), "other", hectares_cleared=5.0)

    assert [i.kind for i in find_inconsistencies([odd])] == ["odd_period"]


def test_a_breakdown_that_does_not_sum_is_found():
    span = date(2023, 1, 1), date(2023, 12, 31)
    whole = figure("W", *span, "annual", hectares_cleared=100.0)
    parts = [figure(f"P{k}", *span, "annual", (None, f"district {k}", None), hectares_cleared=20.0)
             for k in range(4)]

    assert [i.kind for i in find_inconsistencies([whole, *parts])] == ["breakdown"]


def claim(name, value):
    return Claim(name, name, value, "", "somebody", None, None, None)


def test_a_claim_in_two_forms_gives_two_results():
    claims = [claim("territory_km2", 86_600.0), claim("contaminated_share", 0.12),
              claim("contaminated_km2_stated", 9000.0), claim("mines", 1.5e6), claim("years", 30.0)]

    values = [i.value for i in implied_figures(claims, []) if i.unit == "mines/km²"]

    assert values == pytest.approx([1.5e6 / 10_392, 1.5e6 / 9000])


def test_nothing_follows_from_nothing():
    assert implied_figures([], []) == []
    assert implied_figures([claim("mines", None)], []) == []
