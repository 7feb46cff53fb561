"""A made-up district: records, searches and finds in the default schema, with the truth apart.

It lies on the open water of the Caspian Sea on purpose, so that nobody can take it for real
ground; declination, zone and datum there are those of the region.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from fieldproof.geo.datum import sk42_to_wgs84
from fieldproof.geo.frame import LocalFrame
from fieldproof.geo.gauss_kruger import from_grid
from fieldproof.geo.magnetism import declination_deg
from fieldproof.model.rows import Value
from fieldproof.simulate.fields import Field, Truth, make_field
from fieldproof.simulate.forms import (
    MILS,
    Measurement,
    Misreading,
    Skill,
    blunder,
    measure,
    misread,
)
from fieldproof.simulate.searching import Search, search_field

FloatArray = npt.NDArray[np.float64]
Row = dict[str, Value]

ORIGIN: Final = LocalFrame(50.80, 41.00)
SPACING_M: Final = 1500.0
LABEL: Final = "SIMULATED"
#: Shares of the kinds of records.
MIX: Final[dict[Truth, float]] = {
    Truth.ACCURATE: 0.38, Truth.DISPLACED: 0.15, Truth.MISREAD: 0.15,
    Truth.INCOMPLETE: 0.12, Truth.DEPLETED: 0.08, Truth.UNSUPPORTED: 0.12,
}
UNITS: Final = ("Sim unit 1", "Sim unit 2", "Sim unit 3")
OPERATORS: Final = ("SIM-OP-1", "SIM-OP-2")
MODELS: Final = {"ap_mine": ("PMN-2", "OZM-72", "PMD-6"), "av_mine": ("TM-62M", "TM-57")}
_GEOD = Geod(ellps="WGS84")


@dataclass(slots=True)
class District:
    """A made-up district.

    Attributes:
        seed: that it was made from.
        tables: table -> rows in the default schema.
        shapes: table -> row id -> WGS 84 area, for tables of areas.
        truth: record -> what is true of it; never shown to the audit.
        sampled: records drawn at random for verification.

    """

    seed: int
    tables: defaultdict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    shapes: defaultdict[str, dict[str, BaseGeometry]] = field(
        default_factory=lambda: defaultdict(dict))
    truth: dict[str, dict[str, Any]] = field(default_factory=dict)
    sampled: list[str] = field(default_factory=list)


def simulate_district(seed: int = 1, n_records: int = 60, n_sampled: int = 16) -> District:
    """Make a district. The same arguments give the same district."""
    rng = np.random.default_rng(seed)
    district = District(seed)
    _parties(district)
    ids = [f"SIM-{i + 1:03d}" for i in range(n_records)]
    district.sampled = sorted(rng.choice(ids, min(n_sampled, n_records), replace=False).tolist())
    n_accurate = 0
    for index, (record_id, truth) in enumerate(zip(ids, _kinds(n_records, rng), strict=True)):
        n_accurate += truth is Truth.ACCURATE
        oddity = ODDITIES.get(n_accurate) if truth is Truth.ACCURATE else None
        _record(district, record_id, index, truth, oddity, rng)
    _background(district, n_records, rng)
    _casualties(district, n_records, rng)
    return district


def _kinds(n: int, rng: np.random.Generator) -> Iterator[Truth]:
    """N kinds in the shares of `MIX`, in random order."""
    exact = np.array(list(MIX.values())) * n
    sizes = np.floor(exact).astype(int)
    for k in np.argsort(sizes - exact)[: n - sizes.sum()]:
        sizes[k] += 1
    kinds = [kind for kind, size in zip(MIX, sizes, strict=True) for _ in range(size)]
    yield from (kinds[i] for i in rng.permutation(n))


def _centre(index: int, n_side: int = 8) -> FloatArray:
    row, column = divmod(index, n_side)
    return np.array([column * SPACING_M, row * SPACING_M], dtype=np.float64)


def _record(
    district: District, record_id: str, index: int, truth: Truth, oddity: str | None,
    rng: np.random.Generator,
) -> None:
    centre = _centre(index) + rng.uniform(-150, 150, 2)
    ground = make_field(centre, truth, rng)
    way, far = rng.uniform(0, 2 * np.pi), rng.uniform(150, 550)
    landmark_xy = ground.corners[0] + far * np.array([np.sin(way), np.cos(way)])
    landmark = tuple(map(float, ORIGIN.to_lonlat(landmark_xy)))
    laid_on = date(1992, 1, 1) + timedelta(days=int(rng.integers(0, 880)))
    form = measure(ORIGIN.to_lonlat(ground.corners), landmark, laid_on, Skill(), rng)  # type: ignore[arg-type]
    how = None
    if truth is Truth.MISREAD:
        how = list(Misreading)[int(rng.integers(len(Misreading)))]
        form = misread(form, how)
    if oddity == "legs do not close":
        form = blunder(form)
    klass = "ap_mine" if rng.random() < 0.7 else "av_mine"
    _form_rows(district, record_id, index, form, ground, klass, oddity, rng)
    district.truth[record_id] = {
        "truth": str(truth), "misreading": None if how is None else str(how), "oddity": oddity,
        "shift_m": [float(v) for v in ground.shift], "n_devices": len(ground.devices),
        "corners_lonlat": ORIGIN.to_lonlat(ground.corners + ground.shift).tolist(),
        "devices_lonlat": ORIGIN.to_lonlat(ground.devices).tolist(),
    }
    plotted = ORIGIN.shape_to_xy(_plotted(form))
    district.shapes["hazard_areas"][f"SHA-{record_id}"] = ORIGIN.shape_to_lonlat(
        plotted.buffer(100))
    district.tables["hazard_areas"].append({
        "hazard_id": f"SHA-{record_id}", "name": f"{LABEL} area of {record_id}",
        "land_class": "sha", "land_status": "open", "evidence": "indirect",
        "indirect_evidence": "records_low_reliability", "record_id": record_id,
        "device_class": klass,
    })
    _searches(district, record_id, ground, plotted, klass, rng)


#: A few honest forms with something missing or mistyped, so that every path is walked: the
#: place of the form among the accurate ones -> what is wrong with it.
ODDITIES: Final = {
    2: "no date", 5: "unit of angles unknown", 8: "legs do not close", 11: "north unknown",
    14: "no number of devices",
}


def _plotted(form: Measurement) -> BaseGeometry:
    """Where a reader plots the form, WGS 84: the plain forward way, leg after leg."""
    lon, lat = from_grid(*form.landmark_xy)
    first_lon, first_lat = sk42_to_wgs84(lon, lat)
    place = (float(first_lon), float(first_lat))
    declination = declination_deg(*place, form.laid_on)
    corners = []
    for mils, distance in zip(form.mils[:-1], form.distances_m[:-1], strict=True):
        azimuth = mils / MILS * 360 + declination
        east, north, _ = _GEOD.fwd(place[0], place[1], azimuth, distance)
        place = (float(east), float(north))
        corners.append(place)
    return shapely.MultiPoint(corners).convex_hull


def _form_rows(
    district: District, record_id: str, index: int, form: Measurement, ground: Field,
    klass: str, oddity: str | None, rng: np.random.Generator,
) -> None:
    tables = district.tables
    second = index % 3 == 2
    tables["minefield_records"].append({
        "record_id": record_id, "batch_id": "SIM-B2" if second else "SIM-B1",
        "form_number": str(100 + index), "form_type": "soviet_minefield_form", "language": "ru",
        "legal_duty": "none_stated", "given_by": "Sim party 1", "received_by": "Sim party 2",
        "received_on": "2021-12-04" if second else "2021-06-12", "copy_number": "1",
        "transcribed_by": "operator 1", "transcribed_on": "2022-01-15",
        "transcription_checked": index % 4 != 0, "laid_by_unit": UNITS[index % 3],
        "angle_unit": "unknown" if oddity == "unit of angles unknown" else "mil_6000",
        "north_reference": "unknown" if oddity == "north unknown" else "magnetic",
        "angle_sense": "clockwise", "coordinate_system": "sk42_gk6",
        "declination_source": "model_at_laying_date", "map_scale": 50000,
        "laid_on": None if oddity == "no date" else form.laid_on.isoformat(),
        "laying_method": "hand", "rows": ground.rows, "spacing_m": ground.spacing_m,
        "devices_total": None if oddity == "no number of devices" else len(ground.planned),
        "remarks": f"{LABEL} record, seed {district.seed}",
    })
    x, y = form.landmark_xy
    tables["record_points"].append({
        "record_id": record_id, "point_id": "LM-1", "point_type": "landmark",
        "description": f"{LABEL} landmark", "coordinates": f"{x:.0f} {y:.0f}",
        "coordinate_system": "sk42_gk6",
    })
    names = [chr(ord("A") + i) for i in range(len(ground.corners))]
    for i, (mils, distance) in enumerate(zip(form.mils, form.distances_m, strict=True)):
        tables["record_legs"].append({
            "record_id": record_id, "part": 1, "kind": "perimeter" if i else "tie",
            "sequence": max(i, 1), "from_point": names[i - 1] if i else "LM-1",
            "to_point": names[i % len(names)], "azimuth": float(mils), "distance_m": distance,
        })
    if oddity != "no number of devices":
        tables["record_devices"].append({
            "record_id": record_id, "line": 1, "device_class": klass,
            "model": str(rng.choice(MODELS[klass])), "quantity": len(ground.planned), "part": 1,
        })


def _searches(
    district: District, record_id: str, ground: Field, plotted: BaseGeometry, klass: str,
    rng: np.random.Generator,
) -> None:
    """A verification where the record was drawn for one; else a task in three cases of four."""
    thorough = record_id in district.sampled
    if not thorough and rng.random() < 0.25:
        return
    share = 1.0 if thorough else float(rng.choice([0.3, 0.5, 0.7, 1.0]))
    search = search_field(ground, plotted, rng, thorough=thorough, share=share)
    search_id = f"SIM-S-{record_id[4:]}"
    _search_row(district, search_id, search, rng)
    for k, point in enumerate(search.found):
        _find_row(district, f"SIM-F-{record_id[4:]}-{k + 1:03d}", search_id, search, point, klass,
                  rng)


def _search_row(
    district: District, search_id: str, search: Search, rng: np.random.Generator
) -> None:
    district.shapes["searches"][search_id] = ORIGIN.shape_to_lonlat(search.area)
    operator = str(rng.choice(OPERATORS))
    district.tables["searches"].append({
        "search_id": search_id, "activity_id": f"ACT-{search_id}", "organisation": operator,
        "method": str(search.method), "pod": search.pod, "pod_source": f"{LABEL} test lane",
        "started_on": search.started_on.isoformat(), "ended_on": search.ended_on.isoformat(),
        "depth_m": 0.2, "area_m2": float(round(search.area.area)),
    })
    district.tables["activities"].append({
        "activity_id": f"ACT-{search_id}", "activity_type": "completion_report",
        "activity_status": "completed", "organisation": operator,
        "started_on": search.started_on.isoformat(), "ended_on": search.ended_on.isoformat(),
        "cleared_m2": float(round(search.area.area)), "depth_m": 0.2,
    })


def _find_row(
    district: District, find_id: str, search_id: str | None, search: Search, point: FloatArray,
    klass: str, rng: np.random.Generator,
) -> None:
    lon, lat = ORIGIN.to_lonlat(point)
    days = max((search.ended_on - search.started_on).days, 1)
    day = search.started_on + timedelta(days=int(rng.integers(days)))
    district.tables["finds"].append({
        "find_id": find_id, "search_id": search_id, "found_on": day.isoformat(),
        "device_class": klass, "model": str(rng.choice(MODELS.get(klass, ("OF-25",)))),
        "quantity": 1, "depth_cm": float(round(rng.uniform(1, 15))), "fate": "destroyed_in_situ",
        "latitude": round(float(lat), 7), "longitude": round(float(lon), 7),
        "position_accuracy_m": search.sigma_m,
    })


def _background(district: District, n_records: int, rng: np.random.Generator) -> None:
    """Searches between the fields: mostly UXO."""
    for k in range(max(n_records // 8, 1)):
        index = int(rng.integers(n_records))
        middle = _centre(index) + np.array([SPACING_M / 2, SPACING_M / 2])
        area = shapely.box(*(middle - 150), *(middle + 150))
        corners = np.tile(middle, (3, 1))
        empty = Field(corners, np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(2), 0, 0.0)
        search = search_field(empty, area, rng, thorough=False, share=1.0)
        _search_row(district, f"SIM-S-B{k + 1:02d}", search, rng)
        for j in range(int(rng.integers(0, 4))):
            _find_row(district, f"SIM-F-B{k + 1:02d}-{j + 1}", f"SIM-S-B{k + 1:02d}", search,
                      middle + rng.uniform(-140, 140, 2), "uxo", rng)


def _casualties(district: District, n_records: int, rng: np.random.Generator) -> None:
    for k in range(max(n_records // 12, 1)):
        record_id = f"SIM-{int(rng.integers(n_records)) + 1:03d}"
        devices = district.truth[record_id]["devices_lonlat"]
        if not devices:
            continue
        lon, lat = devices[int(rng.integers(len(devices)))]
        district.tables["accidents"].append({
            "accident_id": f"SIM-A-{k + 1}", "occurred_on": f"2022-0{1 + k % 9}-15",
            "accident_class": "mine", "device_class": "ap_mine", "place": f"{LABEL} place",
            "latitude": round(lat, 7), "longitude": round(lon, 7), "position_accuracy_m": 20.0,
        })
        district.tables["victims"].append({
            "victim_id": f"SIM-V-{k + 1}", "accident_id": f"SIM-A-{k + 1}", "outcome": "injured",
            "sex": "unknown", "age_group": "adult", "status": "civilian",
        })


def _parties(district: District) -> None:
    names = {"Sim party 1": "party", "Sim party 2": "party", **dict.fromkeys(OPERATORS, "operator")}
    district.tables["organisations"] += [
        {"organisation_id": name, "name": f"{LABEL} {name}", "kind": kind}
        for name, kind in names.items()
    ]
    district.tables["batches"] += [
        {"batch_id": "SIM-B1", "from_party": "Sim party 1", "to_party": "Sim party 2",
         "handed_over_on": "2021-06-12", "channel": "direct", "remarks": LABEL},
        {"batch_id": "SIM-B2", "from_party": "Sim party 1", "to_party": "Sim party 2",
         "handed_over_on": "2021-12-04", "channel": "through a third state", "remarks": LABEL},
    ]
