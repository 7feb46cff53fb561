import json
from fractions import Fraction
from pathlib import Path

import pytest

from fieldproof.audit import mine_ledger, sampling

HERE = Path(__file__).parent
LOT = json.loads((HERE / "finite-population" / "cases.json").read_text("utf-8"))
TOTALS = json.loads((HERE / "published-totals" / "cases.json").read_text("utf-8"))


@pytest.mark.parametrize("case", LOT["intervals"])
def test_exact_interval_and_bounds(case):
    x, n, lot = case["found"], case["sampled"], case["lot"]

    assert sampling.exact_interval(x, n, lot) == tuple(k / lot for k in case["exact"])
    assert sampling.worst_case_bounds(x, n - x, lot) == tuple(k / lot for k in case["bounds"])


@pytest.mark.parametrize(("lot", "size"), LOT["sample_sizes"]["by_lot"].items())
def test_sample_size_for_a_wanted_width(lot, size):
    plan = LOT["sample_sizes"]

    assert sampling.sample_size(int(lot), plan["half_width"], plan["share"]) == size


@pytest.mark.parametrize(("lot", "size"), LOT["zero_failure"]["by_lot"].items())
def test_zero_failure_plan(lot, size):
    n = None if lot == "endless" else int(lot)

    assert sampling.zero_failure_size(n, LOT["zero_failure"]["bad_share"]) == size


@pytest.mark.parametrize("case", TOTALS, ids=lambda c: f"{c['call']}-{c['args'][0]}")
def test_published_totals(case):
    got = getattr(mine_ledger, case["call"])(*case["args"])
    got = got if isinstance(got, tuple) else (got,)

    assert got == tuple(map(Fraction, case["exact"]))
    if "rounded" in case:
        assert [round(float(g), 4) for g in got] == case["rounded"]


def test_nicaragua_forecast_from_records_alone():
    later = 179790 - 120568

    assert later == 59222
    assert mine_ledger.recorded_total(120568, 11092, 26167) == 135643
    assert round(float(mine_ledger.forecast_ratio(26167, later)), 2) == 2.26
