import pytest

from fieldproof.errors import CoordinateError
from fieldproof.geo.sheets import SCALES, read_sheet, sheet_at


def test_latin_b_is_read_both_ways():
    readings = {s.name: s.bounds for s in read_sheet("J-38-12-A-b")}
    assert readings["J-38-12-А-б"] == pytest.approx((47.625, 39.9166667, 47.75, 40.0))
    assert readings["J-38-12-А-в"] == pytest.approx((47.5, 39.8333333, 47.625, 39.9166667))
    assert len(readings) == 2


def test_cyrillic_letters_mean_themselves():
    assert [s.name for s in read_sheet("К-38-24-Б")] == ["K-38-24-Б"]


def test_bare_number_may_be_two_scales():
    assert {(s.name, s.scale) for s in read_sheet("K-38-24")} == {
        ("K-38-24", 100_000), ("K-38-XXIV", 200_000)}
    assert [s.name for s in read_sheet("K-38-100")] == ["K-38-100"]


@pytest.mark.parametrize("name", ["K-38-XXIV", "К-38-ХХIV", "k 38 XXIV", "K.38.XXIV"])
def test_roman_numerals_in_either_alphabet(name):
    assert [s.name for s in read_sheet(name)] == ["K-38-XXIV"]


@pytest.mark.parametrize("name", [
    "", "J", "38-12", "Z-38", "J-61", "J-0", "J-38-145", "J-38-12-Д", "J-38-12-А-Б", "J-38-АБ",
    "J-38-12-А-б-5", "J-38-12-А-б-1-1", "J-38-XXXVII",
])
def test_what_is_no_sheet_is_refused(name):
    with pytest.raises(CoordinateError, match="would be right"):
        read_sheet(name)


@pytest.mark.parametrize("lonlat", [(46.0, 60.0), (46.0, -0.1), (180.0, 40.0)])
def test_no_sheet_where_none_is_read(lonlat):
    with pytest.raises(CoordinateError):
        sheet_at(*lonlat, 100_000)


def test_unknown_scale_is_refused():
    with pytest.raises(CoordinateError, match="1:5000"):
        sheet_at(46.0, 40.0, 5000)


@pytest.mark.parametrize("scale", sorted(SCALES))
def test_every_corner_belongs_to_one_sheet(scale):
    """Edges that are thirds of a degree are not exact numbers; no place may fall between."""
    first = sheet_at(46.01, 40.01, scale)
    width, height = first.east - first.west, first.north - first.south
    for i in range(12):
        for j in range(6 if scale == 1_000_000 else 12):
            lon = round((36 + i * width) * 3600) / 3600
            lat = round((36 + j * height) * 3600) / 3600
            sheet = sheet_at(lon, lat, scale)
            assert sheet.holds(lon, lat)
            assert (sheet.west, sheet.south) == (lon, lat)
