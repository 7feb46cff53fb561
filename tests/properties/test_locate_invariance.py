"""What must not change when a record is turned, moved, walked the other way or freed of noise."""

from dataclasses import replace

import numpy as np
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from fieldproof.locate import ErrorBudget, containment_outline, locate
from fieldproof.locate.types import PaperLeg, PaperPoint, PaperRecord
from fieldproof.model.codes import (
    AngleSense,
    AngleUnit,
    CoordinateSystem,
    LegKind,
    NorthReference,
    PointType,
)

azimuths = st.floats(0, 359.9)
places = st.tuples(st.floats(40, 52), st.floats(36, 44))


def record_of(place, tie, sides):
    """A record in degrees from true north: tie and sides are (azimuth, distance)."""
    legs = [PaperLeg(LegKind.TIE, 1, *tie, from_point="LM")]
    legs += [PaperLeg(LegKind.PERIMETER, i, a, d) for i, (a, d) in enumerate(sides, start=1)]
    return PaperRecord(
        "R", AngleUnit.DEGREE, NorthReference.TRUE, CoordinateSystem.WGS84,
        points=(PaperPoint("LM", PointType.LANDMARK, place),), legs=tuple(legs),
    )


@st.composite
def rings(draw):
    """Sides of a closed ring around a middle: (azimuth, distance) that close exactly."""
    n = draw(st.integers(3, 8))
    radii = draw(st.lists(st.floats(20, 300), min_size=n, max_size=n))
    turns = 2 * np.pi * (np.arange(n) + draw(st.floats(0, 1))) / n
    corners = np.array(radii)[:, None] * np.column_stack([np.sin(turns), np.cos(turns)])
    steps = np.roll(corners, -1, axis=0) - corners
    return [(float(np.degrees(np.arctan2(x, y)) % 360), float(np.hypot(x, y))) for x, y in steps]


ties = st.tuples(azimuths, st.floats(0, 2000))


def turned(points, degrees):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return points @ np.array([[c, -s], [s, c]])  # clockwise


@given(places, ties, rings())
def test_a_ring_without_noise_closes(place, tie, ring):
    part = locate(record_of(place, tie, ring)).parts[0]

    assert np.hypot(*part.closure.misclosure_m) < 1e-6
    assert part.closure.p_value > 0.999999
    np.testing.assert_allclose(np.hypot(*(part.vertices[1] - part.vertices[0])), ring[0][1],
                               rtol=1e-9)


@given(places, ties, rings(), azimuths)
def test_turning_all_angles_turns_the_place_about_its_landmark(place, tie, ring, turn):
    record = record_of(place, tie, ring)
    other = replace(record, legs=tuple(
        replace(leg, azimuth=(leg.azimuth + turn) % 360) for leg in record.legs))
    one, two = locate(record).parts[0], locate(other).parts[0]

    np.testing.assert_allclose(two.vertices, turned(one.vertices, turn), atol=1e-6)
    n = len(one.vertices)
    rotation = np.kron(np.eye(n), turned(np.eye(2), turn).T)
    np.testing.assert_allclose(two.covariance, rotation @ one.covariance @ rotation.T, atol=1e-5)


@given(places, places, ties, rings())
def test_the_place_on_earth_changes_nothing_in_its_own_plane(one, two, tie, ring):
    first, second = (locate(record_of(place, tie, ring)) for place in (one, two))

    np.testing.assert_allclose(first.parts[0].vertices, second.parts[0].vertices, atol=1e-6)
    np.testing.assert_allclose(first.covariance, second.covariance, atol=1e-6)


@given(places, ties, rings())
def test_walking_the_ring_the_other_way_gives_the_same_corners(place, tie, ring):
    back = [((a + 180) % 360, d) for a, d in reversed(ring)]
    forth, other = (locate(record_of(place, tie, r)).parts[0] for r in (ring, back))
    order = [0, *range(len(ring) - 1, 0, -1)]
    rows = np.array([2 * i + axis for i in order for axis in (0, 1)])

    np.testing.assert_allclose(other.vertices, forth.vertices[order], atol=1e-6)
    np.testing.assert_allclose(other.covariance, forth.covariance[np.ix_(rows, rows)], atol=1e-3)


@given(places, ties, rings(), st.integers(-1, 1))
def test_any_corner_may_be_the_first(place, tie, ring, noise):
    """The tie leads to a named corner; which side is listed first does not matter."""
    ring = [(ring[0][0], ring[0][1] + noise), *ring[1:]]
    n = len(ring)
    names = [str((i + 1) % n) for i in range(n)]
    record = record_of(place, tie, ring)
    named = [replace(leg, to_point=name) for leg, name in
             zip(record.legs[1:], names, strict=True)]
    start = replace(record.legs[0], to_point="0")
    shifted = [replace(leg, sequence=i) for i, leg in enumerate(named[1:] + named[:1], start=1)]
    one = locate(replace(record, legs=(start, *named))).parts[0]
    two = locate(replace(record, legs=(start, *shifted))).parts[0]

    np.testing.assert_allclose(np.roll(two.vertices, 1, axis=0), one.vertices, atol=1e-5)


@given(places, ties, rings())
def test_an_anticlockwise_form_is_the_mirror_of_its_numbers(place, tie, ring):
    record = record_of(place, tie, ring)
    mirrored = replace(
        record, angle_sense=AngleSense.ANTICLOCKWISE,
        legs=tuple(replace(leg, azimuth=(360 - leg.azimuth) % 360) for leg in record.legs),
    )

    np.testing.assert_allclose(locate(mirrored).parts[0].vertices,
                               locate(record).parts[0].vertices, atol=1e-6)


@given(ties, rings(), st.floats(1.0, 3.0))
def test_larger_errors_never_shrink_an_outline(tie, ring, factor):
    record = record_of((46.7, 39.8), tie, ring)
    wide = ErrorBudget(landmark_m=25.0 * factor, rotation_deg=factor, angle_deg=1.5 * factor,
                       scale=0.02 * factor, distance=0.01 * factor)
    areas = [
        containment_outline(locate(record, budget), n_draws=200, rng=np.random.default_rng(1)).area
        for budget in (ErrorBudget(), wide)
    ]

    assert areas[1] >= areas[0] * (1 - 1e-9)


@given(places, ties, rings())
def test_covariances_are_symmetric_and_positive(place, tie, ring):
    located = locate(record_of(place, tie, ring))

    np.testing.assert_allclose(located.covariance, located.covariance.T, atol=1e-8)
    assert np.linalg.eigvalsh(located.covariance).min() > -1e-6
    assert np.linalg.eigvalsh(located.shift_covariance).min() > 0


@given(places, ties, rings())
def test_closing_a_ring_never_makes_a_corner_less_sure(place, tie, ring):
    names = [f"C{i}" for i in range(len(ring))]
    closed = record_of(place, tie, ring)
    legs = [replace(leg, to_point=name) for leg, name in
            zip(closed.legs[1:-1], names[1:], strict=True)]
    start = replace(closed.legs[0], to_point=names[0])
    opened = locate(replace(closed, legs=(start, *legs)))
    assume(opened.parts[0].closure is None)

    gain = np.diag(opened.covariance) - np.diag(locate(closed).covariance)

    assert gain.min() > -1e-6


@given(rings())
def test_the_outline_holds_the_recorded_area(ring):
    located = locate(record_of((46.7, 39.8), (10.0, 450.0), ring))
    outline = containment_outline(located, n_draws=100, rng=np.random.default_rng(1))

    assert outline.is_valid
    assert outline.contains(shapely.Polygon(located.parts[0].vertices))
