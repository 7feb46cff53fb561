"""Published compass-rule tables, to the digits that they print."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from fieldproof.locate import locate
from fieldproof.locate.traverse import Sigma, Topology, compass_rule, solve
from fieldproof.locate.types import PaperLeg, PaperPoint, PaperRecord
from fieldproof.model.codes import (
    AngleUnit,
    CoordinateSystem,
    LegKind,
    NorthReference,
    PointType,
)

CASES = sorted(p.parent for p in Path(__file__).parent.glob("compass_rule/*/legs.csv"))


@pytest.fixture(params=CASES, ids=lambda p: p.name)
def case(request):
    with (request.param / "legs.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    azimuth = np.array([
        float(r["azimuth_deg"]) + float(r["azimuth_min"]) / 60 + float(r["azimuth_sec"]) / 3600
        for r in rows
    ])
    distance = np.array([float(r["distance"]) for r in rows])
    expected = json.loads((request.param / "expected.json").read_text(encoding="utf-8"))
    return azimuth, distance, expected


def ring_of(n):
    corners = tuple((0, tuple((leg, 1) for leg in range(i))) for i in range(1, n + 1))
    return Topology(n, 1, corners)


def ends_of(azimuth, distance):
    """(n, 2) ends of the legs as plotted by the package."""
    n = len(azimuth)
    nothing = Sigma(np.zeros(1), np.zeros(1), np.zeros((1, n)), np.zeros((1, n)),
                    np.zeros((1, 2, 2)))
    return solve(ring_of(n), np.zeros((1, 1, 2)), np.radians(azimuth)[None], distance[None],
                 nothing).corners[0]


def steps(ends):
    return np.diff(np.vstack([[0.0, 0.0], ends]), axis=0)


def check(values, expected, name, tolerance):
    if name in expected:
        np.testing.assert_allclose(values, expected[name], atol=tolerance, rtol=0, err_msg=name)


def test_latitudes_departures_and_misclosure(case):
    azimuth, distance, expected = case
    ends, tolerance = ends_of(azimuth, distance), expected["tolerance"]
    sums = expected.get("misclosure_tolerance", tolerance)

    check(steps(ends)[:, 1], expected, "latitudes", tolerance)
    check(steps(ends)[:, 0], expected, "departures", tolerance)
    check(ends[-1, 1], expected, "misclosure_north", sums)
    check(ends[-1, 0], expected, "misclosure_east", sums)
    check(np.hypot(*ends[-1]), expected, "misclosure", sums)


def test_the_compass_rule(case):
    azimuth, distance, expected = case
    ruled = compass_rule(ends_of(azimuth, distance), distance, np.zeros(2))
    adjusted, tolerance = steps(ruled), expected["tolerance"]

    check(adjusted[:, 1], expected, "adjusted_latitudes", tolerance)
    check(adjusted[:, 0], expected, "adjusted_departures", tolerance)
    check(np.hypot(*adjusted.T), expected, "adjusted_distances", tolerance)
    check(ruled[:, 1], expected, "ends_north", tolerance)
    check(ruled[:, 0], expected, "ends_east", tolerance)
    if "area" in expected:
        assert shapely.Polygon(ruled).area == pytest.approx(
            expected["area"], abs=expected["area_tolerance"])
    if "adjusted_azimuths_deg" in expected:
        found = np.degrees(np.arctan2(adjusted[:, 0], adjusted[:, 1])) % 360
        check(found, expected, "adjusted_azimuths_deg", expected["azimuth_tolerance_deg"])


def test_locating_a_record_of_the_same_legs_finds_the_same_misclosure(case):
    """The whole way from a form: its lengths taken as metres, its north as true."""
    azimuth, distance, expected = case
    legs = [PaperLeg(LegKind.TIE, 1, 0.0, 100.0, from_point="LM")]
    legs += [PaperLeg(LegKind.PERIMETER, i, float(a), float(d))
             for i, (a, d) in enumerate(zip(azimuth, distance, strict=True), start=1)]
    record = PaperRecord(
        "R", AngleUnit.DEGREE, NorthReference.TRUE, CoordinateSystem.WGS84,
        points=(PaperPoint("LM", PointType.LANDMARK, (46.7, 39.8)),), legs=tuple(legs),
    )

    east, north = locate(record).parts[0].closure.misclosure_m

    sums = expected.get("misclosure_tolerance", expected["tolerance"])
    check(east, expected, "misclosure_east", sums)
    check(north, expected, "misclosure_north", sums)


@pytest.mark.parametrize("case", [p for p in CASES if p.name == "six_lines"], indirect=True)
def test_equal_error_per_length_adjusts_as_the_compass_rule_does(case):
    """The rule is the least-squares adjustment where a leg's error grows as the root of its length.

    And is alike along and across it: an independent check of the condition adjustment.
    """
    azimuth, distance, expected = case
    n = len(azimuth)
    whole = (0, tuple((leg, 1) for leg in range(n)))
    topology = Topology(n, 1, ring_of(n).corners, ((whole, (0, ())),), ((0,),))
    error = 0.1 * np.sqrt(distance)[None]
    sigma = Sigma(np.zeros(1), np.zeros(1), error / distance, error, np.zeros((1, 2, 2)))

    found = solve(topology, np.zeros((1, 1, 2)), np.radians(azimuth)[None], distance[None], sigma)

    check(steps(found.corners[0])[:, 1], expected, "adjusted_latitudes", expected["tolerance"])
    check(steps(found.corners[0])[:, 0], expected, "adjusted_departures", expected["tolerance"])
