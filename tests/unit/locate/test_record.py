"""Every build of form that is plotted, and what is said of those that are not."""

from dataclasses import replace
from datetime import date
from math import inf, nan

import numpy as np
import pytest
import shapely

from fieldproof.geo.bearing import azimuth_and_distance
from fieldproof.geo.frame import LocalFrame
from fieldproof.geo.magnetism import declination_deg
from fieldproof.locate import ErrorBudget, locate, recorded_shape
from fieldproof.locate.types import PaperLeg, PaperPoint, PaperRecord
from fieldproof.model.codes import (
    AngleSense,
    AngleUnit,
    CoordinateSystem,
    LegKind,
    NorthReference,
    PointType,
)

FRAME = LocalFrame(46.7, 39.8)
LANDMARK = PaperPoint("LM", PointType.LANDMARK, (46.7, 39.8))
CORNERS = np.array([[0.0, 400.0], [0, 700], [60, 700], [60, 400]])
#: The same in degrees from true north: 300 m north, 60 m east, and back.
SIDES = ((0.0, 300.0), (90.0, 60.0), (180.0, 300.0), (270.0, 60.0))
RECORD = PaperRecord("R-1", AngleUnit.DEGREE, NorthReference.TRUE, CoordinateSystem.SK42_GK6)


def lonlat(x, y):
    lon, lat = FRAME.to_lonlat((x, y))
    return float(lon), float(lat)


def tie(azimuth=0.0, distance=400.0, to=None, start="LM", sequence=1, part=1):
    return PaperLeg(LegKind.TIE, sequence, azimuth, distance, part, start, to)


def sides(names=(None, None, None, None), legs=SIDES, part=1):
    return tuple(
        PaperLeg(LegKind.PERIMETER, i + 1, azimuth, distance, part, None, name)
        for i, ((azimuth, distance), name) in enumerate(zip(legs, names, strict=True))
    )


def corner(name, xy, sequence=1, kind=PointType.TURNING_POINT, **more):
    return PaperPoint(name, kind, lonlat(*xy), sequence=sequence, **more)


def form(*legs, points=(LANDMARK,), **more):
    return replace(RECORD, legs=legs, points=tuple(points), **more)


def vertices(record, part=0):
    return locate(record).parts[part].vertices


def test_a_tie_and_four_sides():
    located = locate(form(tie(), *sides()))

    np.testing.assert_allclose(located.parts[0].vertices, CORNERS, atol=1e-6)
    assert located.parts[0].closure.misclosure_m == pytest.approx((0, 0), abs=1e-9)
    assert located.parts[0].closure.p_value == pytest.approx(1.0)
    assert located.problems == ()
    assert located.assumptions == (
        "part 1: the last side is taken to lead back to the first corner",
    )
    assert located.declination_deg is None


def test_the_place_agrees_with_the_ellipsoid():
    """A tie of 400 m by another library's geodesic, magnetic at the day of laying, in mils."""
    day = date(1993, 6, 1)
    place = locate(form(
        tie(azimuth=5200.0), *sides(), angle_unit=AngleUnit.MIL_6000,
        north_reference=NorthReference.MAGNETIC, laid_on=day, angle_sense=AngleSense.CLOCKWISE,
    ))
    lon, lat = place.frame.to_lonlat(place.parts[0].vertices[0])
    azimuth, distance = azimuth_and_distance(46.7, 39.8, float(lon), float(lat))

    assert azimuth == pytest.approx(312.0 + declination_deg(46.7, 39.8, day), abs=1e-4)
    assert distance == pytest.approx(400.0, abs=1e-3)


def test_corner_names_say_that_the_closing_side_is_missing():
    located = locate(form(tie(to="1"), *sides(("2", "3", "4"), SIDES[:3])))

    np.testing.assert_allclose(located.parts[0].vertices, CORNERS, atol=1e-6)
    assert located.parts[0].closure is None
    assert "closing side is not on the form" in located.assumptions[0]


def test_a_tie_may_lead_to_any_corner():
    """The tie leads to the third corner; the first two are reached back along the sides."""
    azimuth, distance = np.degrees(np.arctan2(60, 700)), np.hypot(60, 700)
    record = form(tie(azimuth, distance, to="3"), *sides(("2", "3", "4", "1")))

    np.testing.assert_allclose(vertices(record), CORNERS, atol=1e-6)


def test_corners_may_each_have_their_own_tie():
    polar = [
        tie(float(np.degrees(np.arctan2(x, y))), float(np.hypot(x, y)), name, sequence=i)
        for i, ((x, y), name) in enumerate(zip(CORNERS, "1234", strict=True))
    ]
    unnamed = [replace(leg, to_point=None) for leg in polar]

    np.testing.assert_allclose(vertices(form(*polar)), CORNERS, atol=1e-6)
    np.testing.assert_allclose(vertices(form(*unnamed)), CORNERS, atol=1e-6)


def test_a_perimeter_may_start_at_a_corner_with_coordinates():
    start = corner("S", CORNERS[0], kind=PointType.START_POINT)

    located = locate(form(*sides(), points=(start,)))

    np.testing.assert_allclose(located.parts[0].vertices, CORNERS - CORNERS[0], atol=0.02)
    assert located.parts[0].closure is not None


def test_two_landmarks_are_combined_and_their_disagreement_tested():
    second = PaperPoint("LM2", PointType.LANDMARK, lonlat(500.0, 400.0))
    agreeing = form(tie(to="1"), tie(270.0, 500.0, "1", "LM2", 2), *sides(("2", "3", "4", "1")),
                    points=(LANDMARK, second))
    wrong = replace(agreeing, legs=(tie(to="1"), tie(270.0, 900.0, "1", "LM2", 2),
                                    *agreeing.legs[2:]))

    one, both, bad = locate(form(tie(), *sides())), locate(agreeing), locate(wrong)

    # the two true norths differ by 0.004°
    np.testing.assert_allclose(both.parts[0].vertices, CORNERS, atol=0.05)
    assert both.parts[0].agreement.p_value > 0.99
    assert both.parts[0].agreement.degrees_of_freedom == 2
    assert np.trace(both.shift_covariance) < np.trace(one.shift_covariance)
    assert bad.parts[0].agreement.largest_m == pytest.approx(400.0, abs=0.1)
    assert bad.parts[0].agreement.p_value < 1e-6
    assert "disagree by 400 m" in bad.problems[0]
    assert np.trace(bad.shift_covariance) > np.trace(one.shift_covariance)
    assert bad.parts[0].closure.p_value == pytest.approx(1.0)


def test_legs_and_coordinates_of_the_same_corners_are_adjusted_together():
    """20 m between the two: the result lies between them, nearer to the surer one."""
    moved = [
        corner(name, xy + np.array([20.0, 0.0]), i, sigma_m=10.0)
        for i, (name, xy) in enumerate(zip("1234", CORNERS, strict=True), start=1)
    ]
    located = locate(form(tie(to="1"), *sides(("2", "3", "4", "1")), points=(LANDMARK, *moved)))
    part = located.parts[0]
    east = (part.vertices - CORNERS)[:, 0]

    assert 10.0 < east.mean() < 20.0
    assert np.ptp(east) < 2.0
    assert part.agreement.degrees_of_freedom == 8
    assert part.agreement.p_value > 0.05
    assert "adjusted together" in located.assumptions[0]


def test_unnamed_coordinates_match_the_corners_in_order():
    points = [corner(f"T{i}", xy, i) for i, xy in enumerate(CORNERS, start=1)]

    located = locate(form(tie(), *sides(), points=(LANDMARK, *points)))

    assert located.parts[0].agreement.largest_m == pytest.approx(0.0, abs=0.01)


def test_coordinates_alone():
    points = [corner(str(i), xy, i) for i, xy in enumerate(CORNERS, start=1)]
    shuffled = (points[2], points[0], points[3], points[1])

    located = locate(form(points=shuffled))

    np.testing.assert_allclose(located.parts[0].vertices - located.parts[0].vertices[0],
                               CORNERS - CORNERS[0], atol=0.01)
    assert located.declination_deg is None
    assert located.problems == ()


def test_coordinates_of_one_map_share_half_their_variance():
    points = [corner(str(i), xy, i, sigma_m=30.0) for i, xy in enumerate(CORNERS, start=1)]

    located = locate(form(points=points), ErrorBudget(landmark_identity_m=0.0))
    covariance = located.parts[0].covariance

    assert covariance[0, 0] == pytest.approx(900.0)
    assert covariance[0, 2] == pytest.approx(450.0)
    assert covariance[0, 1] == covariance[0, 3] == 0.0
    assert located.shift_covariance[0, 0] == pytest.approx((900 + 3 * 450) / 4)


def test_surveyed_points_share_nothing():
    points = [corner(str(i), xy, i, surveyed=True) for i, xy in enumerate(CORNERS, start=1)]

    covariance = locate(form(points=points)).parts[0].covariance

    assert covariance[0, 2] == 0.0
    assert covariance[0, 0] == pytest.approx(2.0**2 + 3.0**2)


def test_a_ring_of_coordinates_may_repeat_its_first_corner():
    points = [corner(str(i), xy, i) for i, xy in enumerate([*CORNERS, CORNERS[0]], start=1)]

    located = locate(form(points=points))

    assert len(located.parts[0].vertices) == 4
    assert located.problems == ()


def test_one_device_is_a_point():
    device = corner("D1", (10.0, 20.0), kind=PointType.DEVICE)

    located = locate(form(points=(device,), devices_total=1))

    assert recorded_shape(located.parts).geom_type == "Point"
    assert located.problems == ()


def test_devices_are_points_of_their_own_and_no_corners():
    devices = [corner(f"D{i}", (10.0 * i, 0.0), kind=PointType.DEVICE) for i in range(3)]
    corners = [corner(str(i), xy, i) for i, xy in enumerate(CORNERS, start=1)]

    alone, beside = locate(form(points=devices)), locate(form(points=[*corners, *devices]))

    assert [len(p.vertices) for p in alone.parts] == [1, 1, 1]
    assert [len(p.vertices) for p in beside.parts] == [4]
    assert "3 device(s)" in beside.assumptions[0]


def test_parts_share_the_errors_of_their_landmark_and_compass():
    second = [replace(leg, part=2, sequence=i) for i, leg in
              enumerate((tie(90.0, 400.0), *sides()))]

    located = locate(form(tie(), *sides(), *second))

    assert [p.part for p in located.parts] == [1, 2]
    np.testing.assert_allclose(located.parts[1].vertices[0], [400.0, 0.0], atol=1e-6)
    np.testing.assert_array_equal(located.covariance[8:, 8:], located.parts[1].covariance)
    assert located.covariance[0, 8] > 25.0**2  # both lean on one landmark
    assert [p.closure is not None for p in located.parts] == [True, True]


def test_front_and_depth_without_a_direction_reach_out_from_the_corner():
    located = locate(form(tie(), front_m=300.0, depth_m=40.0))

    assert located.parts[0].vertices.shape == (1, 2)
    assert located.parts[0].reach_m == pytest.approx(np.hypot(300, 40))
    assert "front and depth" in located.problems[0]


def test_a_front_with_a_direction_and_a_depth_reaches_out_by_the_depth():
    located = locate(form(tie(), *sides((None,), SIDES[:1]), front_m=300.0, depth_m=40.0))

    np.testing.assert_allclose(located.parts[0].vertices, CORNERS[:2], atol=1e-6)
    assert located.parts[0].reach_m == 40.0


def test_two_sides_of_an_area_with_front_and_depth_are_completed():
    located = locate(form(tie(), *sides((None, None), SIDES[:2]), front_m=300.0, depth_m=60.0))

    np.testing.assert_allclose(located.parts[0].vertices, CORNERS, atol=1e-6)
    assert any("completed" in text for text in located.assumptions)


def test_a_single_corner_of_many_devices_is_no_area():
    located = locate(form(tie(), devices_total=40))

    assert located.located
    assert "one corner only" in located.problems[0]
    assert locate(form(tie(), devices_total=1)).problems == ()


def test_a_distance_error_of_its_own_replaces_the_budget():
    sure = replace(tie(), distance_sigma_m=0.1)

    wide, narrow = (locate(form(t, *sides())).parts[0].covariance[1, 1] for t in (tie(), sure))

    assert wide - narrow == pytest.approx(4.0**2 - 0.1**2)


# --- forms that cannot be plotted, or only with an assumption ---


def test_no_points_and_no_legs():
    located = locate(RECORD)

    assert not located.located
    assert located.problems == ("no legs and no corners: nothing to plot",)


def test_a_landmark_without_coordinates():
    located = locate(form(tie(start="the mill"), *sides(), points=()))

    assert not located.located
    assert "landmark the mill has no place" in located.problems[0]


def test_a_tie_without_place_is_left_out_where_another_is_there():
    located = locate(form(tie(), tie(start="the mill", sequence=2), *sides()))

    np.testing.assert_allclose(located.parts[0].vertices, CORNERS, atol=1e-6)
    assert any("the mill" in text and "left out" in text for text in located.assumptions)


def test_a_tie_that_names_no_landmark_takes_the_only_one():
    np.testing.assert_allclose(vertices(form(tie(start=None), *sides())), CORNERS, atol=1e-6)


def test_an_unknown_unit_leaves_the_coordinates():
    points = [corner(str(i), xy, i) for i, xy in enumerate(CORNERS, start=1)]
    legs = (tie(), *sides())

    with_points = locate(form(*legs, points=[LANDMARK, *points], angle_unit=AngleUnit.UNKNOWN))
    without = locate(form(*legs, angle_unit=AngleUnit.UNKNOWN))

    assert with_points.located
    assert "unit of the angles unknown" in with_points.assumptions[0]
    assert not without.located
    assert "unit of the angles unknown" in without.problems[0]


def test_an_unknown_coordinate_system_leaves_what_was_surveyed_or_says_its_own():
    unknown = CoordinateSystem.UNKNOWN
    legs = (tie(), *sides())

    nowhere = locate(form(*legs, coordinate_system=unknown))
    surveyed = locate(form(*legs, points=[replace(LANDMARK, surveyed=True)],
                           coordinate_system=unknown))
    told = replace(LANDMARK, coordinate_system=CoordinateSystem.WGS84)

    assert not nowhere.located
    assert "unknown coordinate system" in nowhere.problems[0]
    assert surveyed.located
    assert locate(form(*legs, points=[told], coordinate_system=unknown)).located


@pytest.mark.parametrize("distance", [0.0, -5.0, nan, inf])
def test_a_side_without_length(distance):
    legs = [tie(), *sides()]
    legs[2] = replace(legs[2], distance_m=distance)

    located = locate(form(*legs))

    assert not located.located
    assert "side 2 has" in located.problems[0]


def test_a_tie_without_length_stands_on_the_corner():
    located = locate(form(tie(distance=0.0), *sides()))

    np.testing.assert_allclose(located.parts[0].vertices, CORNERS - CORNERS[0], atol=1e-6)
    assert np.all(np.linalg.eigvalsh(located.parts[0].covariance) > -1e-9)


def test_angles_of_more_than_a_circle_are_of_another_unit():
    legs = [tie(), *sides()]
    legs[3] = replace(legs[3], azimuth=4500.0)

    assert "another unit" in locate(form(*legs)).problems[0]
    assert locate(form(*legs, angle_unit=AngleUnit.MIL_6000)).located


@pytest.mark.parametrize("place", [(nan, 39.8), (inf, 39.8), (46.7, 139.8), (8_646_030, 4_408_210)])
def test_a_place_that_is_no_place_is_named(place):
    located = locate(form(tie(), *sides(), points=[replace(LANDMARK, lonlat=place)]))

    assert not located.located
    assert "point LM has no longitude and latitude" in located.problems[0]


def test_a_point_of_another_zone_is_not_believed():
    """Three landmarks, one of them 514 km away: a wrong zone."""
    marks = [LANDMARK, replace(LANDMARK, point_id="LM2", lonlat=lonlat(100.0, 0.0)),
             replace(LANDMARK, point_id="LM3", lonlat=(52.7, 39.8))]

    located = locate(form(tie(start="LM3"), tie(sequence=2), *sides(), points=marks))
    two = locate(form(tie(start="LM3"), *sides(), points=[LANDMARK, marks[2]]))

    np.testing.assert_allclose(located.parts[0].vertices, CORNERS, atol=1e-6)
    assert "point LM3 has a place more than 50 km" in located.problems[0]
    assert not two.located


def test_a_name_with_braces_is_only_a_name():
    located = locate(form(tie(start="{n[99]}"), *sides(), points=()))

    assert "{n[99]}" in located.problems[0]


def test_sides_that_do_not_close_are_named_and_widen_the_errors():
    """60 m typed as 160 m: 100 m of misclosure, chi-square near 77."""
    legs = [tie(), *sides()]
    legs[2] = replace(legs[2], distance_m=160.0)

    good, bad = locate(form(tie(), *sides())), locate(form(*legs))
    closure = bad.parts[0].closure

    assert np.hypot(*closure.misclosure_m) == pytest.approx(100.0, abs=1e-6)
    assert closure.chi_square == pytest.approx(77, abs=4)
    assert closure.p_value < 1e-12
    assert "do not close by 100 m" in bad.problems[0]
    assert np.trace(bad.parts[0].covariance) > np.trace(good.parts[0].covariance)


def test_closure_proves_almost_nothing():
    """12° wrong on every side closes exactly, and the place is 60 m off at the far corner."""
    turned = [replace(leg, azimuth=leg.azimuth + 12.0) for leg in sides()]
    turned[3] = replace(turned[3], azimuth=282.0)

    located = locate(form(tie(), *turned))

    assert np.hypot(*located.parts[0].closure.misclosure_m) < 1e-9
    assert located.problems == ()
    assert np.hypot(*(located.parts[0].vertices[1] - CORNERS[1])) > 60.0


def test_a_perimeter_that_crosses_itself_stands_for_the_convex_area():
    swapped = [corner(str(i), CORNERS[j], i) for i, j in enumerate((0, 1, 3, 2), start=1)]

    located = locate(form(points=swapped))
    shape = recorded_shape(located.parts)

    assert "crosses itself" in located.problems[0]
    assert shape.is_valid
    assert shape.area == pytest.approx(300 * 60, rel=1e-3)


def test_corners_in_a_row_are_no_error():
    flat = [corner(str(i), (0.0, 100.0 * i), i) for i in range(1, 4)]

    located = locate(form(points=flat))

    assert located.located
    assert shapely.is_valid(recorded_shape(located.parts))


def test_ties_and_coordinates_of_different_corners_are_a_problem():
    points = [corner(name, xy, i) for i, (name, xy) in enumerate(zip("AB", CORNERS, strict=False))]

    located = locate(form(tie(to="1"), points=[LANDMARK, *points]))

    assert any("different corners" in text for text in located.problems)
