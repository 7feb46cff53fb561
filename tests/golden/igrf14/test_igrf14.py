import csv
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import ppigrf
import pytest

HERE = Path(__file__).parent


def _cases(name):
    with (HERE / name).open() as stream:
        return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(stream)]


def _day(year):
    start, end = datetime(int(year), 1, 1), datetime(int(year) + 1, 1, 1)  # noqa: DTZ001
    return start + timedelta(seconds=(year % 1) * (end - start).total_seconds())


@pytest.mark.parametrize("case", _cases("beggan.csv"), ids=lambda c: str(int(c["year"])))
def test_geocentric_values_of_the_survey(case):
    r, theta, phi = ppigrf.igrf_gc(
        case["radius_km"], case["colatitude_deg"], case["lon_deg"], _day(case["year"]))

    found = [-float(np.squeeze(theta)), float(np.squeeze(phi)), -float(np.squeeze(r))]
    # printed to 0.01 nT; 2025 is the first year of the forecast and was printed before release
    tolerance = 0.1 if case["year"] >= 2025 else 0.02
    assert found == pytest.approx([case["north_nt"], case["east_nt"], case["down_nt"]],
                                  abs=tolerance)


@pytest.mark.parametrize("case", _cases("igrf14syn.csv"), ids=lambda c: str(c["year"]))
def test_geodetic_values_of_the_official_program(case):
    east, north, up = ppigrf.igrf(
        case["lon_deg"], 90 - case["colatitude_deg"], case["altitude_km"], _day(case["year"]))

    found = [float(np.squeeze(c)) for c in (north, east, -up)]
    # the official program counts a year as it is written, the library by its days
    assert found == pytest.approx([case["north_nt"], case["east_nt"], case["down_nt"]], abs=0.5)
