"""Put the register's rows together into what locating and auditing take.

A coordinate is read again here from its text as given, not taken from the stored geometry, so
that the datum operation and its stated accuracy stay with the point.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

import shapely

from fieldproof.adapters.register import EntityRow, Register
from fieldproof.errors import CoordinateError
from fieldproof.locate.position import read_position
from fieldproof.locate.types import PaperLeg, PaperPoint, PaperRecord
from fieldproof.model.codes import (
    AngleSense,
    AngleUnit,
    CoordinateSystem,
    DeclinationSource,
    DeviceClass,
    LegKind,
    NorthReference,
    PointType,
)
from fieldproof.model.rows import Value

CodeT = TypeVar("CodeT", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class AssembledRecord:
    """A record as one object, with the row it came from and what could not be read of it.

    Attributes:
        paper: the record, ready to locate.
        row: the register's row of the form.
        devices_recorded: devices that the form states, from its total or its list.
        device_classes: class -> devices of it that the form lists; empty where it lists none.
        problems: points that could not be read, in words.
        warnings: other ways in which a coordinate could be read, in words.
        datum_operation: the operation that carried the form's coordinates to WGS 84.
        datum_sigma_m: its stated accuracy.

    """

    paper: PaperRecord
    row: EntityRow
    devices_recorded: int | None
    device_classes: dict[DeviceClass, int]
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    datum_operation: str | None
    datum_sigma_m: float | None


def assemble_records(register: Register, *, as_of: str | None = None) -> list[AssembledRecord]:
    """Assemble every minefield record of the register, in the order of their ids."""
    points = _by_record(register.rows("record_points", as_of=as_of))
    legs = _by_record(register.rows("record_legs", as_of=as_of))
    devices = _by_record(register.rows("record_devices", as_of=as_of))
    rows = sorted(register.rows("minefield_records", as_of=as_of), key=lambda r: r.entity_id)
    return [
        _assemble(row, points[row.entity_id], legs[row.entity_id], devices[row.entity_id])
        for row in rows
    ]


def _by_record(rows: Iterable[EntityRow]) -> defaultdict[str, list[EntityRow]]:
    grouped: defaultdict[str, list[EntityRow]] = defaultdict(list)
    for row in rows:
        grouped[str(row.values["record_id"])].append(row)
    return grouped


def _assemble(
    row: EntityRow, points: list[EntityRow], legs: list[EntityRow], devices: list[EntityRow]
) -> AssembledRecord:
    form = row.values
    read = [_point(point, form) for point in points]
    found = [item for item in read if item.point is not None]
    operations = [(item.operation, item.datum_sigma_m) for item in found if item.operation]
    operation, datum_sigma_m = operations[0] if operations else (None, None)
    paper = PaperRecord(
        record_id=row.entity_id,
        angle_unit=_code(AngleUnit, form.get("angle_unit"), AngleUnit.UNKNOWN),
        north_reference=_code(
            NorthReference, form.get("north_reference"), NorthReference.UNKNOWN
        ),
        coordinate_system=_code(
            CoordinateSystem, form.get("coordinate_system"), CoordinateSystem.UNKNOWN
        ),
        angle_sense=_code(AngleSense, form.get("angle_sense"), AngleSense.UNKNOWN),
        declination_source=_code(
            DeclinationSource, form.get("declination_source"), DeclinationSource.UNKNOWN
        ),
        declination_deg=_number(form.get("declination_deg")),
        laid_on=_date(form.get("laid_on")),
        map_scale=_integer(form.get("map_scale")),
        points=tuple(
            sorted(
                (item.point for item in found if item.point is not None),
                key=lambda p: (p.part, p.sequence, p.point_id),
            )
        ),
        legs=tuple(sorted((_leg(leg) for leg in legs), key=lambda g: (g.part, g.kind, g.sequence))),
        devices_total=_integer(form.get("devices_total")),
        front_m=_number(form.get("front_m")),
        depth_m=_number(form.get("depth_m")),
    )
    return AssembledRecord(
        paper=paper,
        row=row,
        devices_recorded=_devices_recorded(form, devices),
        device_classes=_device_classes(devices),
        problems=tuple(text for item in read for text in item.problems),
        warnings=tuple(text for item in read for text in item.warnings),
        datum_operation=operation,
        datum_sigma_m=datum_sigma_m,
    )


@dataclass(frozen=True, slots=True)
class _ReadPoint:
    point: PaperPoint | None
    operation: str | None = None
    datum_sigma_m: float | None = None
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def _point(row: EntityRow, form: dict[str, Value]) -> _ReadPoint:
    values = row.values
    name = str(values["point_id"])
    text = values.get("coordinates")
    system = CoordinateSystem.WGS84  # of latitude and longitude, and of a feature
    sigma_m = _number(values.get("position_accuracy_m"))
    operation, datum_sigma_m = None, None
    warnings: tuple[str, ...] = ()
    if text is not None:
        system = _code(
            CoordinateSystem,
            values.get("coordinate_system") or form.get("coordinate_system"),
            CoordinateSystem.UNKNOWN,
        )
        sheet = values.get("map_sheet") or form.get("map_sheet")
        try:
            position = read_position(
                str(text), system, None if sheet is None else str(sheet),
                _integer(form.get("map_scale")),
            )
        except CoordinateError as error:
            return _ReadPoint(None, problems=(f"point {name}: {error}",))
        lonlat = position.lonlat
        operation, datum_sigma_m = position.operation, position.datum_sigma_m
        # what a form states of its own accuracy leaves out the datum
        sigma_m = position.sigma_m if sigma_m is None else math.hypot(sigma_m, datum_sigma_m or 0)
        warnings = tuple(f"point {name}: {w}" for w in position.warnings)
    elif row.geometry is not None:
        lon, lat = shapely.get_coordinates(row.geometry)[0]
        lonlat = (float(lon), float(lat))
    else:
        return _ReadPoint(None, problems=(f"point {name} has no coordinates",))
    point = PaperPoint(
        point_id=name,
        point_type=PointType(str(values["point_type"])),
        lonlat=lonlat,
        sigma_m=sigma_m,
        part=_integer(values.get("part")) or 1,
        sequence=_integer(values.get("sequence")) or 0,
        surveyed=bool(values.get("surveyed")),
        coordinate_system=system,
    )
    return _ReadPoint(point, operation, datum_sigma_m, (), warnings)


def _leg(row: EntityRow) -> PaperLeg:
    values = row.values
    return PaperLeg(
        kind=LegKind(str(values["kind"])),
        sequence=_integer(values["sequence"]) or 1,
        azimuth=_number(values["azimuth"]) or 0.0,
        distance_m=_number(values["distance_m"]) or 0.0,
        part=_integer(values.get("part")) or 1,
        from_point=_text(values.get("from_point")),
        to_point=_text(values.get("to_point")),
        distance_sigma_m=_number(values.get("distance_sigma_m")),
    )


def _devices_recorded(form: dict[str, Value], devices: list[EntityRow]) -> int | None:
    """Devices that the form states in all; its list is summed where it gives no total."""
    total = _integer(form.get("devices_total"))
    if total is not None:
        return total
    listed = [_integer(row.values.get("quantity")) or 0 for row in devices]
    return sum(listed) if listed else None


def _device_classes(devices: list[EntityRow]) -> dict[DeviceClass, int]:
    listed: dict[DeviceClass, int] = {}
    for row in devices:
        kind = DeviceClass(str(row.values["device_class"]))
        listed[kind] = listed.get(kind, 0) + (_integer(row.values.get("quantity")) or 0)
    return listed


def _code(codes: type[CodeT], value: Value, unknown: CodeT) -> CodeT:
    return unknown if value is None else codes(str(value))


def _number(value: Value) -> float | None:
    return None if value is None else float(value)


def _integer(value: Value) -> int | None:
    return None if value is None else int(value)


def _text(value: Value) -> str | None:
    return None if value is None else str(value)


def _date(value: Value) -> date | None:
    return None if value is None else date.fromisoformat(str(value))
