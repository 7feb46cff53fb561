"""The traps of Soviet coordinates, each with the number that it costs."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from fieldproof.errors import CoordinateError, UnsupportedEpochError
from fieldproof.geo import gauss_kruger as gk
from fieldproof.geo.angles import back_azimuth_deg, mirrored_deg, parse_divisions
from fieldproof.geo.bearing import azimuth_and_distance, destination
from fieldproof.geo.datum import OPERATIONS, sk42_to_wgs84, wgs84_to_sk42
from fieldproof.geo.frame import LocalFrame
from fieldproof.geo.magnetism import (
    declination_deg,
    declination_sigma_deg,
    declinations_deg,
    field_enu_nt,
)
from fieldproof.units import DEG_PER_NATO_MIL, DEG_PER_SOVIET_MIL

GEOD = Geod(ellps="WGS84")
PLACE = (46.7, 39.8)
lons = st.floats(40, 52)
lats = st.floats(38, 44)


def _metres(lon0, lat0, lon1, lat1):
    return GEOD.inv(lon0, lat0, lon1, lat1)[2]


def test_not_shifting_the_datum_plots_100_m_too_far_east():
    lon, lat = sk42_to_wgs84(*PLACE)
    azimuth, _, distance = GEOD.inv(*PLACE, float(lon), float(lat))

    assert distance == pytest.approx(102.9, abs=0.5)
    assert azimuth == pytest.approx(-96, abs=1)


@pytest.mark.parametrize(("code", "metres"), [
    ("EPSG:1808", 4.0), ("EPSG:1807", 3.5), ("EPSG:1809", 5.8), ("EPSG:5044", 2.4),
    ("EPSG:1267", 2.9), ("EPSG:1254", 13.7),
])
def test_plausible_operations_differ_by_what_was_measured(code, metres):
    a, b = sk42_to_wgs84(*PLACE), sk42_to_wgs84(*PLACE, operation=code)

    assert _metres(float(a[0]), float(a[1]), float(b[0]), float(b[1])) == pytest.approx(
        metres, abs=0.2)


def test_ours_is_one_operation_where_the_library_would_switch_silently():
    """PROJ asked for a pair of systems steps by 2.4 m across 41.19 N; the pinned one does not."""
    loose = Transformer.from_crs("EPSG:4284", "EPSG:4326", always_xy=True)
    south, north = 41.1899, 41.1911

    def step(transform):
        (x0, y0), (x1, y1) = transform(45.0, south), transform(45.0, north)
        return abs(_metres(45.0, south, 45.0, north) - _metres(x0, y0, x1, y1)) + abs(x1 - x0) * 8e4

    assert step(lambda x, y: tuple(map(float, sk42_to_wgs84(x, y)))) < 0.05
    assert step(loose.transform) > 1.0


def test_an_unknown_operation_is_refused():
    with pytest.raises(CoordinateError, match="EPSG:15865"):
        sk42_to_wgs84(*PLACE, operation="EPSG:1")


@given(lons, lats, st.sampled_from(sorted(OPERATIONS)))
def test_the_datum_goes_there_and_back(lon, lat, code):
    there = wgs84_to_sk42(*sk42_to_wgs84(lon, lat, code), code)

    assert np.allclose(np.array(there, dtype=float), (lon, lat), atol=2e-8)


@given(lons, lats, st.sampled_from([3, 6]))
def test_the_grid_goes_there_and_back(lon, lat, width):
    x, y = gk.to_grid(lon, lat, width_deg=width)

    assert gk.from_grid(x, y, width) == pytest.approx((lon, lat), abs=1e-9)


def test_x_is_the_northing_and_y_carries_the_zone():
    x, y = gk.to_grid(46.7, 39.8)

    assert 4_300_000 < x < 4_500_000
    assert 8_600_000 < y < 8_700_000


def test_swapped_axes_are_caught_and_named():
    with pytest.raises(CoordinateError, match="swapped"):
        gk.from_grid(8_646_030, 4_408_210)


def test_a_missing_zone_is_named():
    with pytest.raises(CoordinateError, match="zone"):
        gk.from_grid(4_408_210, 646_030)


def test_six_degree_metres_in_a_three_degree_frame_are_far_away():
    x, y = gk.to_grid(46.7, 39.8)
    narrow = gk.from_grid(x, y - 8_000_000 + 16_000_000, 3)

    assert _metres(46.7, 39.8, *narrow) == pytest.approx(257_000, abs=2_000)


def test_the_next_zone_is_514_km_away():
    x, y = gk.to_grid(46.7, 39.8)

    assert _metres(46.7, 39.8, *gk.from_grid(x, y + 1_000_000)) == pytest.approx(514_000, abs=2_000)


def test_convergence_against_a_finite_difference():
    gamma = float(gk.convergence_deg(*PLACE))
    (x0, y0), (x1, y1) = gk.to_grid(*PLACE), gk.to_grid(PLACE[0], PLACE[1] + 1e-4)
    grid_azimuth_of_true_north = np.degrees(np.arctan2(y1 - y0, x1 - x0))

    assert gamma == pytest.approx(1.08838, abs=1e-4)
    assert gamma == pytest.approx(-grid_azimuth_of_true_north, abs=1e-4)


def test_convergence_changes_sign_across_a_zone_edge():
    west, east = gk.convergence_deg(48.0, 39.6, zone=8), gk.convergence_deg(48.0, 39.6, zone=9)

    assert (float(west), float(east)) == pytest.approx((1.913, -1.913), abs=0.05)


@pytest.mark.parametrize(("lon", "lat", "day", "degrees"), [
    (46.7, 39.8, date(1988, 1, 1), 4.52), (46.7, 39.8, date(1993, 6, 1), 4.59),
    (46.7, 39.8, date(2020, 10, 1), 6.25), (47.0, 39.3, date(1993, 6, 1), 4.48),
])
def test_declination_of_the_region(lon, lat, day, degrees):
    assert declination_deg(lon, lat, day) == pytest.approx(degrees, abs=0.015)


def test_todays_declination_would_be_wrong_by_15_m_in_500_m():
    change = declination_deg(*PLACE, date(2020, 10, 1)) - declination_deg(*PLACE, date(1993, 6, 1))

    assert 500 * np.radians(change) == pytest.approx(14.5, abs=0.7)


def test_declination_against_another_model_where_both_hold():
    """WMM 2020 by pygeomag, another code with other coefficients."""
    pygeomag = pytest.importorskip("pygeomag")
    wmm = pygeomag.GeoMag(coefficients_file="wmm/WMM_2020.COF")

    other = wmm.calculate(glat=PLACE[1], glon=PLACE[0], alt=0, time=2020.75).d

    assert declination_deg(*PLACE, date(2020, 10, 1)) == pytest.approx(other, abs=0.05)


def test_many_declinations_equal_each():
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(44, 50, 40), rng.uniform(38, 42, 40)
    days = [date(1985 + int(k), 1 + int(k) % 12, 3) for k in rng.integers(0, 40, 40)]

    value, sigma = declinations_deg(lon, lat, days)

    for i, day in enumerate(days):
        assert value[i] == pytest.approx(declination_deg(lon[i], lat[i], day), abs=1e-6)
        assert sigma[i] == pytest.approx(declination_sigma_deg(lon[i], lat[i], day), abs=1e-6)


@pytest.mark.parametrize("day", [date(1899, 12, 31), date(2030, 1, 2)])
def test_the_field_model_is_refused_outside_its_years(day):
    with pytest.raises(UnsupportedEpochError):
        field_enu_nt(*PLACE, day)


def test_mils_of_the_two_kinds():
    """4500 divisions read as NATO's are 16.9 degrees off: 147 m in 500 m."""
    mils = parse_divisions("45-00")
    off = mils * (DEG_PER_SOVIET_MIL - DEG_PER_NATO_MIL)

    assert mils == 4500
    assert off == pytest.approx(16.875)
    assert 2 * 500 * np.sin(np.radians(off / 2)) == pytest.approx(147, abs=1)


@given(st.floats(0, 360, exclude_max=True))
def test_back_azimuth_and_mirror_undo_themselves(angle):
    for turn in (back_azimuth_deg, mirrored_deg):
        assert (turn(turn(angle)) - angle + 180) % 360 - 180 == pytest.approx(0, abs=1e-9)


@given(lons, lats, st.floats(0, 359), st.floats(1, 5_000))
def test_bearing_and_distance_lead_back(lon, lat, azimuth, distance):
    end = destination(lon, lat, azimuth, distance)
    back = azimuth_and_distance(lon, lat, *end)

    assert back[1] == pytest.approx(distance, abs=1e-4)
    assert (back[0] - azimuth + 180) % 360 - 180 == pytest.approx(0, abs=1e-3)


@given(lons, lats, st.floats(-30_000, 30_000), st.floats(-30_000, 30_000))
def test_the_local_plane_is_true_to_scale_within_30_km(lon, lat, x, y):
    frame = LocalFrame(lon, lat)
    here, there = frame.to_lonlat([[x, y], [x + 50.0, y]])

    assert _metres(*here, *there) == pytest.approx(50.0, rel=1.3e-5)
    assert np.allclose(frame.to_xy(frame.to_lonlat([x, y])), [x, y], atol=1e-5)


def test_true_azimuth_is_the_planes_azimuth_plus_its_convergence():
    frame = LocalFrame(46.7, 39.8)
    here, north = frame.to_lonlat([[20_000, 0], [20_000, 100]])

    true = GEOD.inv(*here, *north)[0]

    assert true == pytest.approx(float(frame.convergence_deg(here)), abs=1e-3)
