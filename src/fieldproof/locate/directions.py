"""From an angle as written to a direction in the record's plane.

    azimuth in the plane = written angle in degrees, clockwise
                           + declination (magnetic north) or + convergence of the old grid (grid)
                           - convergence of the plane

The declination is that of the date of laying: today's is wrong by 15 m in 500 m for a field of
1993 in the Caucasus.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Final

import numpy as np
import numpy.typing as npt

from fieldproof.geo.gauss_kruger import ZoneWidth, convergence_deg
from fieldproof.geo.magnetism import FIRST_YEAR, LAST_YEAR, declinations_deg
from fieldproof.locate.budget import ErrorBudget
from fieldproof.locate.types import PaperRecord
from fieldproof.model.codes import (
    AngleSense,
    AngleUnit,
    CoordinateSystem,
    DeclinationSource,
    NorthReference,
)
from fieldproof.units import DEG_PER_GON, DEG_PER_NATO_MIL, DEG_PER_SOVIET_MIL

FloatArray = npt.NDArray[np.float64]

DEG_PER_UNIT: Final[dict[AngleUnit, float]] = {
    AngleUnit.DEGREE: 1.0,
    AngleUnit.MIL_6000: DEG_PER_SOVIET_MIL,
    AngleUnit.MIL_6400: DEG_PER_NATO_MIL,
    AngleUnit.GON: DEG_PER_GON,
}
UNKNOWN_NORTH: Final = (
    "north of the angles unknown: taken half-way between magnetic and grid, with a wider error"
)
UNKNOWN_SENSE: Final = "turning sense of the angles unknown: taken as clockwise"
#: Systems that have a grid of their own, from whose north an angle can be counted.
_GRIDS: Final = frozenset({
    CoordinateSystem.SK42_GK6, CoordinateSystem.SK42_GK3, CoordinateSystem.SK42_GK6_SHORT,
    CoordinateSystem.SK42_SQUARE,
    CoordinateSystem.WGS84_UTM, CoordinateSystem.MGRS,
})


@dataclass(frozen=True, slots=True)
class Declination:
    """Declination of a record's magnetic angles.

    Attributes:
        value_deg: east positive.
        sigma_deg: 1 sigma.
        assumptions: what was assumed, in words.

    """

    value_deg: float
    sigma_deg: float
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """What is added to a record's clockwise angles to give true azimuths.

    Attributes:
        add_deg: degrees.
        sigma_deg: 1 sigma of it, shared by all angles of the record.
        declination_deg: east positive; None where none was applied.
        convergence_deg: of the old grid; None where not used.
        assumptions: what was assumed, in words.

    """

    add_deg: float
    sigma_deg: float
    declination_deg: float | None = None
    convergence_deg: float | None = None
    assumptions: tuple[str, ...] = ()


#: Angles that are true already, or no angles at all.
NO_CORRECTION: Final = Correction(0.0, 0.0)


def clockwise_deg(azimuth: float, unit: AngleUnit, sense: AngleSense) -> float:
    """Degrees clockwise of an angle as written. `unit` must be known; unknown sense: clockwise."""
    degrees = azimuth * DEG_PER_UNIT[unit]
    return -degrees if sense is AngleSense.ANTICLOCKWISE else degrees


def corrections(
    records: Sequence[PaperRecord],
    lonlats: Sequence[tuple[float, float] | None],
    budget: ErrorBudget,
) -> list[Correction]:
    """What turns the angles of each record into true azimuths, at its WGS 84 place.

    Args:
        records: (n,) their norths, senses, dates and declinations are read.
        lonlats: (n,) WGS 84 degrees; None: no angle of the record is used.
        budget: errors that are added for what is unknown.

    """
    declinations = _declinations(records, lonlats, budget)
    return [
        NO_CORRECTION if place is None else _correction(record, place, budget, declinations.get(i))
        for i, (record, place) in enumerate(zip(records, lonlats, strict=True))
    ]


def _correction(
    record: PaperRecord, lonlat: tuple[float, float], budget: ErrorBudget,
    declination: Declination | None,
) -> Correction:
    north = record.north_reference
    sense = (UNKNOWN_SENSE,) if record.angle_sense is AngleSense.UNKNOWN else ()
    if north is NorthReference.TRUE:
        return Correction(0.0, 0.0, assumptions=sense)
    if declination is None:
        convergence, notes = _grid(record, lonlat)
        return Correction(convergence, 0.0, None, convergence, (*sense, *notes))
    if north is NorthReference.MAGNETIC:
        return Correction(declination.value_deg, declination.sigma_deg, declination.value_deg,
                          None, (*sense, *declination.assumptions))
    convergence, notes = _grid(record, lonlat)
    half = (declination.value_deg - convergence) / 2
    # even odds of two norths have half their distance as standard deviation
    return Correction(
        declination.value_deg - half,
        float(np.hypot(np.hypot(budget.unknown_north_deg, half), declination.sigma_deg)),
        declination.value_deg, convergence,
        (*sense, UNKNOWN_NORTH, *notes, *declination.assumptions),
    )


def _grid(record: PaperRecord, lonlat: tuple[float, float]) -> tuple[float, tuple[str, ...]]:
    """Convergence of the record's grid at a place, and what was assumed of the grid."""
    system = record.coordinate_system
    width: ZoneWidth = 3 if system is CoordinateSystem.SK42_GK3 else 6
    notes = () if system in _GRIDS else (
        "the form names no grid for its grid north: a grid of 6° zones is taken",
    )
    return float(convergence_deg(lonlat[0], lonlat[1], width)), notes


def _declinations(
    records: Sequence[PaperRecord],
    lonlats: Sequence[tuple[float, float] | None],
    budget: ErrorBudget,
) -> dict[int, Declination]:
    """Record index -> declination, for all that need one, with one evaluation of the model."""
    out: dict[int, Declination] = {}
    asked: list[tuple[int, tuple[float, float], tuple[date, ...], tuple[str, ...]]] = []
    for i, (record, place) in enumerate(zip(records, lonlats, strict=True)):
        if place is None or record.north_reference in {NorthReference.TRUE, NorthReference.GRID}:
            continue
        if (record.declination_source is DeclinationSource.MAP_MARGIN
                and record.declination_deg is not None and isfinite(record.declination_deg)):
            out[i] = Declination(float(record.declination_deg), budget.printed_declination_deg,
                                 ("declination as printed on the map's margin",))
        else:
            asked.append((i, place, *_dates(record, budget)))
    if not asked:
        return out
    rows = [(place, day) for _, place, days, _ in asked for day in days]
    value, sigma = declinations_deg(
        [place[0] for place, _ in rows], [place[1] for place, _ in rows], [day for _, day in rows]
    )
    at = 0
    for i, _, days, notes in asked:
        first, last = at, at + len(days) - 1
        # any day between the first and the last year alike: a uniform spread
        spread = float(value[last] - value[first]) / np.sqrt(12.0)
        out[i] = Declination(float(value[first] + value[last]) / 2,
                             float(np.hypot(sigma[first], spread)), notes)
        at = last + 1
    return out


def _dates(
    record: PaperRecord, budget: ErrorBudget
) -> tuple[tuple[date, ...], tuple[str, ...]]:
    """Day of laying, or the first and the last day that it may be; and what was assumed."""
    notes: tuple[str, ...] = ()
    if record.declination_source is DeclinationSource.MAP_MARGIN:
        notes = ("declination said to be the map's, but not given: taken from the model",)
    day = record.laid_on
    if day is not None and FIRST_YEAR <= day.year < LAST_YEAR:
        return (day,), notes
    first, last = budget.unknown_date_first_year, budget.unknown_date_last_year
    why = "unknown" if day is None else f"{day.isoformat()} is outside the field model"
    text = (f"date of laying {why}: declination of any year from {first} to {last}, with a wider "
            "error")
    return (date(first, 1, 1), date(last, 12, 31)), (*notes, text)
