"""What the docstrings of the room geo promise, for any input."""

from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldproof.errors import CoordinateError, UnsupportedEpochError
from fieldproof.geo.angles import back_azimuth_deg, mirrored_deg, normalise_deg, parse_divisions
from fieldproof.geo.bearing import azimuth_and_distance, destination
from fieldproof.geo.coordinate_text import parse_angle, parse_latlon
from fieldproof.geo.datum import OPERATIONS, sk42_to_wgs84, wgs84_to_sk42
from fieldproof.geo.frame import LocalFrame
from fieldproof.geo.gauss_kruger import from_grid, short_candidates, to_grid
from fieldproof.geo.grid import Grid, inside_fraction
from fieldproof.geo.magnetism import (
    declination_deg,
    declination_sigma_deg,
    declinations_deg,
)
from fieldproof.geo.sheets import SCALES, read_sheet, sheet_at
from fieldproof.locate.position import read_position
from fieldproof.model.codes import CoordinateSystem

lons = st.floats(36, 54, exclude_max=True)
lats = st.floats(36, 48, exclude_max=True)
angles = st.floats(-1e6, 1e6)
widths = st.sampled_from([3, 6])
days = st.dates(date(1900, 1, 1), date(2029, 12, 31))


@given(angles)
def test_directions(angle):
    turned = normalise_deg(angle)
    assert 0 <= turned < 360
    for twice in (back_azimuth_deg(back_azimuth_deg(angle)), mirrored_deg(mirrored_deg(angle))):
        assert abs((twice - turned + 180) % 360 - 180) < 1e-9


@given(st.integers(0, 6400))
def test_divisions(mils):
    assert parse_divisions(f"{mils // 100}-{mils % 100:02d}") == mils


@given(lons, lats, st.sampled_from(sorted(OPERATIONS)))
def test_datum_there_and_back(lon, lat, code):
    back = [float(v) for v in wgs84_to_sk42(*sk42_to_wgs84(lon, lat, code), code)]
    # the height that a Helmert step gives is dropped on the way
    assert azimuth_and_distance(lon, lat, *back)[1] < 0.05


@given(lons, lats)
def test_shift_is_about_100_m_to_the_west(lon, lat):
    azimuth, metres = azimuth_and_distance(lon, lat, *map(float, sk42_to_wgs84(lon, lat)))
    assert 80 < metres < 130
    assert 240 < azimuth < 300


@given(lons, lats, widths)
def test_grid_there_and_back(lon, lat, width):
    x, y = to_grid(lon, lat, width_deg=width)
    assert from_grid(x, y, width) == pytest.approx((lon, lat), abs=1e-9)


@given(lons, lats)
def test_swapped_axes_are_refused_or_said(lon, lat):
    x, y = to_grid(lon, lat)
    try:
        position = read_position(f"{y:.1f} {x:.1f}", CoordinateSystem.SK42_GK6)
    except CoordinateError:
        return
    assert any("swapped" in warning for warning in position.warnings)


@given(lons, lats, st.sampled_from([s for s in sorted(SCALES) if s <= 200_000]))
def test_short_coordinates_are_found_on_their_sheet(lon, lat, scale):
    sheet = sheet_at(lon, lat, scale)
    x, y = to_grid(lon, lat)
    found = short_candidates(x % 100_000, y % 100_000, sheet.bounds)
    assert any(np.hypot(a - x, b - y) < 1e-6 for a, b in found)


@given(lons, lats, st.sampled_from(sorted(SCALES)))
def test_sheet_holds_its_place_and_its_name_leads_back(lon, lat, scale):
    sheet = sheet_at(lon, lat, scale)
    assert sheet.holds(lon, lat)
    assert sheet in read_sheet(sheet.name)


@given(lons, lats)
def test_finer_sheets_nest(lon, lat):
    outer = sheet_at(lon, lat, 100_000)
    inner = sheet_at(lon, lat, 10_000)
    assert inner.name.startswith(outer.name)
    assert outer.west <= inner.west < inner.east <= outer.east
    assert outer.south <= inner.south < inner.north <= outer.north


@given(st.floats(-89.9, 89.9), st.floats(-179.9, 179.9))
def test_dms_with_hemispheres_reads_back(lat, lon):
    def dms(value, letters, form):
        total = round(abs(value) * 3_600_000)
        degrees, rest = divmod(total, 3_600_000)
        minutes, ms = divmod(rest, 60_000)
        return form.format(degrees, minutes, ms / 1000, letters[value < 0])

    for form in ("{0}°{1}'{2:.3f}\"{3}", "{0} {1} {2:.3f}{3}", "{0} {1} {2:.3f} {3}",
                 "{0}:{1}:{2:.3f}{3}"):
        for letters_lat, letters_lon in (("NS", "EW"), ("СЮ", "ВЗ")):
            text = f"{dms(lat, letters_lat, form)}, {dms(lon, letters_lon, form)}"
            assert parse_latlon(text) == pytest.approx((lon, lat), abs=1e-6), text


@given(st.text("0123456789.,-+°'\" NSEWСЮВЗdms:|;", max_size=24))
def test_any_text_is_a_place_or_a_named_mistake(text):
    for reader in (parse_angle, parse_latlon, parse_divisions):
        try:
            out = reader(text)
        except CoordinateError:
            continue  # any other exception fails the test
        numbers = out if isinstance(out, tuple) else (out,)
        assert all(np.isfinite(n) for n in numbers if isinstance(n, float))


@settings(max_examples=60)
@given(st.text("0123456789.,- NS|;XYJK", max_size=24), st.sampled_from(CoordinateSystem))
def test_any_position_is_a_place_on_earth_or_a_named_mistake(text, system):
    try:
        lon, lat = read_position(text, system, sheet="K-38-24").lonlat
    except CoordinateError:
        return  # any other exception fails the test
    assert -180 <= lon <= 180
    assert -90 <= lat <= 90


@given(lons, lats, st.floats(0, 360), st.floats(0.01, 5000))
def test_destination_is_where_the_azimuth_says(lon, lat, azimuth, metres):
    back_azimuth, back_metres = azimuth_and_distance(lon, lat, *destination(lon, lat, azimuth,
                                                                           metres))
    assert back_metres == pytest.approx(metres, abs=1e-6)
    assert abs((back_azimuth - azimuth + 180) % 360 - 180) * metres < 1e-3


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(lons, lats, days), min_size=1, max_size=6))
def test_declinations_together_equal_each_alone(places):
    lon, lat, on = (list(part) for part in zip(*places, strict=True))
    together, sigma = declinations_deg(lon, lat, on)
    for i, place in enumerate(places):
        assert declination_deg(*place) == pytest.approx(together[i], abs=1e-9)
        assert declination_sigma_deg(*place) == pytest.approx(sigma[i], abs=1e-9)
    assert (sigma > 0.26).all()


@given(st.one_of(st.dates(max_value=date(1899, 12, 31)), st.dates(min_value=date(2030, 1, 1))))
def test_years_outside_the_model_are_refused(day):
    with pytest.raises(UnsupportedEpochError, match="1900 to 2030"):
        declination_deg(46.7, 39.8, day)
    with pytest.raises(UnsupportedEpochError):
        declinations_deg([46.7, 46.7], [39.8, 39.8], [date(2000, 1, 1), day])


@given(lons, lats, st.floats(-30_000, 30_000), st.floats(-30_000, 30_000))
def test_frame_there_and_back(lon, lat, x, y):
    frame = LocalFrame(lon, lat)
    np.testing.assert_allclose(frame.to_xy(frame.to_lonlat((x, y))), (x, y), atol=1e-4)
    np.testing.assert_allclose(frame.to_xy((lon, lat)), (0, 0), atol=1e-6)


boxes = st.tuples(st.floats(-500, 500), st.floats(-500, 500), st.floats(1, 300),
                  st.floats(1, 300)).map(lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3]))


@given(boxes, st.sampled_from([1.0, 2.5, 10.0]), st.floats(0, 40))
def test_grid_around_holds_its_bounds_on_common_edges(bounds, cell, margin):
    grid = Grid.around(bounds, cell, margin)
    west, south, east, north = grid.bounds
    assert west <= bounds[0] - margin + 1e-6
    assert south <= bounds[1] - margin + 1e-6
    assert east >= bounds[2] + margin - 1e-6
    assert north >= bounds[3] + margin - 1e-6
    assert grid.west_m / cell == round(grid.west_m / cell)
    x, y = grid.centres()
    assert (len(y), len(x)) == grid.shape
    np.testing.assert_array_equal(grid.index([(x[-1], y[0])]), [[0, grid.nx - 1]])


@given(st.floats(-40, 90), st.floats(0, 360), st.integers(2, 6))
def test_share_inside_of_one_straight_edge(offset, turn_deg, samples):
    grid = Grid(0.0, 0.0, 10.0, 5, 5)
    half_plane = shapely.affinity.rotate(
        shapely.box(-1000, offset, 1000, 3000), turn_deg, origin=(25, 25))
    share = inside_fraction(half_plane, grid, samples)
    x, y = grid.centres()
    for i, cy in enumerate(y):
        for j, cx in enumerate(x):
            cell = shapely.box(cx - 5, cy - 5, cx + 5, cy + 5)
            exact = cell.intersection(half_plane).area / 100
            assert abs(share[i, j] - exact) <= 1 / samples + 1e-9
            if exact < 1e-12 or exact > 1 - 1e-12:
                assert share[i, j] == pytest.approx(exact, abs=1e-9)
