"""What goes into locating a record, and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from math import hypot

import numpy as np
import numpy.typing as npt

from fieldproof.geo.frame import LocalFrame
from fieldproof.model.codes import (
    AngleSense,
    AngleUnit,
    CoordinateSystem,
    DeclinationSource,
    LegKind,
    NorthReference,
    PointType,
)

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PaperPoint:
    """A point that a record gives by coordinates.

    Attributes:
        point_id: its name on the form.
        point_type: landmark, start point, turning point, device, …
        lonlat: WGS 84 longitude, latitude in degrees, after the datum operation.
        sigma_m: 1 sigma per axis, metres, of reading and datum; None: take the budget's.
        part: piece of the record, from 1.
        sequence: order along the edge, from 1; 0 for a landmark.
        surveyed: measured on the ground with GNSS.
        coordinate_system: how its coordinates were written; None: as the record's.

    """

    point_id: str
    point_type: PointType
    lonlat: tuple[float, float]
    sigma_m: float | None = None
    part: int = 1
    sequence: int = 0
    surveyed: bool = False
    coordinate_system: CoordinateSystem | None = None


@dataclass(frozen=True, slots=True)
class PaperLeg:
    """An azimuth and a distance as written on a record.

    Attributes:
        kind: tie (from a landmark to a corner of the area) or perimeter.
        sequence: order, from 1.
        azimuth: angle in the record's own unit, north and sense.
        distance_m: metres.
        part: piece of the record, from 1.
        from_point: for a tie, the landmark's point_id.
        to_point: name of the point it leads to.
        distance_sigma_m: 1 sigma, metres; None: take the budget's.

    """

    kind: LegKind
    sequence: int
    azimuth: float
    distance_m: float
    part: int = 1
    from_point: str | None = None
    to_point: str | None = None
    distance_sigma_m: float | None = None


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """A minefield record as the form gives it, with the conventions it was written in.

    The conventions are required: UNKNOWN is a value, and locating a record with an unknown
    convention names the assumption that it made instead, and widens the error.

    Attributes:
        record_id: its name.
        angle_unit: of every azimuth; UNKNOWN: no azimuth is used.
        north_reference: of every azimuth; UNKNOWN: half-way between magnetic and grid, wider.
        coordinate_system: of every point that names none itself; UNKNOWN: only points that were
            surveyed or name their system are used.
        angle_sense: of every azimuth; UNKNOWN: clockwise.
        declination_source: where the declination of magnetic azimuths comes from.
        declination_deg: printed on the map's margin, east positive.
        laid_on: date of laying; None: the years of the error budget.
        map_scale: denominator of the map that points were read from.
        points: landmarks, corners, devices.
        legs: ties and sides.
        devices_total: devices that the record states.
        front_m: length along the front, where the form gives no sides.
        depth_m: depth behind the front.

    """

    record_id: str
    angle_unit: AngleUnit
    north_reference: NorthReference
    coordinate_system: CoordinateSystem
    angle_sense: AngleSense = AngleSense.CLOCKWISE
    declination_source: DeclinationSource = DeclinationSource.MODEL_AT_LAYING_DATE
    declination_deg: float | None = None
    laid_on: date | None = None
    map_scale: int | None = None
    points: tuple[PaperPoint, ...] = ()
    legs: tuple[PaperLeg, ...] = ()
    devices_total: int | None = None
    front_m: float | None = None
    depth_m: float | None = None


@dataclass(frozen=True, slots=True)
class Closure:
    """How a perimeter that should return to its start does so.

    Attributes:
        misclosure_m: (2,) east, north.
        chi_square: misclosure against its own covariance, 2 degrees of freedom.
        p_value: chance of a misclosure at least as large from the error budget alone.

    """

    misclosure_m: tuple[float, float]
    chi_square: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the several ways to the same corners (ties, coordinates) agree.

    Attributes:
        largest_m: longest of the distances between two ways to one corner.
        chi_square: of all of them together, against their covariance.
        degrees_of_freedom: two for each way that was not needed.
        p_value: chance of a disagreement at least as large from the error budget alone.

    """

    largest_m: float
    chi_square: float
    degrees_of_freedom: int
    p_value: float


@dataclass(frozen=True, slots=True)
class LocatedPart:
    """One piece of a record on the ground, in the metres of the record's frame.

    Attributes:
        part: number, from 1.
        vertices: (n, 2) corners in order, not closed; one corner is a point, two are a line.
        covariance: (2n, 2n) m², order x1 y1 x2 y2 …; includes what all corners share.
        closure: None where the perimeter is not a closed traverse.
        agreement: None where only one way leads to each corner.
        extent_m: (front, depth) of an area of which the form gives one corner or one side only:
            it lies somewhere beside them. None: the corners are the area's own.

    """

    part: int
    vertices: FloatArray
    covariance: FloatArray
    closure: Closure | None = None
    agreement: Agreement | None = None
    extent_m: tuple[float, float] | None = None

    @property
    def reach_m(self) -> float:
        """How far the area may reach from its corners to a side that the form does not give."""
        if self.extent_m is None:
            return 0.0
        front, depth = self.extent_m
        return hypot(front, depth) if len(self.vertices) == 1 else depth


@dataclass(frozen=True, slots=True)
class LocatedRecord:
    """Where a record lies, how surely, and what was assumed to say so.

    Attributes:
        record_id: the record.
        frame: the plane in which all metres of this object are.
        parts: its pieces; empty when the record cannot be located.
        shift_covariance: (2, 2) m², the part of the error that moves all corners alike.
        declination_deg: applied, east positive; None where no angle needed it.
        convergence_deg: of the record's own grid at the start; None where not used.
        datum_operation: pinned code, for example `EPSG:15865`; None where none was needed.
        datum_sigma_m: stated accuracy of that operation.
        assumptions: what was not on the form and was assumed, in words.
        problems: why the record could not be located, or only in part, in words.
        simulated: made up.
        covariance: (2N, 2N) m² of the corners of all parts together, in their order; None: the
            parts' errors are independent.

    """

    record_id: str
    frame: LocalFrame
    parts: tuple[LocatedPart, ...]
    shift_covariance: FloatArray
    declination_deg: float | None = None
    convergence_deg: float | None = None
    datum_operation: str | None = None
    datum_sigma_m: float | None = None
    assumptions: tuple[str, ...] = field(default=())
    problems: tuple[str, ...] = field(default=())
    simulated: bool = False
    covariance: FloatArray | None = None

    @property
    def located(self) -> bool:
        """Whether there is at least one part."""
        return bool(self.parts)
