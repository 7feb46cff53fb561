"""The traps of SK-42: each one a test."""

import numpy as np
import pytest
from pyproj import Proj, Transformer

from fieldproof.errors import CoordinateError
from fieldproof.geo.bearing import azimuth_and_distance
from fieldproof.geo.datum import DEFAULT_OPERATION, OPERATIONS, sk42_to_wgs84, wgs84_to_sk42
from fieldproof.geo.gauss_kruger import (
    central_meridian_deg,
    convergence_deg,
    from_grid,
    short_candidates,
    to_grid,
    zone_of,
)
from fieldproof.geo.sheets import read_sheet

KARABAKH = (46.7, 39.8)


def test_shift_is_100_m_to_the_west():
    azimuth, metres = azimuth_and_distance(*KARABAKH, *map(float, sk42_to_wgs84(*KARABAKH)))
    assert metres == pytest.approx(102.9, abs=0.2)
    assert azimuth - 360 == pytest.approx(-96, abs=2)


@pytest.mark.parametrize(("code", "metres"), [
    ("EPSG:1808", 4.0), ("EPSG:1807", 3.5), ("EPSG:1809", 5.8), ("EPSG:5044", 2.4),
    ("EPSG:1267", 2.9), ("EPSG:1254", 13.7),
])
def test_other_operations_differ_by_metres(code, metres):
    pinned = map(float, sk42_to_wgs84(*KARABAKH))
    other = map(float, sk42_to_wgs84(*KARABAKH, operation=code))
    assert azimuth_and_distance(*pinned, *other)[1] == pytest.approx(metres, abs=0.1)


def test_accuracies_are_those_of_the_epsg_register():
    for code, operation in OPERATIONS.items():
        stated = Transformer.from_pipeline(code).accuracy
        assert (operation.accuracy_m or 999.0) == stated, code


def test_unpinned_operation_steps_at_41_19_n_and_ours_does_not():
    lat = np.array([41.18, 41.20])
    lon = np.full(2, 45.0)
    free = Transformer.from_crs("EPSG:4284", "EPSG:4326")
    free_lat, _ = free.transform(lat, lon)
    _, our_lat = sk42_to_wgs84(lon, lat)
    metres_per_degree = 111_000
    free_step, our_step = (
        abs(np.diff(np.asarray(out) - lat)[0]) * metres_per_degree for out in (free_lat, our_lat)
    )
    assert our_step < 0.05
    free_lon = free.transform(lat, lon)[1] - np.asarray(sk42_to_wgs84(lon, lat)[0])
    assert np.hypot(free_step, abs(np.diff(free_lon)[0]) * 85_000) > 2


def test_unknown_operation_is_refused():
    with pytest.raises(CoordinateError, match="EPSG:15865"):
        sk42_to_wgs84(*KARABAKH, operation="EPSG:1")


def test_a_thousand_places_at_once():
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(36, 54, 1000), rng.uniform(36, 48, 1000)
    together = np.stack(sk42_to_wgs84(lon, lat), axis=-1)
    singly = [[float(v) for v in sk42_to_wgs84(x, y)] for x, y in zip(lon, lat, strict=True)]
    np.testing.assert_allclose(together, singly, rtol=0, atol=1e-12)
    assert DEFAULT_OPERATION == "EPSG:15865"


@pytest.mark.parametrize(("zone", "width", "epsg"), [
    (7, 6, 28407), (8, 6, 28408), (9, 6, 28409),
    (13, 3, 2529), (14, 3, 2530), (15, 3, 2531), (16, 3, 2532), (17, 3, 2533),
])
def test_grid_is_that_of_the_epsg_register(zone, width, epsg):
    lon = central_meridian_deg(zone, width) + 1.2
    # within one datum, so there is no operation to choose
    theirs = Transformer.from_crs("EPSG:4284", f"EPSG:{epsg}").transform(39.8, lon)
    np.testing.assert_allclose(to_grid(lon, 39.8, zone, width), theirs, rtol=0, atol=1e-3)


def test_swapped_axes_are_named():
    x, y = to_grid(*KARABAKH)
    with pytest.raises(CoordinateError, match="swapped"):
        from_grid(y, x)


def test_wrong_zone_is_514_km_off():
    x, y = to_grid(*KARABAKH)
    wrong = from_grid(x, y + 1_000_000)
    assert azimuth_and_distance(*KARABAKH, *wrong)[1] == pytest.approx(514_000, abs=1000)


def test_missing_zone_and_far_easting_are_refused():
    with pytest.raises(CoordinateError, match="has no zone"):
        from_grid(4_408_210, 646_030)
    with pytest.raises(CoordinateError, match="3° zones"):
        from_grid(4_408_210, 8_950_000)
    with pytest.raises(CoordinateError, match="zone 61"):
        central_meridian_deg(61)


@pytest.mark.parametrize(("lon", "six", "three"), [
    (36.0, 7, 12), (41.999, 7, 14), (42.0, 8, 14), (43.5, 8, 15), (46.5, 8, 16), (47.999, 8, 16),
    (48.0, 9, 16), (40.5, 7, 14), (0.5, 1, 120), (179.9, 30, 60),
])
def test_zones(lon, six, three):
    assert zone_of(lon) == six
    assert zone_of(lon, 3) == three
    assert abs((central_meridian_deg(three, 3) - lon + 180) % 360 - 180) <= 1.5


def test_convergence_against_a_finite_difference():
    assert float(convergence_deg(*KARABAKH)) == pytest.approx(1.08838, abs=1e-5)
    lon, lat = KARABAKH
    (x0, y0), (x1, y1) = to_grid(lon, lat - 1e-4, 8), to_grid(lon, lat + 1e-4, 8)
    grid_azimuth_of_true_north = np.degrees(np.arctan2(y1 - y0, x1 - x0))
    assert grid_azimuth_of_true_north == pytest.approx(-1.08838, abs=2e-5)


def test_convergence_on_both_sides_of_a_zone_border():
    west, east = convergence_deg([47.9999, 48.0001], [39.6, 39.6])
    assert west == pytest.approx(1.91, abs=0.01)
    assert east == pytest.approx(-1.91, abs=0.01)
    assert float(convergence_deg(48.0001, 39.6, zone=8)) == pytest.approx(west, abs=1e-3)


def test_convergence_of_either_datum_is_the_same():
    sk42 = [float(v) for v in wgs84_to_sk42(*KARABAKH)]
    assert float(convergence_deg(*sk42)) == pytest.approx(float(convergence_deg(*KARABAKH)),
                                                          abs=1e-3)


def test_grid_scale_is_negligible():
    scale = Proj(proj="tmerc", lon_0=45, k=1, x_0=500000, ellps="krass").get_factors(46.7, 39.8)
    assert 500 * (scale.meridional_scale - 1) == pytest.approx(0.13, abs=0.01)


def test_short_coordinates_repeat_every_100_km():
    sheet, = read_sheet("J-38-12-А-б")
    lon, lat = (sheet.west + sheet.east) / 2, (sheet.south + sheet.north) / 2
    x, y = to_grid(lon, lat)
    found = short_candidates(x % 100_000, y % 100_000, sheet.bounds)
    assert len(found) == 9
    np.testing.assert_allclose(found[0], (x, y), atol=1e-6)
    assert np.hypot(*np.subtract(found[1], found[0])) == pytest.approx(100_000)
    with pytest.raises(CoordinateError, match="five digits"):
        short_candidates(x, y % 100_000, sheet.bounds)
