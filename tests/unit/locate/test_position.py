import numpy as np
import pytest

from fieldproof.errors import CoordinateError
from fieldproof.geo.bearing import azimuth_and_distance
from fieldproof.geo.datum import sk42_to_wgs84, wgs84_to_sk42
from fieldproof.geo.gauss_kruger import from_grid, to_grid
from fieldproof.locate.position import read_position
from fieldproof.model.codes import CoordinateSystem as System

TRUTH = (46.70371269, 39.79467176)  # of X 4408210, Y 8646030


def test_full_grid_coordinates():
    position = read_position("4408210 8646030", System.SK42_GK6, map_scale=50_000)
    assert position.lonlat == pytest.approx(TRUTH, abs=1e-8)
    assert (position.operation, position.datum_sigma_m) == ("EPSG:15865", 4.5)
    assert position.sigma_m == pytest.approx(np.hypot(25.0, 4.5))
    assert position.warnings == ()


def test_error_is_not_made_up():
    position = read_position("4408210 8646030", System.SK42_GK6)
    assert position.sigma_m is None
    assert position.datum_sigma_m == 4.5
    assert read_position("39.8 46.7", System.WGS84).sigma_m is None


def test_utm_reading_of_a_grid_place_is_named():
    """The same digits as UTM are a plausible place 1.9 km away."""
    position = read_position("4408210 8646030", System.SK42_GK6)
    reading, = position.readings
    assert "UTM 38N" in reading
    lat, lon = (float(reading.split(":")[1].split()[i]) for i in (0, 2))
    assert azimuth_and_distance(*position.lonlat, lon, lat)[1] == pytest.approx(1862, abs=15)


def test_zone_of_utm_put_before_a_grid_easting():
    """`38` is the UTM zone of Karabakh; as a Gauss-Krüger zone it is in the Pacific."""
    position = read_position("4408210 38508301", System.SK42_GK6, sheet="J-38-12-А-б")
    assert any("outside map sheet" in w for w in position.warnings)
    assert "UTM 8N" in position.readings[0]


def test_swapped_axes():
    with pytest.raises(CoordinateError, match="swapped"):
        read_position("8646030 4408210", System.SK42_GK6)
    # in zone 7 both orders are places: it is said
    both = read_position("4708210 7646030", System.SK42_GK6)
    assert any("swapped" in warning for warning in both.warnings)


def test_wide_zone_read_as_narrow_one_is_flagged():
    position = read_position("4408210 16646030", System.SK42_GK3)
    assert any("strip" in warning for warning in position.warnings)
    x, y = to_grid(46.7, 39.8, width_deg=3)
    assert read_position(f"{x} {y}", System.SK42_GK3).warnings == ()


def test_place_off_the_named_sheet_is_flagged():
    assert read_position("4408210 8646030", System.SK42_GK6, sheet="J-38-12-А-б").warnings
    assert not read_position("4408210 8646030", System.SK42_GK6, sheet="J-38").warnings


def test_short_coordinates():
    lon, lat = (float(v) for v in wgs84_to_sk42(47.69, 39.95))
    x, y = to_grid(lon, lat)
    text = f"{x % 100_000:.1f} {y % 100_000:.1f}"
    position = read_position(text, System.SK42_GK6_SHORT, sheet="J-38-12-А-б")
    assert position.lonlat == pytest.approx((47.69, 39.95), abs=1e-6)
    assert position.readings == ()
    with pytest.raises(CoordinateError, match="name their map sheet"):
        read_position(text, System.SK42_GK6_SHORT)
    with pytest.raises(CoordinateError, match="do not lie on sheet"):
        read_position(text, System.SK42_GK6_SHORT, sheet="J-38-12-А-а")
    wide = read_position(text, System.SK42_GK6_SHORT, sheet="J-38")
    assert len(wide.readings) > 5
    assert "ways" in wide.warnings[0]
    assert "100.0 km away" in " ".join(wide.readings)


def test_ambiguous_sheet_of_short_coordinates_is_said():
    lon, lat = 44.6, 42.9  # on K-38-24's other reading, K-38-XXIV, there may be another place
    x, y = to_grid(lon, lat)
    text = f"{x % 100_000:.0f} {y % 100_000:.0f}"
    seen = []
    for sheet in ("K-38-24", "K-38-XXIV"):
        try:
            seen.append(len(read_position(text, System.SK42_GK6_SHORT, sheet=sheet).readings))
        except CoordinateError:
            seen.append(-1)
    assert seen[0] >= seen[1]  # the bare number never hides a reading that the full name has


def test_geographic_sk42_is_shifted_and_wgs84_is_not():
    plain = read_position("39.8 46.7", System.WGS84)
    old = read_position("39.8 46.7", System.SK42_GEOGRAPHIC)
    assert plain.lonlat == (46.7, 39.8)
    assert old.lonlat == pytest.approx([float(v) for v in sk42_to_wgs84(46.7, 39.8)])
    assert azimuth_and_distance(*plain.lonlat, *old.lonlat)[1] == pytest.approx(102.9, abs=0.2)


def test_mgrs_square_has_the_error_of_its_size():
    square = read_position("38SQK0208", System.MGRS)
    assert square.sigma_m == pytest.approx(1000 / 12**0.5)
    assert read_position("38SQK0251208301", System.MGRS).sigma_m is None


@pytest.mark.parametrize(("text", "names"), [
    ("39.8 46.7", ["wgs84", "sk42_geographic"]),
    ("4408210 8646030", ["sk42_gk6", "sk42_gk3"]),
    ("38N 508301 4602512", ["wgs84_utm"]),
    ("gibberish", ["none"]),
])
def test_unknown_system_is_never_guessed(text, names):
    with pytest.raises(CoordinateError) as error:
        read_position(text, System.UNKNOWN)
    for name in names:
        assert name in str(error.value)


def test_place_is_inverse_grid_and_pinned_shift():
    expected = [float(v) for v in sk42_to_wgs84(*from_grid(4408210, 8646030))]
    assert read_position("4408210 8646030", System.SK42_GK6).lonlat == pytest.approx(expected)
