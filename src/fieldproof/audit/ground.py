"""Searches and finds as they are given, indexed, and the rules on which of them count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from fieldproof.model.codes import DeviceClass, SearchMethod

#: POD where a search states none, by method. Judgements, to be replaced by the results of test
#: lanes; the model holds them for uncertain by `ASSUMED_POD_SPREAD`.
ASSUMED_POD: Final[dict[SearchMethod, float]] = {
    SearchMethod.MANUAL_CLEARANCE: 0.90,
    SearchMethod.MECHANICAL_CLEARANCE: 0.70,
    SearchMethod.MDD_CLEARANCE: 0.85,
    SearchMethod.TECHNICAL_SURVEY: 0.70,
    SearchMethod.BATTLE_AREA_CLEARANCE: 0.50,
    SearchMethod.VISUAL_SEARCH: 0.25,
    SearchMethod.DRONE_OR_SENSOR: 0.40,
    SearchMethod.OTHER: 0.50,
    SearchMethod.UNKNOWN: 0.50,
}
#: Standard deviation of (true POD / assumed POD) where a POD had to be assumed.
ASSUMED_POD_SPREAD: Final = 0.25
#: A stated POD above this is taken as this: no search finds everything.
HIGHEST_POD: Final = 0.99
#: Classes of ordnance that are mines, for records that do not list theirs.
MINES: Final = frozenset({DeviceClass.AP_MINE, DeviceClass.AV_MINE, DeviceClass.BOOBY_TRAP})
#: Classes that can be any.
ANY_CLASS: Final = frozenset({DeviceClass.UNKNOWN, DeviceClass.OTHER, None})
#: 1 sigma per axis of a find that states no accuracy, metres.
ASSUMED_FIND_SIGMA_M: Final = 5.0


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
        sigma_m: 1 sigma per axis; None: assumed.
        found_on: day, where known.
        device_class: class, where known.
        quantity: items at this place.

    """

    find_id: str
    lonlat: tuple[float, float]
    sigma_m: float | None = None
    found_on: date | None = None
    device_class: DeviceClass | None = None
    quantity: int = 1


class Ground:
    """All searches and finds of an audit, indexed by place, so that each record sees its own."""

    def __init__(self, searches: Iterable[SearchInput], finds: Iterable[FindInput]) -> None:
        self.searches = tuple(searches)
        self.finds = tuple(finds)
        self._search_tree = shapely.STRtree([s.polygon for s in self.searches])
        places = np.array([f.lonlat for f in self.finds], dtype=np.float64).reshape(-1, 2)
        self._find_tree = shapely.STRtree([shapely.Point(p) for p in places])

    def searches_in(self, window: BaseGeometry) -> list[SearchInput]:
        """Searches that touch a WGS 84 area, in the order given."""
        hits = np.sort(self._search_tree.query(window, predicate="intersects"))
        return [self.searches[i] for i in hits]

    def finds_in(self, window: BaseGeometry) -> list[FindInput]:
        """Finds in a WGS 84 area, in the order given."""
        hits = np.sort(self._find_tree.query(window, predicate="intersects"))
        return [self.finds[i] for i in hits]


def search_counts(search: SearchInput, laid_on: date | None, notes: list[str]) -> bool:
    """Whether a search can say anything of a field laid on a day; names what it decides."""
    if laid_on is not None and search.ended_on is not None and search.ended_on < laid_on:
        notes.append(f"search {search.search_id} ended before the laying date: not counted")
        return False
    if laid_on is not None and search.started_on is not None and search.started_on < laid_on:
        notes.append(f"search {search.search_id} began before the laying date and ended after it "
                     "or states no end: counted")
    if (search.started_on is not None and search.ended_on is not None
            and search.ended_on < search.started_on):
        notes.append(f"search {search.search_id} ends before it begins: counted, dates in doubt")
    if laid_on is not None and search.started_on is None and search.ended_on is None:
        notes.append(f"search {search.search_id} has no date: counted as after the laying date")
    return True


def find_counts(find: FindInput, laid_on: date | None, classes: frozenset[DeviceClass]) -> bool:
    """Whether an item can be one of a record: not found before it was laid, and of its classes."""
    if laid_on is not None and find.found_on is not None and find.found_on < laid_on:
        return False
    return find.device_class in ANY_CLASS or find.device_class in classes


def pod_of(search: SearchInput, notes: list[str]) -> tuple[float, float]:
    """POD in force for a search, and the spread of what was assumed; names what it changes."""
    if search.pod is None or not np.isfinite(search.pod):
        pod = ASSUMED_POD[search.method]
        notes.append(f"search {search.search_id} states no POD: {pod:g} assumed for method "
                     f"{search.method}, uncertain by {ASSUMED_POD_SPREAD:.0%}")
        return pod, ASSUMED_POD_SPREAD
    if search.pod > HIGHEST_POD:
        notes.append(f"search {search.search_id} states a POD of {search.pod:g}: taken as "
                     f"{HIGHEST_POD:g}, as no search finds everything")
        return HIGHEST_POD, 0.0
    if search.pod <= 0.0:
        notes.append(f"search {search.search_id} states a POD of {search.pod:g}: it finds nothing, "
                     "so its ground counts as not searched")
        return 0.0, 0.0
    return search.pod, 0.0


def class_share(search: SearchInput, listed: dict[DeviceClass, int]) -> float:
    """Share of a record's devices that a search can find at all, 1 where it is not limited."""
    if search.device_class in ANY_CLASS:
        return 1.0
    total = sum(listed.values())
    if not total:
        return 1.0 if search.device_class in MINES else 0.0
    return listed.get(search.device_class, 0) / total  # type: ignore[arg-type]


def union_of_classes(listed: dict[DeviceClass, int]) -> frozenset[DeviceClass]:
    """Classes of finds that can be a record's: those it lists, or mines where it lists none."""
    return frozenset(listed) or MINES
