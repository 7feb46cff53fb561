"""The published arithmetic, exactly."""

from pathlib import Path

import pytest

from fieldproof.errors import InputError
from fieldproof.workflows.published_records import published_records

CASES = Path(__file__).parents[2] / "examples" / "published-records"
FIGURES, COMPUTED = published_records(CASES)


@pytest.mark.parametrize("computed", COMPUTED, ids=lambda c: c.computation_id)
def test_the_arithmetic_gives_what_was_worked_out_by_hand(computed):
    assert computed.agrees, (computed.value, computed.expected)


def test_nicaraguas_registry_closes_exactly():
    by_id = {c.computation_id: c for c in COMPUTED}
    recorded = next(f.value for f in FIGURES if f.figure_id == "ni_recorded")

    assert by_id["ni_closes"].value == recorded
    assert by_id["ni_later"].value == 59222


@pytest.mark.parametrize(("total", "sum_of"), [
    ("fk_area_total", "fk_areas"), ("cl_mines_total", "cl_mines"), ("hr_area_2014", "hr_areas"),
])
def test_rows_sum_to_the_printed_total(total, sum_of):
    printed = next(f.value for f in FIGURES if f.figure_id == total)

    assert next(c.value for c in COMPUTED if c.computation_id == sum_of) == pytest.approx(printed)


def test_every_figure_has_a_source():
    assert all(f.source for f in FIGURES)


def test_an_unknown_figure_is_named(tmp_path):
    for name in ("figures.csv", "computations.csv"):
        (tmp_path / name).write_text((CASES / name).read_text("utf-8"), "utf-8")
    path = tmp_path / "computations.csv"
    path.write_text(path.read_text("utf-8").replace("ni_recorded ni_found", "ni_nothing ni_found"))

    with pytest.raises(InputError, match="ni_nothing"):
        published_records(tmp_path)
