"""Coverage of what locating promises, on records made up here with the errors of the budget.

The maker plots nothing with the code under test: it turns true corners into written angles and
distances, leg by leg.
"""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import shapely
from scipy.stats import chi2

from fieldproof.geo.frame import LocalFrame
from fieldproof.geo.grid import Grid
from fieldproof.geo.magnetism import declination_deg, declination_sigma_deg
from fieldproof.locate import ErrorBudget, containment_outline, locate_many, membership_raster
from fieldproof.locate.types import PaperLeg, PaperPoint, PaperRecord
from fieldproof.model.codes import (
    AngleUnit,
    CoordinateSystem,
    LegKind,
    NorthReference,
    PointType,
)

FRAME = LocalFrame(46.7, 39.8)
BUDGET = ErrorBudget()
DAY = date(1993, 6, 1)
LEVEL = 0.95
STRIP = ((300.0, 0.0), (60.0, 90.0), (300.0, 180.0), (60.0, 270.0))
BEND = ((300.0, 0.0), (60.0, 90.0), (200.0, 180.0), (150.0, 90.0), (100.0, 180.0), (210.0, 270.0))


def honest(rng, sides=STRIP, link_m=450.0, budget=BUDGET, second=None):
    """A record with the budget's errors, and the true corners in metres of FRAME.

    `second`: metres of another landmark of the same map, tied to the first corner too.
    """
    turn = rng.uniform(0, 360)
    distance = np.array([link_m, *(d for d, _ in sides)])
    azimuth = np.radians([rng.uniform(0, 360), *(turn + a for _, a in sides)])
    truth = np.cumsum(distance[:, None] * np.column_stack([np.sin(azimuth), np.cos(azimuth)]), 0)
    marks = np.zeros((1, 2))
    if second is not None:
        marks = np.vstack([marks, second])
        off = truth[0] - marks[1]
        distance = np.append(distance, np.hypot(*off))
        azimuth = np.append(azimuth, np.arctan2(*off))
    d_sigma = declination_sigma_deg(46.7, 39.8, DAY)
    north = declination_deg(46.7, 39.8, DAY) + rng.normal(0, d_sigma)
    shared = rng.normal(0, budget.rotation_deg)
    written = np.degrees(azimuth) - north - shared - rng.normal(0, budget.angle_deg, len(distance))
    own = rng.normal(0, np.maximum(budget.distance * distance, budget.distance_floor_m))
    paced = distance / (1 + rng.normal(0, budget.scale)) - own
    sigma = np.hypot(budget.landmark_m, budget.landmark_identity_m)
    share = budget.shared_point_share
    marks = (marks + rng.normal(0, np.sqrt(share) * sigma, 2)
             + rng.normal(0, np.sqrt(1 - share) * sigma, marks.shape))
    points = tuple(
        PaperPoint(f"LM{i}", PointType.LANDMARK, (float(lon), float(lat)))
        for i, (lon, lat) in enumerate(FRAME.to_lonlat(marks))
    )
    kinds = [LegKind.TIE, *[LegKind.PERIMETER] * len(sides), LegKind.TIE]
    legs = tuple(
        PaperLeg(kind, max(i, 1), float(a % 360), float(d),
                 from_point=f"LM{min(i, 1)}" if kind is LegKind.TIE else None)
        for i, (kind, a, d) in enumerate(zip(kinds, written, paced, strict=False))
    )
    record = PaperRecord(
        "R", AngleUnit.DEGREE, NorthReference.MAGNETIC, CoordinateSystem.SK42_GK6, laid_on=DAY,
        points=points, legs=legs,
    )
    return record, truth[:len(sides)]


def make(n, seed, **more):
    rng = np.random.default_rng(seed)
    made = [honest(rng, **more) for _ in range(n)]
    located = locate_many([record for record, _ in made])
    truths = [
        place.frame.to_xy(FRAME.to_lonlat(truth))
        for place, (_, truth) in zip(located, made, strict=True)
    ]
    return located, truths


def tolerance(n, level=LEVEL):
    """3.5 binomial standard errors: a right model fails once in two thousand seeds."""
    return 3.5 * np.sqrt(level * (1 - level) / n)


def ellipse_hits(located, truths):
    """(n records, corners) whether the 95 % ellipse of each corner holds the true one."""
    hits = []
    for place, truth in zip(located, truths, strict=True):
        part = place.parts[0]
        blocks = part.covariance.reshape(len(truth), 2, len(truth), 2)
        off = truth - part.vertices
        hits.append([
            v @ np.linalg.solve(blocks[i, :, i], v) < chi2.ppf(LEVEL, 2)
            for i, v in enumerate(off)
        ])
    return np.array(hits)


def contained(located, truths, seed, n_draws=1000):
    rng = np.random.default_rng(seed)
    return np.array([
        containment_outline(place, rng=rng, n_draws=n_draws).contains(shapely.Polygon(truth))
        for place, truth in zip(located, truths, strict=True)
    ])


def check_ellipses(n, **more):
    located, truths = make(n, seed=11, **more)

    covered = ellipse_hits(located, truths).mean(axis=0)

    np.testing.assert_allclose(covered, LEVEL, atol=tolerance(n))


def check_all_corners_together(n):
    """Squared distance of all 8 coordinates from the truth is chi-square with 8 degrees."""
    located, truths = make(n, seed=12)
    q = np.array([
        (t - p.parts[0].vertices).ravel() @ np.linalg.solve(p.parts[0].covariance,
                                                            (t - p.parts[0].vertices).ravel())
        for p, t in zip(located, truths, strict=True)
    ])

    assert np.mean(q < chi2.ppf(LEVEL, 8)) == pytest.approx(LEVEL, abs=tolerance(n))
    assert np.mean(q) == pytest.approx(8, abs=4.5 * np.sqrt(16 / n))


def check_containment(n, sides, n_draws=1000):
    located, truths = make(n, seed=13, sides=sides)

    assert contained(located, truths, 1, n_draws).mean() == pytest.approx(
        LEVEL, abs=tolerance(n))


def check_closure_test(n):
    """The misclosures of honest records have uniform p-values: 5 % of them lie below 5 %."""
    located, _ = make(n, seed=14)
    p = np.array([place.parts[0].closure.p_value for place in located])

    assert np.mean(p < 0.05) == pytest.approx(0.05, abs=tolerance(n))
    assert np.mean(p) == pytest.approx(0.5, abs=3.5 * np.sqrt(1 / 12 / n))


def check_a_pointwise_contour_is_no_containment_outline(n, low, high):
    """Ground with more than 5 % membership holds the whole field in about half of all cases."""
    located, truths = make(n, seed=15)
    rng = np.random.default_rng(2)
    held = []
    for place, truth in zip(located, truths, strict=True):
        best = place.parts[0].vertices
        grid = Grid.around((*best.min(axis=0), *best.max(axis=0)), 5.0, 250.0)
        likely = membership_raster(place, grid, rng, n_draws=400) > 0.05
        edge = shapely.get_coordinates(shapely.segmentize(shapely.Polygon(truth), 2.5))
        row, column = grid.index(edge).T
        inside = (row >= 0) & (row < grid.ny) & (column >= 0) & (column < grid.nx)
        held.append(inside.all() and likely[row, column].all())

    assert low < np.mean(held) < high


def overlaps(n):
    located, truths = make(n, seed=16)
    out = []
    for place, truth in zip(located, truths, strict=True):
        best, true = shapely.Polygon(place.parts[0].vertices), shapely.Polygon(truth)
        out.append(best.intersection(true).area / best.union(true).area)
    return np.array(out)


def test_corner_ellipses_cover_at_their_level():
    check_ellipses(600)


def test_corners_of_two_landmarks_cover_at_their_level():
    check_ellipses(600, second=(500.0, -300.0))


def test_two_landmarks_of_honest_records_disagree_as_often_as_they_may():
    located, _ = make(600, seed=18, second=(500.0, -300.0))
    p = np.array([place.parts[0].agreement.p_value for place in located])

    assert np.mean(p < 0.05) == pytest.approx(0.05, abs=tolerance(600))


def test_all_corners_together_cover_at_their_level():
    check_all_corners_together(600)


@pytest.mark.parametrize("sides", [STRIP, BEND], ids=["strip", "bend"])
def test_containment_outlines_hold_the_whole_field_at_their_level(sides):
    check_containment(300, sides, 600)


def test_honest_perimeters_fail_the_closure_test_as_often_as_they_may():
    check_closure_test(600)


def test_a_pointwise_contour_fails_the_level_of_a_containment_outline():
    check_a_pointwise_contour_is_no_containment_outline(80, 0.25, 0.75)


def test_an_honest_record_overlaps_the_truth_by_half():
    """No fixed overlap can judge a record: the median of honest ones is below one half."""
    assert np.median(overlaps(400)) == pytest.approx(0.46, abs=0.06)


def test_a_side_of_60_m_typed_as_160_m_is_noticed_and_still_held():
    rng = np.random.default_rng(17)
    made = [honest(rng) for _ in range(60)]
    typed = []
    for record, _ in made:
        legs = list(record.legs)
        legs[2] = replace(legs[2], distance_m=legs[2].distance_m + 100.0)
        typed.append(replace(record, legs=tuple(legs)))
    located = locate_many(typed)
    truths = [p.frame.to_xy(FRAME.to_lonlat(t)) for p, (_, t) in zip(located, made, strict=True)]

    assert all(place.parts[0].closure.chi_square > 30 for place in located)
    assert all("do not close" in place.problems[0] for place in located)
    # errors widened to fit a blunder are no calibrated errors; they must not be too small
    assert contained(located, truths, 3, 400).mean() >= LEVEL


@pytest.mark.slow
def test_corner_ellipses_cover_at_their_level_in_full():
    check_ellipses(20_000)


@pytest.mark.slow
def test_corners_of_two_landmarks_cover_at_their_level_in_full():
    check_ellipses(20_000, second=(500.0, -300.0))


@pytest.mark.slow
def test_all_corners_together_cover_at_their_level_in_full():
    check_all_corners_together(10_000)


@pytest.mark.slow
@pytest.mark.parametrize("sides", [STRIP, BEND], ids=["strip", "bend"])
def test_containment_outlines_hold_the_whole_field_at_their_level_in_full(sides):
    check_containment(5_000, sides)


@pytest.mark.slow
def test_honest_perimeters_fail_the_closure_test_as_often_as_they_may_in_full():
    check_closure_test(20_000)


@pytest.mark.slow
def test_a_pointwise_contour_fails_the_level_of_a_containment_outline_in_full():
    check_a_pointwise_contour_is_no_containment_outline(1_000, 0.40, 0.60)
