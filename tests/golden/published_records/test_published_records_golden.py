"""Published arithmetic against fractions worked out by hand."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from fieldproof.workflows.published_records import published_records

HERE = Path(__file__).parent
CASES = json.loads((HERE / "expected.json").read_text("utf-8"))
EXAMPLES = HERE.parents[2] / "examples" / "published-records"
FIGURES, COMPUTED = published_records(EXAMPLES)
VALUES = {c.computation_id: c.value for c in COMPUTED}


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["id"])
def test_it_is_the_fraction_worked_out_by_hand(case):
    value = VALUES[case["id"]]

    assert value == pytest.approx(float(Fraction(case["exact"])), rel=1e-12)
    if "rounded" in case:
        digits = len(case["rounded"].partition(".")[2])
        assert f"{value:.{digits}f}" == case["rounded"]


def test_no_computation_is_left_unchecked():
    assert {c["id"] for c in CASES} == set(VALUES)


@pytest.mark.parametrize(("total", "sum_of"), [
    ("fk_area_total", "fk_areas"), ("cl_mines_total", "cl_mines"), ("hr_sha_2014", "hr_sha_sum"),
    ("hr_cha_2014", "hr_cha_sum"), ("lk_area_2017", "lk_areas"), ("zw_area_2014", "zw_areas"),
])
def test_rows_sum_to_the_total_printed_with_them(total, sum_of):
    printed = next(f.value for f in FIGURES if f.figure_id == total)

    assert VALUES[sum_of] == pytest.approx(printed, rel=1e-12)
