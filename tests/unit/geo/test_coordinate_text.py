import pytest

from fieldproof.errors import CoordinateError
from fieldproof.geo.angles import back_azimuth_deg, mirrored_deg, normalise_deg, parse_divisions
from fieldproof.geo.bearing import azimuth_and_distance, destination
from fieldproof.geo.coordinate_text import (
    parse_angle,
    parse_latlon,
    parse_mgrs,
    parse_numbers,
    parse_utm,
)
from fieldproof.units import DEG_PER_NATO_MIL, DEG_PER_SOVIET_MIL


@pytest.mark.parametrize(("text", "value", "axis"), [
    ("39.8012", 39.8012, None), ("39,8012", 39.8012, None), ("-39.8", -39.8, None),
    ("−39.8", -39.8, None), ("39°48'04.3\"N", 39.8011944, "lat"), ("39°48′04,3″ С", 39.8011944,
                                                                  "lat"),
    ("46°42'В", 46.7, "lon"), ("46 42 10 З", -46.7027778, "lon"), ("39d48m04s", 39.8011111, None),
    ("39d48mS", -39.8, "lat"), ("-74:4:33.0234", -74.0758398, None), ("N39 48.07", 39.8011667,
                                                                     "lat"),
    # a South after seconds is a hemisphere, not a mark of seconds
    ("12 30 15S", -12.5041667, "lat"), ("12 30 15 S", -12.5041667, "lat"),
    ("12 30 15 s", -12.5041667, "lat"), ("12:30:15S", -12.5041667, "lat"),
    ("12°30'15\"S", -12.5041667, "lat"), ("12°30'15\"Ю", -12.5041667, "lat"), ("0 30 S", -0.5,
                                                                              "lat"),
])
def test_angles(text, value, axis):
    assert parse_angle(text)[0] == pytest.approx(value, abs=1e-6)
    assert parse_angle(text)[1] == axis


@pytest.mark.parametrize("text", ["", "N", "1e5", "39.8.1", "39 60", "39 10 60", "-39.8 N",
                                  "39.5 30", "39 10.5 20", "1234", "39 48 04 12", "nan", "inf"])
def test_what_is_no_angle_is_refused(text):
    with pytest.raises(CoordinateError, match=r"right|0 to 59"):
        parse_angle(text)


@pytest.mark.parametrize(("text", "lonlat"), [
    ("39.8 46.7", (46.7, 39.8)), ("39,8 46,7", (46.7, 39.8)), ("39.8,46.7", (46.7, 39.8)),
    ("39,8; 46,7", (46.7, 39.8)), ("46.7E 39.8N", (46.7, 39.8)), ("39.8 N, 46.7 E", (46.7, 39.8)),
    ("46.7|39.8", (46.7, 39.8)), ("N39 48 E46 42", (46.7, 39.8)), ("39 48 46 42", (46.7, 39.8)),
    ("39 48 00 46 42 00", (46.7, 39.8)), ("С39°48' В46°42'", (46.7, 39.8)),
    ("12 30 15S 15 30 0E", (15.5, -12.5041667)), ("12 30 15 S, 15 30 0 W", (-15.5, -12.5041667)),
    ("-74:4:33.0234|4:35:12", (-74.0758398, 4.5866667)),
])
def test_pairs(text, lonlat):
    assert parse_latlon(text) == pytest.approx(lonlat, abs=1e-6)


@pytest.mark.parametrize("text", ["39.8", "39,8", "39,46", "39.8 46.7 1", "91 46", "39 181",
                                  "39 N 40 N", "39 E 40 E", "39 48 46", ""])
def test_pairs_that_are_refused(text):
    with pytest.raises(CoordinateError):
        parse_latlon(text)


def test_mgrs_takes_lower_case_and_blanks():
    plain = parse_mgrs("38SQK0251208301")
    assert parse_mgrs(" 38s qk 02512 08301 ") == plain
    assert plain[2] == 1.0
    assert plain[:2] == pytest.approx((47.36547, 39.80059), abs=1e-5)


@pytest.mark.parametrize(("text", "side", "utm"), [
    ("38SQK0251208301", 1, "38N 702512.5 4408301.5"),
    ("38SQK025083", 100, "38N 702550 4408350"),
    ("38SQK0208", 1000, "38N 702500 4408500"),
    ("38SQK00", 10_000, "38N 705000 4405000"),
])
def test_mgrs_gives_the_middle_of_its_square(text, side, utm):
    lon, lat, side_m = parse_mgrs(text)
    assert side_m == side
    assert (lon, lat) == pytest.approx(parse_utm(utm), abs=1e-9)


@pytest.mark.parametrize("text", ["38SQK025120830", "38IQK0208", "61SQK0208", "hello", "38S"])
def test_mgrs_that_is_refused(text):
    with pytest.raises(CoordinateError, match="MGRS"):
        parse_mgrs(text)


def test_utm():
    expected = pytest.approx((45.0995713, 41.5742479), abs=1e-6)
    assert parse_utm("38N 508301 4602512") == expected
    assert parse_utm("38n 508301 mE 4602512 mN") == expected
    assert parse_utm("38 north 508301|4602512") == expected
    assert parse_utm("33S 508301 8602512")[1] == pytest.approx(-12.642, abs=0.01)


def test_utm_letter_s_is_not_guessed():
    """39.8 N lies in the MGRS band S: `38S` may be meant as either."""
    with pytest.raises(CoordinateError, match="band S"):
        parse_utm("38S 508301 4408210")
    assert parse_utm("38 south 508301 4408210")[1] == pytest.approx(-50.478, abs=1e-3)
    assert parse_utm("38N 508301 4408210")[1] == pytest.approx(39.824, abs=1e-2)


@pytest.mark.parametrize("text", [
    "508301|602512", "38T 508301 4602512", "61N 508301 4602512", "0N 508301 4602512",
    "38N 4602512 508301", "38N 508301 99999999", "38N 10830 4408210",
])
def test_utm_that_is_refused(text):
    with pytest.raises(CoordinateError, match="right"):
        parse_utm(text)


def test_two_numbers():
    assert parse_numbers("X=4408210,5 Y=8646030") == (4408210.5, 8646030.0)
    assert parse_numbers("4408210-8646030") == (4408210.0, 8646030.0)
    for text in ("-4408210 8646030", "4408210", "4 408 210 8 646 030"):
        with pytest.raises(CoordinateError):
            parse_numbers(text)


def test_mils_of_the_other_kind():
    mils = parse_divisions("45-00")
    wrong = mils * (DEG_PER_SOVIET_MIL - DEG_PER_NATO_MIL)
    assert wrong == pytest.approx(16.875)
    a = destination(46.7, 39.8, mils * DEG_PER_SOVIET_MIL, 500)
    b = destination(46.7, 39.8, mils * DEG_PER_NATO_MIL, 500)
    assert azimuth_and_distance(*a, *b)[1] == pytest.approx(147, abs=1)
    c = destination(46.7, 39.8, (mils + 1) * DEG_PER_SOVIET_MIL, 500)
    assert azimuth_and_distance(*a, *c)[1] == pytest.approx(0.52, abs=0.01)


@pytest.mark.parametrize("text", ["45", "45-0", "64-01", "-45-00", "45-000", "abc"])
def test_divisions_that_are_refused(text):
    with pytest.raises(CoordinateError):
        parse_divisions(text)


def test_dial_and_way_back():
    assert parse_divisions("0-25") == 25.0
    assert mirrored_deg(90) == 270.0
    assert mirrored_deg(0) == 0.0
    assert back_azimuth_deg(270) == 90.0
    assert normalise_deg(-1e-20) == 0.0
