"""The simulator does what it says; checked by hand, without the code that it tests."""

import json
from datetime import date

import numpy as np
import pytest
import shapely
from pyproj import Geod, Proj, Transformer

from fieldproof.geo.magnetism import declination_deg
from fieldproof.model.tables import TABLES
from fieldproof.simulate.district import MIX, simulate_district
from fieldproof.simulate.fields import Truth, make_field
from fieldproof.simulate.forms import Misreading, Skill, measure, misread
from fieldproof.workflows.simulate_district import write_district

GEOD = Geod(ellps="WGS84")
PERFECT = Skill(0, 0, 0, 0, 0)


@pytest.fixture(scope="module")
def district():
    return simulate_district(7, 60)


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    first = write_district(tmp_path / "a", seed=3, n_records=12)
    second = write_district(tmp_path / "b", seed=3, n_records=12)

    assert [p.name for p in first] == [p.name for p in second]
    for a, b in zip(first, second, strict=True):
        assert a.read_bytes() == b.read_bytes()


def test_shares_of_the_kinds(district):
    kinds = [t["truth"] for t in district.truth.values()]

    for kind, share in MIX.items():
        assert kinds.count(kind) == pytest.approx(60 * share, abs=1)


def test_every_row_fits_the_schema(district):
    for name, rows in district.tables.items():
        fields = {f.name for f in TABLES[name]}
        for row in rows:
            assert set(row) <= fields
            for f in TABLES[name]:
                value = row.get(f.name)
                assert value is not None or not f.required, (name, f.name)
                if f.codes and value is not None:
                    assert value in f.code_list.values(), (name, f.name, value)


def test_it_lies_on_open_water_and_says_that_it_is_simulated(district):
    assert all("SIMULATED" in str(r["remarks"]) for r in district.tables["minefield_records"])
    for truth in district.truth.values():
        lon, lat = np.array(truth["corners_lonlat"]).mean(axis=0)
        assert 50.7 < lon < 51.1  # the middle of the Caspian Sea
        assert 40.9 < lat < 41.2


def test_a_perfect_form_leads_back_to_the_field():
    """Decoded by hand: Gauss-Krüger, the pinned operation, IGRF and geodesics."""
    rng = np.random.default_rng(2)
    field = make_field(np.array([0.0, 0.0]), Truth.ACCURATE, rng)
    frame = Proj(proj="tmerc", lon_0=50.8, lat_0=41.0, ellps="WGS84")
    corners = np.column_stack(frame(field.corners[:, 0], field.corners[:, 1], inverse=True))

    day = date(1993, 6, 1)
    form = measure(corners, (50.803, 41.002), day, PERFECT, rng)

    x, y = form.landmark_xy
    grid = Proj(proj="tmerc", lon_0=51, x_0=500_000, ellps="krass")
    lon, lat = grid(y - 9_000_000, x, inverse=True)
    lat, lon = Transformer.from_pipeline("EPSG:15865").transform(lat, lon)
    assert GEOD.inv(lon, lat, 50.803, 41.002)[2] < 10  # written to 10 m

    place = (50.803, 41.002)
    for mils, metres, corner in zip(form.mils[:-1], form.distances_m[:-1], corners, strict=True):
        azimuth = mils * 0.06 + declination_deg(50.803, 41.002, day)
        lon, lat, _ = GEOD.fwd(*place, azimuth, metres)
        place = (lon, lat)
        assert GEOD.inv(*place, *corner)[2] < 6  # divisions of 5 mils, whole metres
    assert form.landmark_lonlat == (50.803, 41.002)


@pytest.mark.parametrize("how", Misreading)
def test_a_misreading_changes_what_it_says(how, district):
    rng = np.random.default_rng(4)
    field = make_field(np.array([0.0, 0.0]), Truth.ACCURATE, rng)

    form = measure(np.column_stack([50.8 + field.corners[:, 0] / 84e3,
                                    41.0 + field.corners[:, 1] / 111e3]),
                   (50.803, 41.002), date(1993, 6, 1), PERFECT, rng)
    other = misread(form, how)

    changed = {n for n in ("mils", "distances_m", "landmark_xy")
               if getattr(form, n) != getattr(other, n)}
    expected = {Misreading.PAIR_STEPS_AS_METRES: {"distances_m"},
                Misreading.NO_DATUM_SHIFT: {"landmark_xy"}}.get(how, {"mils"})
    assert changed == expected
    if how is Misreading.NO_DATUM_SHIFT:
        assert np.hypot(*np.subtract(form.landmark_xy, other.landmark_xy)) == pytest.approx(
            105, abs=20)


def test_finds_lie_in_their_searches_and_not_all_is_found(district):
    shapes = district.shapes["searches"]
    named = [f for f in district.tables["finds"] if f["search_id"] in shapes]
    n_devices = sum(t["n_devices"] for t in district.truth.values())

    assert 0.1 < len(named) / n_devices < 0.95

    inside = [shapes[f["search_id"]].buffer(3e-4).contains(
        shapely.Point(f["longitude"], f["latitude"])) for f in named]
    assert np.mean(inside) > 0.99


def test_the_truth_is_apart_from_what_is_imported(tmp_path):
    files = write_district(tmp_path / "d", seed=1, n_records=8)

    assert {p.parent.name for p in files} == {"d"}
    truth = json.loads((tmp_path / "d/truth/truth.json").read_text())
    assert len(truth) == 8
    for path in files:
        assert "misreading" not in path.read_text()
