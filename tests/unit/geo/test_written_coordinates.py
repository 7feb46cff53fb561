import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldproof.errors import CoordinateError
from fieldproof.geo import gauss_kruger as gk
from fieldproof.geo.coordinate_text import parse_latlon, parse_mgrs, parse_utm
from fieldproof.geo.sheets import SCALES, read_sheet, sheet_at
from fieldproof.locate.position import read_position
from fieldproof.model.codes import CoordinateSystem as System


@pytest.mark.parametrize("text", [
    "39.8012, 46.7105", "39.8012;46.7105", "39,8012; 46,7105", "39.8012 46.7105",
    "39°48'04.32\"N 46°42'37.8\"E", "N39 48.072 E46 42.63", "46°42'37.8\"E, 39°48'04.32\"N",
    "39°48'04.32\"С 46°42'37.8\"В", "46:42:37.8|39:48:04.32",
])
def test_ways_to_write_the_same_place(text):
    assert parse_latlon(text) == pytest.approx((46.7105, 39.8012), abs=1e-6)


def test_the_imsma_style_gives_x_first():
    lon, lat = parse_latlon("-74:4:33.0234|4:35:53.016")

    assert (lon, lat) == pytest.approx((-74.07584, 4.59806), abs=1e-5)


@pytest.mark.parametrize("text", [
    "", "39.8", "39.8, 46.7, 12", "39°61'00\"N 46°00'00\"E", "95.0, 46.7", "-39.8N 46.7E",
    "39.8N 40.1N", "thirty nine",
])
def test_what_cannot_be_read_says_what_would_be_right(text):
    with pytest.raises(CoordinateError):
        parse_latlon(text)


def test_mgrs_of_the_imsma_example():
    lon, lat, side = parse_mgrs("18nxl 02512 08301")

    assert (lon, lat) == pytest.approx((-74.07583, 4.59807), abs=2e-5)
    assert side == 1


def test_a_band_letter_is_not_taken_for_a_hemisphere():
    with pytest.raises(CoordinateError, match="band"):
        parse_utm("38T 508301 4602512")


def test_utm_without_a_zone_says_what_is_missing():
    with pytest.raises(CoordinateError, match="zone"):
        parse_utm("508301|602512")


def test_utm_for_gauss_kruger_is_named_as_another_reading():
    """The same digits as UTM lie 1.9 km north: plausible on a map, so it is said."""
    position = read_position("4408210 8646030", System.SK42_GK6)

    assert position.operation == "EPSG:15865"
    assert position.datum_sigma_m == 4.5
    assert "UTM 38N" in position.readings[0]


def test_an_unknown_system_is_not_guessed():
    with pytest.raises(CoordinateError, match="sk42_gk6"):
        read_position("4408210 8646030", System.UNKNOWN)


def test_short_coordinates_need_their_sheet():
    with pytest.raises(CoordinateError, match="sheet"):
        read_position("08210 46030", System.SK42_GK6_SHORT)


def test_short_coordinates_on_their_sheet_are_the_full_ones():
    lon, lat = 47.70, 39.95
    x, y = gk.to_grid(lon, lat)
    sheet = sheet_at(lon, lat, 100_000).name
    full = read_position(f"{x:.0f} {y:.0f}", System.SK42_GK6)

    short = read_position(f"{x % 100_000:.0f} {y % 100_000:.0f}", System.SK42_GK6_SHORT, sheet)

    assert short.lonlat == pytest.approx(full.lonlat, abs=1e-9)


def test_a_place_off_its_sheet_is_reported():
    position = read_position("4408210 8646030", System.SK42_GK6, "J-38-12-А-б")

    assert any("outside map sheet" in w for w in position.warnings)


def test_a_latin_letter_has_two_readings():
    names = [s.name for s in read_sheet("J-38-12-A-b")]

    assert names == ["J-38-12-А-б", "J-38-12-А-в"]
    east, west = read_sheet("J-38-12-A-b")
    assert east.bounds == pytest.approx((47.625, 39.916667, 47.75, 40.0), abs=1e-5)
    assert west.bounds == pytest.approx((47.5, 39.833333, 47.625, 39.916667), abs=1e-5)


def test_a_bare_number_may_be_two_scales():
    assert {s.scale for s in read_sheet("K-38-24")} == {100_000, 200_000}


@pytest.mark.parametrize("name", ["", "K", "Q1-38", "K-61", "K-38-145", "K-38-12-Я",
                                  "K-38-12-А-б-5"])
def test_names_of_no_sheet_are_refused(name):
    with pytest.raises(CoordinateError):
        read_sheet(name)


@given(st.floats(-179.99, 179.9), st.floats(0.01, 59.9), st.sampled_from(sorted(SCALES)))
def test_the_sheet_of_a_place_holds_it_and_is_read_back(lon, lat, scale):
    sheet = sheet_at(lon, lat, scale)

    assert sheet.holds(lon, lat)
    assert sheet.scale == scale
    assert sheet.bounds in [s.bounds for s in read_sheet(sheet.name)]


@pytest.mark.parametrize("text", ["0845", "08 45", "кв. 0845", "kvadrat 0845"])
def test_a_grid_square_is_its_middle_with_an_even_error(text):
    sheet = sheet_at(47.70, 39.95, 100_000).name
    x, y = gk.to_grid(47.70, 39.95)
    digits = f"{int(x % 100_000 // 1000):02d}{int(y % 100_000 // 1000):02d}"

    square = read_position(text.replace("0845", digits).replace("08 45", digits),
                           System.SK42_SQUARE, sheet)

    middle = read_position(f"{x // 1000 * 1000 + 500:.0f} {y // 1000 * 1000 + 500:.0f}",
                           System.SK42_GK6)
    assert square.lonlat == pytest.approx(middle.lonlat, abs=1e-9)
    assert square.sigma_m == pytest.approx((1000**2 / 12 + 4.5**2) ** 0.5)


@pytest.mark.parametrize(("ninth", "north", "east"), [
    (1, 833.333, 166.667), (3, 833.333, 833.333), (4, 500, 833.333), (5, 166.667, 833.333),
    (7, 166.667, 166.667), (8, 500, 166.667), (9, 500, 500),
])
def test_ninths_run_like_a_snail(ninth, north, east):
    sheet = sheet_at(47.70, 39.95, 100_000).name
    x, y = (v // 1000 * 1000 for v in gk.to_grid(47.70, 39.95))
    digits = f"{int(x % 100_000 // 1000):02d}{int(y % 100_000 // 1000):02d}"

    place = read_position(f"{digits}, по улитке {ninth}", System.SK42_SQUARE, sheet)

    expected = read_position(f"{x + north:.3f} {y + east:.3f}", System.SK42_GK6)
    assert place.lonlat == pytest.approx(expected.lonlat, abs=1e-7)
    assert place.sigma_m == pytest.approx(((1000 / 3) ** 2 / 12 + 4.5**2) ** 0.5)


def test_a_grid_square_needs_its_sheet_and_its_digits():
    for text, sheet in (("0845", None), ("845", "J-38-12"), ("08457", "J-38-12")):
        with pytest.raises(CoordinateError):
            read_position(text, System.SK42_SQUARE, sheet)
