"""What the ground says about one record, as rasters over the record's plane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from fieldproof.geo.grid import Grid, inside_fraction
from fieldproof.locate import membership_raster, recorded_shape
from fieldproof.locate.types import LocatedRecord
from fieldproof.model.codes import DeviceClass, SearchMethod

FloatArray = npt.NDArray[np.float64]

#: POD where a search states none, by method: judgements, to be replaced by test lanes.
ASSUMED_POD: Final[dict[SearchMethod, float]] = {
    SearchMethod.MANUAL_CLEARANCE: 0.95,
    SearchMethod.MECHANICAL_CLEARANCE: 0.80,
    SearchMethod.MDD_CLEARANCE: 0.90,
    SearchMethod.TECHNICAL_SURVEY: 0.80,
    SearchMethod.BATTLE_AREA_CLEARANCE: 0.60,
    SearchMethod.VISUAL_SEARCH: 0.30,
    SearchMethod.DRONE_OR_SENSOR: 0.40,
    SearchMethod.OTHER: 0.50,
    SearchMethod.UNKNOWN: 0.50,
}
#: No search finds everything, and none is counted as finding nothing by a typing error.
POD_RANGE: Final = (0.01, 0.99)
#: A find counts only for classes that minefield records list.
MINES: Final = frozenset({DeviceClass.AP_MINE, DeviceClass.AV_MINE, DeviceClass.BOOBY_TRAP})
#: Ground this near to the recorded area is the record's own, whatever other records say.
OWN_GROUND_M: Final = 60.0
#: Unrecorded devices are looked for in a ring of this width around the recorded area.
RING_M: Final = 150.0


@dataclass(frozen=True, slots=True)
class SearchInput:
    """Ground that was searched.

    Attributes:
        search_id: its name.
        polygon: WGS 84 longitude-latitude.
        method: how.
        pod: probability of detection; None: assumed by method.
        started_on: first day, where known.
        ended_on: last day, where known.
        device_class: the one class that it can find; None: all.

    """

    search_id: str
    polygon: BaseGeometry
    method: SearchMethod = SearchMethod.UNKNOWN
    pod: float | None = None
    started_on: date | None = None
    ended_on: date | None = None
    device_class: DeviceClass | None = None


@dataclass(frozen=True, slots=True)
class FindInput:
    """An item found.

    Attributes:
        find_id: its name.
        lonlat: WGS 84 degrees.
        sigma_m: 1 sigma per axis; None: 5 m.
        found_on: day, where known.
        device_class: class, where known.

    """

    find_id: str
    lonlat: tuple[float, float]
    sigma_m: float | None = None
    found_on: date | None = None
    device_class: DeviceClass | None = None


@dataclass(frozen=True, slots=True)
class RecordEvidence:
    """What the model is given.

    Attributes:
        record_id: the record.
        grid: over the record's plane, metres.
        membership: (ny, nx) share of each cell in the recorded area, with the errors of its
            shape, without the shift that moves all corners alike.
        ring: (ny, nx) 1 in the ring around the recorded area, else 0.
        detection: (ny, nx) probability that a device in the cell was found; 0 where nobody looked.
        shift_covariance: (2, 2) m² of the shift.
        devices_recorded: devices that the record states.
        finds_xy: (k, 2) metres.
        find_sigma_m: 1 sigma of a find's place.
        searched_share: share of the recorded area that was searched at all.
        finds_inside: finds in the recorded area as it is plotted.
        assumptions: what was assumed, in words.

    """

    record_id: str
    grid: Grid
    membership: FloatArray
    ring: FloatArray
    detection: FloatArray
    shift_covariance: FloatArray
    devices_recorded: int
    finds_xy: FloatArray
    find_sigma_m: float
    searched_share: float
    finds_inside: int
    assumptions: tuple[str, ...] = field(default=())


def build_evidence(
    located: LocatedRecord,
    searches: Sequence[SearchInput],
    finds: Sequence[FindInput],
    devices_recorded: int,
    *,
    laid_on: date | None = None,
    others: Sequence[BaseGeometry] = (),
    cell_m: float = 10.0,
    reach_m: float = 800.0,
    seed: int = 1,
    n_draws: int = 100,
) -> RecordEvidence:
    """Put together what the ground says about a record.

    A search counts where it touches the reach, was not over before the field was laid, and can
    find what the record lists; a find counts where it was made in a search that counts. A find
    outside every search says where a device was, but not how many were not found: it is named
    and left out.

    Args:
        located: the record, with at least one part.
        searches: all there are.
        finds: all there are.
        devices_recorded: devices that the record states.
        laid_on: date of laying.
        others: outlines of other records, WGS 84. Ground that another record explains, and that
            is not this record's own, takes no part: its devices say nothing of this record.
        cell_m: side of a cell.
        reach_m: how far around the record is looked.
        seed: of the draws of the record's shape.
        n_draws: how many.

    """
    shape = recorded_shape(located.parts)
    grid = Grid.around(shape.bounds, cell_m, reach_m)
    notes: list[str] = []
    membership = _membership(located, grid, seed, n_draws)
    ring = _ring(shape, grid)
    used = _usable(located, searches, grid, laid_on, notes)
    detection, looked = _detection(used, grid, notes)
    foreign = _foreign(located, shape, others, grid, notes)
    detection, looked = detection * (1.0 - foreign), looked * (1.0 - foreign)
    xy, sigma_m = _finds(located, finds, grid, looked, laid_on, notes)
    area = inside_fraction(shape.buffer(cell_m / 2), grid)
    inside = shapely.contains_xy(shape.buffer(sigma_m), xy[:, 0], xy[:, 1])
    return RecordEvidence(
        located.record_id, grid, membership, ring, detection, located.shift_covariance,
        devices_recorded, xy, sigma_m,
        float((area * looked).sum() / max(area.sum(), 1e-9)), int(np.sum(inside)), tuple(notes),
    )


def _membership(located: LocatedRecord, grid: Grid, seed: int, n_draws: int) -> FloatArray:
    """Soft membership, drawn on the small part of the grid that it touches."""
    rng = np.random.default_rng(seed)
    return membership_raster(located, grid, rng, n_draws=n_draws, remove_shift=True)


def _ring(shape: BaseGeometry, grid: Grid) -> FloatArray:
    band = shape.buffer(RING_M).difference(shape.buffer(grid.cell_m))
    return inside_fraction(band, grid, samples=1)


def _foreign(
    located: LocatedRecord, shape: BaseGeometry, others: Sequence[BaseGeometry], grid: Grid,
    notes: list[str],
) -> FloatArray:
    """(ny, nx) 1 on ground that other records explain and this one does not."""
    window = shapely.box(*grid.bounds)
    own = shape.buffer(OWN_GROUND_M)
    out, n = np.zeros(grid.shape), 0
    for other in others:
        theirs = located.frame.shape_to_xy(other)
        if window.intersects(theirs):
            out = np.maximum(out, np.ceil(inside_fraction(theirs.difference(own), grid)))
            n += 1
    if n:
        notes.append(f"the ground of {n} other records in reach takes no part")
    return out


def _usable(
    located: LocatedRecord, searches: Sequence[SearchInput], grid: Grid, laid_on: date | None,
    notes: list[str],
) -> list[tuple[SearchInput, BaseGeometry]]:
    west, south, east, north = grid.bounds
    corners = located.frame.to_lonlat([(west, south), (east, south), (east, north), (west, north)])
    window = shapely.box(*corners.min(axis=0), *corners.max(axis=0))
    out = []
    for search in searches:
        if not window.intersects(search.polygon):
            continue
        if laid_on is not None and search.ended_on is not None and search.ended_on < laid_on:
            notes.append(f"search {search.search_id} ended before the field was laid: not counted")
            continue
        if search.device_class is not None and search.device_class not in MINES:
            notes.append(f"search {search.search_id} was for {search.device_class}: not counted")
            continue
        out.append((search, located.frame.shape_to_xy(search.polygon)))
    return out


def _detection(
    used: Sequence[tuple[SearchInput, BaseGeometry]], grid: Grid, notes: list[str]
) -> tuple[FloatArray, FloatArray]:
    """(ny, nx) probability of having been found, and share that was looked at."""
    missed, unseen = np.ones(grid.shape), np.ones(grid.shape)
    for search, polygon in used:
        pod = search.pod
        if pod is None:
            pod = ASSUMED_POD[search.method]
            notes.append(f"search {search.search_id} states no POD: {pod:g} assumed for "
                         f"{search.method}")
        if not POD_RANGE[0] <= pod <= POD_RANGE[1]:
            notes.append(f"search {search.search_id} states a POD of {pod:g}: taken as "
                         f"{np.clip(pod, *POD_RANGE):g}, as no search is perfect or blind")
            pod = float(np.clip(pod, *POD_RANGE))
        cover = inside_fraction(polygon, grid)
        missed *= 1.0 - pod * cover
        unseen *= 1.0 - cover
    return 1.0 - missed, 1.0 - unseen


def _finds(
    located: LocatedRecord, finds: Sequence[FindInput], grid: Grid, looked: FloatArray,
    laid_on: date | None, notes: list[str],
) -> tuple[FloatArray, float]:
    chosen, before, outside = [], 0, 0
    sigmas = []
    candidates = [f for f in finds if f.device_class is None or f.device_class in MINES]
    lonlat = np.array([f.lonlat for f in candidates]).reshape(-1, 2)
    xy = located.frame.to_xy(lonlat) if len(lonlat) else lonlat
    cells = grid.index(xy)
    for find, point, (row, column) in zip(candidates, xy, cells, strict=True):
        if not (0 <= row < grid.ny and 0 <= column < grid.nx):
            continue
        if laid_on is not None and find.found_on is not None and find.found_on < laid_on:
            before += 1
        elif looked[row, column] <= 0.0:
            outside += 1
        else:
            chosen.append(point)
            sigmas.append(find.sigma_m if find.sigma_m is not None else 5.0)
    if before:
        notes.append(f"{before} finds were made before the field was laid: not counted")
    if outside:
        notes.append(f"{outside} finds lie outside every search: not counted, as nobody can say "
                     "what was not found there")
    return np.array(chosen).reshape(-1, 2), float(np.mean(sigmas)) if sigmas else 5.0
