"""Geodesy against published values; each case folder names its source."""

import csv
from datetime import date, datetime, timedelta
from math import radians, sin
from pathlib import Path

import numpy as np
import ppigrf
import pytest

from fieldproof.geo.gauss_kruger import convergence_deg
from fieldproof.geo.magnetism import declination_deg, declinations_deg, field_enu_nt, fields_enu_nt
from fieldproof.geo.sheets import read_sheet, sheet_at

HERE = Path(__file__).parent


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _naive(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001  (ppigrf takes naive UTC)


def _moment(year: float) -> datetime:
    start, end = _naive(date(int(year), 1, 1)), _naive(date(int(year) + 1, 1, 1))
    return start + (end - start) * (year - int(year))


@pytest.mark.parametrize("row", _rows("igrf14/bgs_geocentric.csv"), ids=lambda r: r["year"])
def test_library_gives_the_values_of_bgs(row):
    parts = ppigrf.igrf_gc(float(row["radius_km"]), float(row["colatitude_deg"]),
                           float(row["lon_deg"]), _moment(float(row["year"])))
    up, south, east = (float(np.ravel(part)[0]) for part in parts)
    expected = [float(row[k]) for k in ("north_nt", "east_nt", "down_nt")]
    np.testing.assert_allclose([-south, east, -up], expected, rtol=0, atol=0.1)


@pytest.mark.parametrize("row", _rows("igrf14/igrf14syn_geodetic.csv"),
                         ids=lambda r: f"{r['year']}-{r['lon_deg']}")
def test_library_gives_the_values_of_igrf14syn(row):
    parts = ppigrf.igrf(float(row["lon_deg"]), 90 - float(row["colatitude_deg"]),
                        float(row["height_km"]), _moment(float(row["year"])))
    east, north, up = (float(np.ravel(part)[0]) for part in parts)
    expected = [float(row[k]) for k in ("north_nt", "east_nt", "down_nt")]
    np.testing.assert_allclose([north, east, -up], expected, rtol=0, atol=0.3)
    assert np.linalg.norm([north, east, up]) == pytest.approx(float(row["total_nt"]), abs=0.3)


def test_our_field_is_the_librarys_at_sea_level():
    rng = np.random.default_rng(14)
    lon, lat = rng.uniform(36, 54, 40), rng.uniform(36, 48, 40)
    days = [date(1900, 1, 1) + timedelta(int(d)) for d in rng.integers(0, 130 * 365, 40)]
    plain = [
        [float(np.ravel(part)[0]) for part in ppigrf.igrf(x, y, 0.0, _naive(d))]
        for x, y, d in zip(lon, lat, days, strict=True)
    ]
    np.testing.assert_allclose([field_enu_nt(x, y, d) for x, y, d in zip(lon, lat, days,
                                                                         strict=True)], plain)
    np.testing.assert_allclose(fields_enu_nt(lon, lat, days), plain, rtol=0, atol=1e-6)


@pytest.mark.parametrize("row", _rows("declination_table/expected.csv"), ids=lambda r: r["place"])
def test_declination_and_its_omission(row):
    lon, lat = float(row["lon_deg"]), float(row["lat_deg"])
    days = {"d1988_deg": date(1988, 7, 1), "d1993_deg": date(1993, 6, 1),
            "d2020_deg": date(2020, 10, 1)}
    d = {key: declination_deg(lon, lat, day) for key, day in days.items()}
    for key, value in d.items():
        assert value == pytest.approx(float(row[key]), abs=0.011)
    gamma = float(convergence_deg(lon, lat))
    assert gamma == pytest.approx(float(row["convergence_deg"]), abs=0.006)

    def off_m(angle: float) -> float:  # chord, 500 m away
        return 1000 * sin(radians(abs(angle)) / 2)

    assert off_m(d["d1993_deg"]) == pytest.approx(float(row["d_omitted_m"]), abs=0.15)
    assert off_m(gamma) == pytest.approx(float(row["gamma_omitted_m"]), abs=0.1)
    # the trap: today's declination put on an azimuth of 1993
    today = declination_deg(lon, lat, date(2025, 10, 1)) - d["d1993_deg"]
    assert off_m(today) == pytest.approx(float(row["today_m"]), abs=0.15)


def test_declination_agrees_with_wmm():
    """Another model, by other people, with its own code: WMM 2010 to 2025."""
    from pygeomag import GeoMag

    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(36, 54, 60), rng.uniform(36, 48, 60)
    for year in (2010, 2015, 2020, 2025):
        model = GeoMag(base_year=float(year))
        ours, sigma = declinations_deg(lon, lat, [date(year, 1, 1)] * 60)
        theirs = [model.calculate(glat=y, glon=x, alt=0, time=float(year)).d
                  for x, y in zip(lon, lat, strict=True)]
        assert np.abs(ours - theirs).max() < 0.1
        assert np.abs(ours - theirs).max() < sigma.min()


def test_sigma_of_declination_is_that_of_wmm_2020():
    from pygeomag import GeoMag

    theirs = GeoMag(base_year=2020.0).calculate(glat=39.8, glon=46.7, alt=0, time=2020.75)
    _, sigma = declinations_deg([46.7], [39.8], [date(2020, 10, 1)])
    assert sigma[0] == pytest.approx(theirs.calculate_uncertainty().d, abs=0.002)


@pytest.mark.parametrize("row", _rows("sheets/expected.csv"), ids=lambda r: r["source_name"])
def test_published_sheets(row):
    scale = int(row["scale"])
    sheet, = (s for s in read_sheet(row["name"]) if s.scale == scale)
    west, south = float(row["west"]), float(row["south"])
    expected = (west, south, west + float(row["width"]), south + float(row["height"]))
    np.testing.assert_allclose(sheet.bounds, expected, rtol=0, atol=1e-9)
    assert sheet.name == row["name"]
    middle = (expected[0] + expected[2]) / 2, (expected[1] + expected[3]) / 2
    assert sheet_at(*middle, scale) == sheet


def test_published_sheet_of_the_origin():
    assert sheet_at(0.0, 0.0, 100_000).name == "A-31-133"


@pytest.mark.parametrize(("steps", "name"),
                         [((2, 0), "J-42-32"), ((0, 3), "K-42-138"), ((-1, -1), "J-42-41")])
def test_published_neighbours(steps, name):
    start, = (s for s in read_sheet("J-42-30") if s.scale == 100_000)
    lon = (start.west + start.east) / 2 + steps[0] * 0.5
    lat = (start.south + start.north) / 2 + steps[1] / 3
    assert sheet_at(lon, lat, 100_000).name == name
