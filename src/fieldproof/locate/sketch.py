"""What of a record decides how it is plotted, without its numbers.

Records that were made on one form in one way have equal sketches, whatever they call their
points, so the plan of how to plot them is made once.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from statistics import median
from typing import Final, NamedTuple

from fieldproof.locate.directions import DEG_PER_UNIT
from fieldproof.locate.types import PaperLeg, PaperPoint, PaperRecord
from fieldproof.model.codes import AngleUnit, CoordinateSystem, LegKind, PointType

#: No name on the form.
UNNAMED: Final = -1
#: Points that others are measured from; every other kind of point is a corner or a device.
MARKS: Final = frozenset({PointType.LANDMARK, PointType.BENCHMARK})
#: Fault of a corner that closes a ring of coordinates by repeating its first: it is left out.
REPEATED: Final = "the place of the first corner again"
#: A point further than this from the middle of its record's points is a slip of the pen or of the
#: zone, degrees (about 50 km). Where two disagree so far, neither is believed.
FAR_DEG: Final = 0.5


class LegSketch(NamedTuple):
    """A leg: names are numbers, `fault` says why it cannot be plotted."""

    kind: LegKind
    part: int
    sequence: int
    start: int
    end: int
    fault: str


class PointSketch(NamedTuple):
    """A point: names are numbers, `fault` says why it has no place."""

    name: int
    type: PointType
    part: int
    sequence: int
    fault: str


class Sketch(NamedTuple):
    """The build of a record; hashable."""

    legs: tuple[LegSketch, ...]
    points: tuple[PointSketch, ...]
    unit_known: bool
    has_front: bool
    has_depth: bool
    one_device: bool


def sketch(record: PaperRecord) -> tuple[Sketch, list[str]]:
    """Sketch a record, and give the names behind the numbers."""
    numbers: dict[str | None, int] = {None: UNNAMED}

    def number(name: str | None) -> int:
        return numbers.setdefault(name, len(numbers) - 1)

    circle = _circle(record.angle_unit)
    points = tuple(
        PointSketch(number(p.point_id), p.point_type, p.part, p.sequence, fault)
        for p, fault in zip(record.points, _point_faults(record), strict=True)
    )
    legs = tuple(
        LegSketch(leg.kind, leg.part, leg.sequence, number(leg.from_point), number(leg.to_point),
                  _leg_fault(leg, circle))
        for leg in record.legs
    )
    out = Sketch(legs, points, record.angle_unit is not AngleUnit.UNKNOWN,
                 _is_length(record.front_m), _is_length(record.depth_m), record.devices_total == 1)
    return out, [name for name in numbers if name is not None]


def _is_length(metres: float | None) -> bool:
    return metres is not None and isfinite(metres) and metres > 0


def _circle(unit: AngleUnit) -> float:
    """A full circle in a unit; endless where the unit is unknown."""
    return float("inf") if unit is AngleUnit.UNKNOWN else 360.0 / DEG_PER_UNIT[unit] + 1e-6


def _leg_fault(leg: PaperLeg, circle: float) -> str:
    if not (isfinite(leg.azimuth) and isfinite(leg.distance_m)):
        return "an angle or a distance that is no number"
    if leg.distance_m < 0 or (leg.distance_m == 0 and leg.kind is LegKind.PERIMETER):
        return "no length"
    if abs(leg.azimuth) > circle:
        return "an angle of more than a full circle: another unit?"
    return ""


def _point_faults(record: PaperRecord) -> list[str]:
    """For each point why it has no place; empty where it has one."""
    repeated = _repeated(record.points)
    faults = [
        REPEATED if p is repeated.get(p.part) else _point_fault(p, record) for p in record.points
    ]
    places = [p.lonlat for p, fault in zip(record.points, faults, strict=True) if not fault]
    if len(places) < 2:
        return faults
    lon0, lat0 = median(lon for lon, _ in places), median(lat for _, lat in places)
    return [
        fault or ("a place more than 50 km from the record's other points"
                  if max(abs(p.lonlat[0] - lon0), abs(p.lonlat[1] - lat0)) > FAR_DEG else "")
        for p, fault in zip(record.points, faults, strict=True)
    ]


def _point_fault(point: PaperPoint, record: PaperRecord) -> str:
    lon, lat = point.lonlat
    if not (isfinite(lon) and isfinite(lat) and abs(lon) <= 180 and abs(lat) < 90):
        return "no longitude and latitude in degrees"
    system = point.coordinate_system or record.coordinate_system
    if system is CoordinateSystem.UNKNOWN and not point.surveyed:
        return "coordinates in an unknown coordinate system"
    return ""


def _repeated(points: Sequence[PaperPoint]) -> dict[int, PaperPoint]:
    """Part -> its last corner, where that is the first one written again."""
    corners: dict[int, list[PaperPoint]] = {}
    for point in points:
        if point.point_type not in MARKS and point.point_type is not PointType.DEVICE:
            corners.setdefault(point.part, []).append(point)
    out = {}
    for part, found in corners.items():
        found.sort(key=lambda p: p.sequence)
        if len(found) > 2 and found[0].lonlat == found[-1].lonlat:
            out[part] = found[-1]
    return out
