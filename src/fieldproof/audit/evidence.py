"""What the ground says about one record, as rasters over the record's plane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from fieldproof.audit.ground import (
    ASSUMED_FIND_SIGMA_M,
    FindInput,
    Ground,
    SearchInput,
    class_share,
    find_counts,
    pod_of,
    search_counts,
    union_of_classes,
)
from fieldproof.errors import ModelError
from fieldproof.geo.grid import Grid, inside_fraction
from fieldproof.locate import membership_raster, recorded_shape
from fieldproof.locate.types import LocatedRecord
from fieldproof.model.codes import DeviceClass

FloatArray = npt.NDArray[np.float64]

#: Ground this near to the recorded area is the record's own, whatever other records say.
OWN_GROUND_M: Final = 60.0
#: Around the recorded area, the membership raster is drawn this far out at most.
MEMBERSHIP_MARGIN_M: Final = 400.0


@dataclass(frozen=True, slots=True)
class RecordEvidence:
    """What the model is given.

    Attributes:
        record_id: the record.
        grid: over the record's plane, metres.
        membership: (ny, nx) probability that a cell lies in the recorded area, with the errors of
            its shape, without the shift that moves all corners alike.
        shift_covariance: (2, 2) m² of that shift, x east, y north.
        devices_recorded: devices that the record states; None: it does not.
        detection: (ny, nx) probability that a device in the cell was found; 0 where nobody looked.
        finds_xy: (k, 2) metres; an item that stands for several is repeated.
        find_sigma_m: 1 sigma per axis of a find's place.
        finds_inside: items in the recorded area as it is plotted, hard-edged.
        finds_left_out: reason -> items in reach that took no part.
        pod_spread: standard deviation of (true / stated) detection, shared by all searches.
        assumptions: what was assumed, in words.
        simulated: made up.

    """

    record_id: str
    grid: Grid
    membership: FloatArray
    shift_covariance: FloatArray
    devices_recorded: int | None
    detection: FloatArray
    finds_xy: FloatArray
    find_sigma_m: float
    finds_inside: int = 0
    finds_left_out: Mapping[str, int] = field(default_factory=dict)
    pod_spread: float = 0.0
    assumptions: tuple[str, ...] = field(default=())
    simulated: bool = False

    @property
    def devices(self) -> int:
        """Devices that the record states.

        Raises:
            ModelError: it states none, so that a share of them has no meaning.

        """
        if self.devices_recorded is None or self.devices_recorded <= 0:
            raise ModelError(f"record {self.record_id} states no number of devices; a share of "
                             "them has no meaning")
        return self.devices_recorded

    @property
    def searched(self) -> bool:
        """Whether any ground in reach was searched."""
        return bool(self.detection.any())

    @property
    def searched_share(self) -> float:
        """Share of the recorded area, as plotted, that was searched at all."""
        total = float(self.membership.sum())
        return float(self.membership[self.detection > 0].sum()) / total if total > 0 else 0.0


def build_evidence(
    located: LocatedRecord,
    searches: Sequence[SearchInput],
    finds: Sequence[FindInput],
    devices_recorded: int | None,
    *,
    laid_on: date | None = None,
    device_classes: Mapping[DeviceClass, int] | None = None,
    others: Sequence[BaseGeometry] = (),
    cell_m: float = 10.0,
    reach_m: float = 800.0,
    seed: int = 1,
    n_draws: int = 60,
) -> RecordEvidence:
    """Put together what the ground says about one record. For many records, see `gather`."""
    return gather(
        located, Ground(searches, finds), devices_recorded, laid_on=laid_on,
        device_classes=device_classes, others=others, cell_m=cell_m, reach_m=reach_m, seed=seed,
        n_draws=n_draws,
    )


def gather(
    located: LocatedRecord,
    ground: Ground,
    devices_recorded: int | None,
    *,
    laid_on: date | None = None,
    device_classes: Mapping[DeviceClass, int] | None = None,
    others: Sequence[BaseGeometry] = (),
    cell_m: float = 10.0,
    reach_m: float = 800.0,
    seed: int = 1,
    n_draws: int = 60,
) -> RecordEvidence:
    """Put together what the ground says about a record.

    A search counts where it touches the reach and was not over before the field was laid; one
    that is limited to a class counts for the share of the record's devices of that class. An item
    counts where it can be the record's, and lies in ground that counts: an item outside every
    search says where a device was, but not how many were not found, so it is counted apart.
    What was assumed or left out is named in the result.

    Args:
        located: the record, with at least one part.
        ground: all searches and finds.
        devices_recorded: devices that the record states.
        laid_on: first day of laying.
        device_classes: class -> devices of it that the record lists, where it does.
        others: outlines of other records, WGS 84; best those that hold the whole record with a
            stated probability. What lies in them, and not on this record's own ground, takes no
            part, finds and coverage alike.
        cell_m: side of a cell.
        reach_m: how far around the record is looked; the prior's largest displacement.
        seed: of the draws of the record's shape. The same seed gives the same raster.
        n_draws: how many.

    Raises:
        ModelError: a record that was not located.

    """
    if not located.located:
        why = "; ".join(located.problems) or "no reason given"
        raise ModelError(f"record {located.record_id} was not located ({why}); it has no evidence, "
                         "use not_judged")
    notes: list[str] = []
    listed = dict(device_classes or {})
    shape = shapely.make_valid(recorded_shape(located.parts))
    grid = Grid.around(shape.bounds, cell_m, reach_m)
    window = _window(located, grid)
    detection, spread = _detection(located, ground.searches_in(window), grid, laid_on, listed,
                                   notes)
    foreign = _foreign(located, shape, others, grid, notes)
    detection = np.where(foreign, 0.0, detection)
    xy, sigma_m, left_out = _finds(
        located, ground.finds_in(window), grid, detection > 0, foreign, laid_on, listed, notes
    )
    if laid_on is None:
        notes.append("the record has no laying date: all searches and finds count")
    plotted = shape if shape.area > 0 else shape.buffer(max(cell_m / 2, 2 * sigma_m))
    return RecordEvidence(
        record_id=located.record_id, grid=grid,
        membership=_membership(located, shape, grid, seed, n_draws),
        shift_covariance=located.shift_covariance, devices_recorded=devices_recorded,
        detection=detection, finds_xy=xy, find_sigma_m=sigma_m,
        finds_inside=int(np.sum(shapely.intersects_xy(plotted, xy[:, 0], xy[:, 1]))),
        finds_left_out=left_out, pod_spread=spread,
        assumptions=(*located.assumptions, *notes), simulated=located.simulated,
    )


def _window(located: LocatedRecord, grid: Grid) -> BaseGeometry:
    west, south, east, north = grid.bounds
    corners = [(west, south), (east, south), (east, north), (west, north)]
    lonlat = located.frame.to_lonlat(corners)
    lows, highs = lonlat.min(axis=0), lonlat.max(axis=0)
    return shapely.Polygon([lows, (highs[0], lows[1]), highs, (lows[0], highs[1])])


def _membership(
    located: LocatedRecord, shape: BaseGeometry, grid: Grid, seed: int, n_draws: int
) -> FloatArray:
    """(ny, nx) soft membership, drawn on the part of the grid that the record can touch."""
    near = Grid.around(shape.bounds, grid.cell_m, MEMBERSHIP_MARGIN_M)
    rng = np.random.default_rng(seed)
    small = membership_raster(located, near, rng, n_draws=n_draws, remove_shift=True)
    r = round((near.south_m - grid.south_m) / grid.cell_m)
    c = round((near.west_m - grid.west_m) / grid.cell_m)
    out = np.zeros(grid.shape)
    r0, c0 = max(r, 0), max(c, 0)
    r1, c1 = min(r + near.ny, grid.ny), min(c + near.nx, grid.nx)
    out[r0:r1, c0:c1] = small[r0 - r:r1 - r, c0 - c:c1 - c]
    if not out.any():  # a record narrower than the draws can hit: the cells that it touches
        out = np.ceil(inside_fraction(shape.buffer(grid.cell_m), grid))
    return out


def _detection(
    located: LocatedRecord, searches: Sequence[SearchInput], grid: Grid, laid_on: date | None,
    listed: dict[DeviceClass, int], notes: list[str],
) -> tuple[FloatArray, float]:
    """(ny, nx) probability of having been found, 1 - prod(1 - pod); and its spread."""
    missed, spread = np.ones(grid.shape), 0.0
    for search in searches:
        if not search_counts(search, laid_on, notes):
            continue
        share = class_share(search, listed)
        if share < 1.0:
            notes.append(f"search {search.search_id} was for {search.device_class} only: it counts "
                         f"for {share:.0%} of the record's devices")
        pod, its_spread = pod_of(search, notes)
        spread = max(spread, its_spread)
        polygon = located.frame.shape_to_xy(search.polygon)
        if not polygon.is_valid:
            notes.append(f"search {search.search_id}: its outline crosses itself; the area that "
                         "it encloses was taken")
            polygon = shapely.make_valid(polygon)
        missed *= 1.0 - pod * share * inside_fraction(polygon, grid)
    return 1.0 - missed, spread


def _foreign(
    located: LocatedRecord, shape: BaseGeometry, others: Sequence[BaseGeometry], grid: Grid,
    notes: list[str],
) -> npt.NDArray[np.bool_]:
    """(ny, nx) ground that other records explain and that is not this record's own."""
    window, own = shapely.box(*grid.bounds), shape.buffer(OWN_GROUND_M)
    out, n = np.zeros(grid.shape, dtype=np.bool_), 0
    for other in others:
        theirs = shapely.make_valid(located.frame.shape_to_xy(other)).difference(own)
        if not theirs.is_empty and window.intersects(theirs):
            out |= inside_fraction(theirs, grid) > 0
            n += 1
    if n:
        notes.append(f"ground of {n} other records in reach takes no part")
    return out


def _finds(
    located: LocatedRecord, finds: Sequence[FindInput], grid: Grid,
    looked: npt.NDArray[np.bool_], foreign: npt.NDArray[np.bool_], laid_on: date | None,
    listed: dict[DeviceClass, int], notes: list[str],
) -> tuple[FloatArray, float, dict[str, int]]:
    classes = union_of_classes(listed)
    places = np.array([f.lonlat for f in finds], dtype=np.float64).reshape(-1, 2)
    xy = located.frame.to_xy(places)
    near = _reach_of_search(looked, grid)
    chosen: list[FloatArray] = []
    sigmas: list[float] = []
    left_out: dict[str, int] = {}
    for find, point, (row, column) in zip(finds, xy, grid.index(xy), strict=True):
        if not (0 <= row < grid.ny and 0 <= column < grid.nx):
            continue
        reason = None
        if not find_counts(find, laid_on, classes):
            early = laid_on is not None and find.found_on is not None and find.found_on < laid_on
            reason = "before the laying date" if early else "of a class the record does not list"
        elif foreign[row, column]:
            reason = "on the ground of another record"
        elif not near[row, column]:
            reason = "outside every search that counts"
        if reason is None:
            chosen.extend([point] * max(find.quantity, 1))
            sigmas.append(ASSUMED_FIND_SIGMA_M if find.sigma_m is None else find.sigma_m)
        else:
            left_out[reason] = left_out.get(reason, 0) + max(find.quantity, 1)
    notes.extend(f"{n} items in reach left out: {reason}" for reason, n in left_out.items())
    sigma = float(np.sqrt(np.mean(np.square(sigmas)))) if sigmas else ASSUMED_FIND_SIGMA_M
    return np.array(chosen).reshape(-1, 2), sigma, left_out


def _reach_of_search(looked: npt.NDArray[np.bool_], grid: Grid) -> npt.NDArray[np.bool_]:
    """Searched ground and the cells beside it: an item at the edge belongs to the search."""
    padded = np.pad(looked, 1)
    out = np.zeros(grid.shape, dtype=np.bool_)
    for i in range(3):
        for j in range(3):
            out |= padded[i:i + grid.ny, j:j + grid.nx]
    return out
