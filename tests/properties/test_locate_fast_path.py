"""The fast path equals the plain one: records together give what each gives alone."""

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldproof.geo.frame import LocalFrame
from fieldproof.locate import locate, locate_many
from fieldproof.locate.record import planes_xy
from fieldproof.locate.types import PaperLeg, PaperPoint, PaperRecord
from fieldproof.model.codes import (
    AngleSense,
    AngleUnit,
    CoordinateSystem,
    DeclinationSource,
    LegKind,
    NorthReference,
    PointType,
)

numbers = st.floats(-10, 7000) | st.sampled_from([0.0, float("nan"), float("inf")])
names = st.sampled_from(["LM", "A", "B", "C", "{n[3]}"])


@st.composite
def points(draw):
    return PaperPoint(
        draw(names), draw(st.sampled_from(PointType)),
        (draw(st.floats(46.6, 46.8)), draw(st.floats(39.7, 39.9) | st.just(89.0))),
        draw(st.none() | st.floats(0, 50) | st.just(float("nan"))),
        draw(st.integers(1, 2)), draw(st.integers(0, 4)), draw(st.booleans()),
        draw(st.none() | st.sampled_from(CoordinateSystem)),
    )


@st.composite
def legs(draw):
    return PaperLeg(
        draw(st.sampled_from(LegKind)), draw(st.integers(1, 4)), draw(numbers), draw(numbers),
        draw(st.integers(1, 2)), draw(st.none() | names), draw(st.none() | names),
        draw(st.none() | st.floats(0, 20) | st.just(float("inf"))),
    )


@st.composite
def records(draw):
    """Any record that can be typed, most of them bad."""
    return PaperRecord(
        "R", draw(st.sampled_from(AngleUnit)), draw(st.sampled_from(NorthReference)),
        draw(st.sampled_from(CoordinateSystem)), draw(st.sampled_from(AngleSense)),
        draw(st.sampled_from(DeclinationSource)),
        draw(st.none() | st.floats(-20, 20) | st.just(float("nan"))),
        draw(st.none() | st.dates(date(1850, 1, 1), date(2150, 1, 1))),
        draw(st.none() | st.sampled_from([25_000, 100_000])),
        tuple(draw(st.lists(points(), max_size=5))), tuple(draw(st.lists(legs(), max_size=7))),
        draw(st.none() | st.integers(0, 50)),
        draw(st.none() | st.floats(0, 300) | st.just(float("inf"))),
        draw(st.none() | st.floats(0, 100)),
    )


def assert_same(one, two):
    assert one.record_id == two.record_id
    assert one.frame == two.frame
    assert one.assumptions == two.assumptions
    assert one.problems == two.problems
    assert len(one.parts) == len(two.parts)
    np.testing.assert_allclose(one.shift_covariance, two.shift_covariance, rtol=1e-6, atol=1e-6)
    for a, b in zip(one.parts, two.parts, strict=True):
        assert (a.part, a.extent_m) == (b.part, b.extent_m)
        np.testing.assert_allclose(a.vertices, b.vertices, rtol=1e-9, atol=1e-6)
        np.testing.assert_allclose(a.covariance, b.covariance, rtol=1e-6, atol=1e-6)
        assert (a.closure is None, a.agreement is None) == (b.closure is None, b.agreement is None)


@settings(max_examples=60)
@given(st.lists(records(), min_size=1, max_size=6))
def test_records_together_give_what_each_gives_alone(batch):
    for together, record in zip(locate_many(batch), batch, strict=True):
        assert_same(together, locate(record))


@settings(max_examples=200)
@given(records())
def test_no_record_raises_and_none_is_silent(record):
    """A bad record has a reason; a good one has finite corners and errors."""
    located = locate(record)

    assert located.located or located.problems
    for part in located.parts:
        assert np.isfinite(part.vertices).all()
        assert np.isfinite(part.covariance).all()
        assert len(part.covariance) == part.vertices.size


# whole hundredths of a degree: PROJ reads an origin nearer to 0 than 1e-8 degrees as 0
@given(st.lists(st.tuples(st.integers(-17900, 17900), st.integers(-7000, 7000)).map(
           lambda place: (place[0] / 100, place[1] / 100)), min_size=1, max_size=4),
       st.lists(st.tuples(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3)), min_size=1, max_size=3))
def test_all_planes_at_once_are_the_local_frames(origins, offsets):
    lonlat = np.array([
        [origin, *[(origin[0] + dx, origin[1] + dy) for dx, dy in offsets]] for origin in origins
    ])
    expected = np.array([LocalFrame(*row[0]).to_xy(row) for row in lonlat])

    np.testing.assert_allclose(planes_xy(lonlat), expected, atol=1e-6)
