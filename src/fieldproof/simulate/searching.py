"""What teams searched, and what they found there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from fieldproof.model.codes import SearchMethod
from fieldproof.simulate.fields import Field

FloatArray = npt.NDArray[np.float64]

#: POD of each method in this district, lowest and highest.
POD = {
    SearchMethod.MANUAL_CLEARANCE: (0.92, 0.98),
    SearchMethod.MDD_CLEARANCE: (0.85, 0.95),
    SearchMethod.MECHANICAL_CLEARANCE: (0.72, 0.85),
    SearchMethod.TECHNICAL_SURVEY: (0.75, 0.9),
}


@dataclass(frozen=True, slots=True)
class Search:
    """A search, in metres of the district's plane.

    Attributes:
        area: what was searched.
        method: how.
        pod: probability of detection.
        started_on: first day.
        ended_on: last day.
        found: (k, 2) where items are reported, with the error of the receiver.
        sigma_m: of that error, per axis.

    """

    area: BaseGeometry
    method: SearchMethod
    pod: float
    started_on: date
    ended_on: date
    found: FloatArray
    sigma_m: float


def search_field(
    field: Field, plotted: BaseGeometry, rng: np.random.Generator, *, thorough: bool, share: float
) -> Search:
    """Search where a record was plotted and, as people point it out, where the field may be.

    Args:
        field: the truth.
        plotted: where the team takes the field to be.
        rng: of everything.
        thorough: a verification: the plotted area with a wide margin, by the best method.
        share: share of the area that is searched.

    """
    margin = rng.uniform(120, 220) if thorough else rng.uniform(20, 90)
    area: BaseGeometry = plotted.buffer(margin, join_style="mitre")
    if thorough or rng.random() < 0.5:
        real = shapely.MultiPoint(field.corners + field.shift).convex_hull
        area = shapely.union_all([area, real.buffer(margin)]).convex_hull
    method = (
        SearchMethod.MANUAL_CLEARANCE if thorough
        else list(POD)[int(rng.integers(len(POD)))]
    )
    pod = float(np.round(rng.uniform(*POD[method]), 2))
    area = _part(area, share, rng)
    start = date(2022, 3, 1) + timedelta(days=int(rng.integers(0, 900)))
    sigma = float(np.round(rng.uniform(1.0, 4.0), 1))
    inside = field.devices[shapely.contains_xy(area, field.devices[:, 0], field.devices[:, 1])]
    found = inside[rng.random(len(inside)) < pod]
    return Search(area, method, pod, start, start + timedelta(days=int(rng.integers(5, 60))),
                  found + rng.normal(0, sigma, found.shape), sigma)


def _part(area: BaseGeometry, share: float, rng: np.random.Generator) -> BaseGeometry:
    """A part of an area, cut off by a straight line."""
    if share >= 1.0:
        return area
    way = rng.uniform(0, 2 * np.pi)
    normal = np.array([np.sin(way), np.cos(way)])
    along = np.array([normal[1], -normal[0]])
    middle = np.asarray(area.centroid.coords[0])
    low, high, piece = -2000.0, 2000.0, area
    for _ in range(24):
        cut = (low + high) / 2
        edge = middle + cut * normal
        half = shapely.Polygon([edge - 4000 * along, edge + 4000 * along,
                                edge + 4000 * along - 4000 * normal,
                                edge - 4000 * along - 4000 * normal])
        piece = area.intersection(half)
        low, high = (cut, high) if piece.area < share * area.area else (low, cut)
    return piece
