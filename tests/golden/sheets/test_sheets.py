import csv
from pathlib import Path

import pytest

from fieldproof.geo.sheets import read_sheet

with Path(__file__).with_name("published.csv").open(encoding="utf-8") as stream:
    CASES = list(csv.DictReader(stream))


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["published"])
def test_bounds_are_the_published_ones(case):
    west, south, width, height = (float(case[k]) for k in ("west", "south", "width", "height"))
    expected = (west, south, west + width, south + height)

    readings = [s.bounds for s in read_sheet(case["name"])]

    # a bare number has a second reading; the published one must be among them, first
    assert readings[0] == pytest.approx(expected, abs=1e-6)
