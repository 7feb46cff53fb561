"""The place of each row, as WGS 84 longitude-latitude WKB, from any of the ways to give one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from fieldproof.adapters.exchange.crs import to_wgs84
from fieldproof.adapters.exchange.landmarks import Landmarks
from fieldproof.errors import CoordinateError
from fieldproof.geo.bearing import destination
from fieldproof.geo.gauss_kruger import convergence_deg
from fieldproof.geo.magnetism import declination_deg
from fieldproof.locate.directions import DEG_PER_UNIT
from fieldproof.locate.position import read_position
from fieldproof.model.codes import AngleUnit, CoordinateSystem, NorthReference
from fieldproof.model.rows import Value
from fieldproof.model.schema import GeometryKind

Bounds = tuple[float, float, float, float]
Note = tuple[int, str, str, str, str]  # index, field, problem, right, severity

#: Points as WKB: byte order, type, x, y, without padding.
_POINT_WKB: Final = np.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])
#: A point this far from the middle of its file is worth a second look.
FAR_DEG: Final = 3.0


@dataclass(slots=True)
class Places:
    """Places of n rows, and what was wrong with them.

    Attributes:
        wkb: (n,) WKB or None.
        bounds: (n,) west, south, east, north in degrees, or None.
        notes: problems by row.

    """

    wkb: list[bytes | None]
    bounds: list[Bounds | None]
    notes: list[Note] = field(default_factory=list)


def point_wkb(lon: npt.ArrayLike, lat: npt.ArrayLike) -> list[bytes]:
    """WKB of n points, all at once; equals `shapely.to_wkb` of each."""
    x = np.asarray(lon, dtype=np.float64)
    rows = np.empty(len(x), dtype=_POINT_WKB)
    rows["order"], rows["type"], rows["x"], rows["y"] = 1, 1, x, lat
    data, size = rows.tobytes(), _POINT_WKB.itemsize
    return [data[i:i + size] for i in range(0, len(data), size)]


def places_of(
    n: int, columns: Mapping[str, Sequence[Value]], kind: GeometryKind, *,
    feature_wkb: Sequence[bytes | None] | None = None, crs: str | None = None,
    wkt: Sequence[str | None] | None = None, landmark: Landmarks | None = None,
) -> Places:
    """Work out the place of each row.

    Args:
        n: number of rows.
        columns: parsed values, location fields among them.
        kind: geometry that the table wants.
        feature_wkb: geometry of features, in `crs`.
        crs: system of the features as the file states it.
        wkt: well-known text in WGS 84 longitude-latitude.
        landmark: known landmarks, for bearings and distances; learns those of these rows.

    """
    if feature_wkb is not None:
        places = _check_shapes(_features(feature_wkb, crs), kind)
    elif wkt is not None:
        places = _check_shapes(_from_wkt(wkt), kind)
    else:
        lat, lon = columns.get("latitude"), columns.get("longitude")
        if lat is not None and lon is not None and None not in lat and None not in lon:
            return _degrees(lon, lat)
        places = _row_by_row(n, columns, landmark or Landmarks())
    rows = [i for i, bounds in enumerate(places.bounds) if bounds is not None]
    corners = np.array([places.bounds[i] for i in rows], dtype=float).reshape(-1, 4)[:, :2]
    places.notes += _far(rows, corners)
    return places


def _degrees(lon: Sequence[Value], lat: Sequence[Value]) -> Places:
    wkb: list[bytes | None] = list(point_wkb(lon, lat))  # type: ignore[arg-type]
    xy = np.column_stack([np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)])
    bounds: list[Bounds | None] = list(zip(lon, lat, lon, lat, strict=True))  # type: ignore[arg-type]
    return Places(wkb, bounds, _far(range(len(xy)), xy))


def _far(rows: Sequence[int], xy: npt.NDArray[np.float64]) -> list[Note]:
    """Warn of places, (n, 2) degrees, that lie far from the middle of the others."""
    if len(xy) < 2:
        return []
    far = (np.abs(xy - np.median(xy, axis=0)) > FAR_DEG).any(axis=1)
    return [(rows[int(i)], "geometry", "far from the other places of this file",
             "check latitude and longitude; are they swapped?", "warning")
            for i in np.flatnonzero(far)]


def _row_by_row(
    n: int, columns: Mapping[str, Sequence[Value]], landmarks: Landmarks
) -> Places:
    places = Places([None] * n, [None] * n)
    names = [c for c in columns if columns[c] is not None]
    rows = [{name: columns[name][i] for name in names} for i in range(n)]
    # what has coordinates goes first: bearings may start from it
    for i in sorted(range(n), key=lambda i: _by_bearing(rows[i])):
        row = rows[i]
        try:
            lonlat, warnings = _place(row, landmarks)
        except CoordinateError as error:
            problem, _, right = str(error).partition("; ")
            places.notes.append((i, "coordinates", problem, right or "see the problem", "error"))
            continue
        places.notes += [(i, "coordinates", w, "check the place", "warning") for w in warnings]
        if lonlat is not None:
            lon, lat = lonlat
            places.wkb[i] = point_wkb([lon], [lat])[0]
            places.bounds[i] = (lon, lat, lon, lat)
            if row.get("point_id") is not None:
                landmarks.add(str(row["record_id"]), str(row["point_id"]), lonlat)
    return places


def _by_bearing(row: Mapping[str, Value]) -> bool:
    return row.get("bearing") is not None and all(
        row.get(name) is None for name in ("latitude", "longitude", "coordinates"))


def _place(
    row: Mapping[str, Value], landmarks: Landmarks
) -> tuple[tuple[float, float] | None, tuple[str, ...]]:
    """Place of a row in any of the ways to give one; None where none is given."""
    lat, lon = row.get("latitude"), row.get("longitude")
    if lat is not None and lon is not None:
        return (float(lon), float(lat)), ()
    if lat is not None or lon is not None:
        raise CoordinateError("only one of latitude and longitude is given; both would be right")
    if row.get("coordinates") is not None:
        system = row.get("coordinate_system")
        if system is None:
            raise CoordinateError(
                "coordinates without a coordinate system; name it, `unknown` is an answer"
            )
        if system == CoordinateSystem.UNKNOWN:
            return None, ("the coordinate system is unknown: the row has no place yet",)
        sheet = row.get("map_sheet")
        position = read_position(str(row["coordinates"]), CoordinateSystem(str(system)),
                                 None if sheet is None else str(sheet))
        return position.lonlat, position.warnings
    if row.get("bearing") is not None:
        return _from_landmark(row, landmarks), ()
    return None, ()


def _from_landmark(row: Mapping[str, Value], landmarks: Landmarks) -> tuple[float, float]:
    needed = ("from_landmark", "bearing_distance_m", "bearing_unit", "bearing_north")
    missing = [n for n in needed if row.get(n) is None]
    if missing:
        raise CoordinateError(f"a bearing without {', '.join(missing)}; all would be right")
    name, record = str(row["from_landmark"]), row.get("record_id")
    start = landmarks.find(None if record is None else str(record), name)
    unit = AngleUnit(str(row["bearing_unit"]))
    north = NorthReference(str(row["bearing_north"]))
    if unit is AngleUnit.UNKNOWN:
        raise CoordinateError("the unit of the bearing is unknown; degree or mil would be right")
    azimuth = float(row["bearing"] or 0.0) * DEG_PER_UNIT[unit]
    if north is NorthReference.GRID:
        azimuth += float(convergence_deg(*start))
    elif north is NorthReference.MAGNETIC:
        day = row.get("found_on") or row.get("occurred_on")
        if day is None:
            raise CoordinateError(
                "a magnetic bearing without a date has no declination; a date, or a bearing from "
                "true or grid north, would be right"
            )
        azimuth += declination_deg(*start, date.fromisoformat(str(day)))
    elif north is NorthReference.UNKNOWN:
        raise CoordinateError("the north of the bearing is unknown; true, grid or magnetic would "
                              "be right")
    return destination(*start, azimuth, float(row["bearing_distance_m"] or 0.0))


def _features(wkb: Sequence[bytes | None], crs: str | None) -> Places:
    carry = to_wgs84(crs or "")
    # shapely leaves out what GEOS cannot read; the reason is asked for below
    shapes = shapely.from_wkb(np.array(wkb, dtype=object), on_invalid="ignore")
    places = _places(shapely.transform(shapes, carry))
    for i, (given, shape) in enumerate(zip(wkb, shapes, strict=True)):
        if given is not None and shape is None:
            places.notes.append((i, "geometry", f"cannot be read: {_why_not(given)}",
                                 "an outline of three corners or more that ends where it began",
                                 "error"))
    return places


def _why_not(wkb: bytes) -> str:
    try:
        shapely.from_wkb(wkb)
    except shapely.errors.ShapelyError as error:
        return str(error)
    return "unknown"


def as_wkt(wkb: bytes, crs: str | None) -> str | None:
    """Well-known text in WGS 84 of one feature, as it is; None where that is not possible."""
    shape = shapely.from_wkb(wkb, on_invalid="ignore")
    if shape is None or not crs:
        return None
    return str(shapely.to_wkt(shapely.transform(shapely.force_2d(shape), to_wgs84(crs)),
                              rounding_precision=9))


def _from_wkt(texts: Sequence[str | None]) -> Places:
    shapes: list[Any] = []
    notes: list[Note] = []
    for i, text in enumerate(texts):
        try:
            shapes.append(None if text is None else shapely.from_wkt(text))
        except shapely.errors.GEOSException as error:
            shapes.append(None)
            notes.append((i, "geometry_wkt", f"not well-known text: {error}",
                          "such as POLYGON ((46.7 39.8, …))", "error"))
    places = _places(np.array(shapes, dtype=object))
    places.notes += notes
    return places


def _places(shapes: Any) -> Places:
    # two dimensions, so that a surveyed height does not make two equal places differ
    flat = shapely.force_2d(shapes)
    bounds = shapely.bounds(flat)
    return Places(
        [None if s is None else bytes(shapely.to_wkb(s)) for s in flat],
        [None if np.isnan(b).any() else tuple(map(float, b)) for b in bounds],  # type: ignore[misc]
    )


def _check_shapes(places: Places, kind: GeometryKind) -> Places:
    """Refuse shapes that the table cannot use; nothing is repaired in silence."""
    wanted = {GeometryKind.POINT: {"Point"}, GeometryKind.AREA: {"Polygon", "MultiPolygon"}}
    for i, wkb in enumerate(places.wkb):
        if wkb is None:
            continue
        shape: BaseGeometry = shapely.from_wkb(wkb)
        problem = _shape_problem(shape, wanted.get(kind))
        if problem is not None:
            places.wkb[i] = places.bounds[i] = None
            places.notes.append((i, "geometry", *problem, "error"))
    return places


def _shape_problem(shape: BaseGeometry, wanted: set[str] | None) -> tuple[str, str] | None:
    if wanted is not None and shape.geom_type not in wanted:
        return f"a {shape.geom_type}", f"a {' or '.join(sorted(wanted))}"
    if shape.is_empty:
        return "an empty shape", "a shape with corners"
    if not shape.is_valid:
        return (f"not a valid shape: {shapely.is_valid_reason(shape)}",
                "an outline that does not cross itself; mend it where it was drawn")
    west, south, east, north = shape.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        right = "longitude -180 to 180, latitude -90 to 90: axes swapped, or another system?"
        return "outside the world", right
    return None
