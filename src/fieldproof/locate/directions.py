"""From an angle as written to a direction in the record's plane.

    azimuth in the plane = written angle in degrees, clockwise
                           + declination (magnetic north) or + convergence of the old grid (grid)
                           - convergence of the plane

The declination is that of the date of laying: today's is wrong by 15 m in 500 m for a field of
1993 in the Caucasus.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from fieldproof.errors import UnsupportedEpochError
from fieldproof.geo.gauss_kruger import ZoneWidth, convergence_deg
from fieldproof.geo.magnetism import declination_deg, declination_sigma_deg
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
#: Taken where a record with magnetic angles has no date. The budget widens the declination by what
#: it changes over two decades.
ASSUMED_DATE: Final = date(1993, 6, 1)
UNKNOWN_NORTH: Final = (
    "north of the angles unknown: taken half-way between magnetic and grid, with a wider error"
)


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


def clockwise_deg(azimuth: float, unit: AngleUnit, sense: AngleSense) -> float:
    """Degrees clockwise of an angle as written. `unit` must be known."""
    degrees = azimuth * DEG_PER_UNIT[unit]
    return -degrees if sense is AngleSense.ANTICLOCKWISE else degrees


def needs_model(record: PaperRecord) -> bool:
    """Whether the declination of the record comes from the field model."""
    if record.north_reference not in {NorthReference.MAGNETIC, NorthReference.UNKNOWN}:
        return False
    printed = record.declination_source is DeclinationSource.MAP_MARGIN
    return not (printed and record.declination_deg is not None)


def true_correction(
    record: PaperRecord, lonlat: tuple[float, float], budget: ErrorBudget,
    modelled: tuple[float, float] | None = None,
) -> Correction:
    """What turns the record's angles into true azimuths, at a WGS 84 place.

    Args:
        record: its north, its date and its declination are read.
        lonlat: WGS 84 degrees.
        budget: errors that are added for what is unknown.
        modelled: declination at the place and date and its sigma, where already worked out.

    """
    north = record.north_reference
    if north is NorthReference.TRUE:
        return Correction(0.0, 0.0)
    if north is NorthReference.GRID:
        return _grid(record, lonlat)
    magnetic = _magnetic(record, lonlat, budget, modelled)
    if north is NorthReference.MAGNETIC:
        return magnetic
    grid = _grid(record, lonlat)
    return Correction(
        (magnetic.add_deg + grid.add_deg) / 2,
        float(np.hypot(budget.unknown_north_deg, (magnetic.add_deg - grid.add_deg) / 2)),
        magnetic.declination_deg,
        grid.convergence_deg,
        (UNKNOWN_NORTH, *magnetic.assumptions),
    )


def _grid(record: PaperRecord, lonlat: tuple[float, float]) -> Correction:
    width: ZoneWidth = 3 if record.coordinate_system is CoordinateSystem.SK42_GK3 else 6
    convergence = float(convergence_deg(lonlat[0], lonlat[1], width))
    return Correction(convergence, 0.0, None, convergence)


def _magnetic(
    record: PaperRecord, lonlat: tuple[float, float], budget: ErrorBudget,
    modelled: tuple[float, float] | None,
) -> Correction:
    if not needs_model(record):
        value = float(record.declination_deg or 0.0)
        return Correction(value, budget.printed_declination_deg, value, None,
                          ("declination as printed on the map's margin",))
    notes: list[str] = []
    if record.declination_source is DeclinationSource.MAP_MARGIN:
        notes.append("declination said to be the map's, but not given: taken from the model")
    widen = 0.0
    if record.laid_on is None:
        widen = budget.declination_unknown_date_deg
        notes.append(
            f"date of laying unknown: declination of {ASSUMED_DATE.isoformat()}, wider error"
        )
    if modelled is None:
        on = record.laid_on or ASSUMED_DATE
        try:
            modelled = declination_deg(*lonlat, on), declination_sigma_deg(*lonlat, on)
        except UnsupportedEpochError as error:
            notes.append(f"no declination applied: {error}")
            return Correction(0.0, budget.no_declination_deg, None, None, tuple(notes))
    value, sigma = modelled
    return Correction(value, float(np.hypot(sigma, widen)), value, None, tuple(notes))
