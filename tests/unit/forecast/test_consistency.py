from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fieldproof.forecast.consistency import find_inconsistencies
from fieldproof.forecast.figures import Figure


def figure(name, start, end, scope, **values):
    return Figure(name, start, end, scope, None, None, None, values, "somebody", None, None, None)


@given(st.lists(st.integers(200, 900), min_size=12, max_size=12), st.integers(0, 50))
def test_a_series_that_agrees_with_itself_raises_no_alarm(months, offset):
    """Months, the totals at their ends, and the year are all made from one truth."""
    figures, total = [figure("T0", None, date(2020, 12, 31), "cumulative", hectares_cleared=0.0)], 0
    for k, hectares in enumerate(months):
        start = date(2021, 1 + k, 1)
        end = (date(2021 + (k + 1) // 12, (k + 1) % 12 + 1, 1)) - timedelta(days=1)
        total += hectares
        figures.append(figure(f"M{k}", start, end, "monthly", hectares_cleared=float(hectares)))
        figures.append(figure(f"T{k + 1}", None, end, "cumulative",
                              hectares_cleared=float(total), killed=offset, injured=k,
                              casualties=offset + k))
    figures.append(figure("Y", date(2021, 1, 1), date(2021, 12, 31), "annual",
                          hectares_cleared=float(total)))

    assert find_inconsistencies(figures) == []


def test_parts_that_exceed_their_whole_are_found():
    weeks = [figure(f"W{k}", date(2021, 5, 3 + 7 * k), date(2021, 5, 9 + 7 * k), "weekly",
                    hectares_cleared=100.0) for k in range(4)]
    month = figure("M", date(2021, 5, 1), date(2021, 5, 31), "monthly", hectares_cleared=300.0)

    (found,) = find_inconsistencies([*weeks, month])

    assert found.kind == "parts_exceed_whole"
    assert found.left["figure_id"] == "M"
    assert found.right["sum_of_parts"] == 400


def test_scopes_are_not_mixed():
    """A total of one operator is not compared with one of all."""
    whole = figure("A", None, date(2021, 5, 1), "cumulative", hectares_cleared=100.0)
    part = Figure("B", None, date(2021, 6, 1), "cumulative", "one operator", None, None,
                  {"hectares_cleared": 40.0}, "somebody", None, None, None)

    assert find_inconsistencies([whole, part]) == []
