"""The containment outline: it holds the whole recorded area with a stated probability.

It is for statements of safety. It is no contour of the membership raster: the contour of 5 %
membership holds the whole area in about half of all cases only.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from fieldproof.errors import GeometryError
from fieldproof.locate.monte_carlo import draw_vertices, part_shape
from fieldproof.locate.types import LocatedRecord

FloatArray = npt.NDArray[np.float64]

#: Corners of a quarter circle in a buffer; its radius is stretched so that the polygon holds it.
QUAD_SEGMENTS = 16
#: To what an excursion out of an area that is not convex is worked out; added, to be safe.
TOLERANCE_M = 0.1
#: An outline is never thinner than this, even where no error was stated.
LEAST_RADIUS_M = 0.01


def containment_outline(
    located: LocatedRecord,
    *,
    level: float = 0.95,
    n_draws: int = 1000,
    rng: np.random.Generator,
) -> BaseGeometry:
    """Outline that holds the whole recorded area with probability `level`, plane metres.

    Each part is grown by a distance such that in `level` of the draws of all corners every drawn
    part lies wholly in its own grown part. The distances of the parts stand to each other as
    their own quantiles do. The probability is that of the error budget, nothing else.

    Args:
        located: at least one part.
        level: probability, between 0 and 1.
        n_draws: draws of the corners.
        rng: of the draws; the same state gives the same outline.

    Returns:
        Polygon or MultiPolygon without holes.

    Raises:
        GeometryError: a record that was not located, or a level that is no probability.

    """
    if not located.parts:
        raise GeometryError(f"record {located.record_id} was not located; it has no outline")
    if not 0.0 < level < 1.0:
        raise GeometryError(f"level {level} is no probability between 0 and 1")
    drawn = draw_vertices(located, n_draws, rng)
    best = [part_shape(part.vertices) for part in located.parts]
    reach = np.stack([excursions(d, b) for d, b in zip(drawn, best, strict=True)])
    own = np.maximum(_quantile(reach, level), LEAST_RADIUS_M)
    worst = (reach / own[:, None]).max(axis=0)
    radii = np.maximum(own * _quantile(worst[None], level), LEAST_RADIUS_M)
    grown = [
        grow(shape, float(radius) + part.reach_m)
        for shape, radius, part in zip(best, radii, located.parts, strict=True)
    ]
    return grown[0] if len(grown) == 1 else _filled(shapely.union_all(grown))


def _quantile(values: FloatArray, level: float) -> FloatArray:
    """(k,) order statistic of (k, n) values on the safe side of the `level` quantile."""
    n = values.shape[1]
    k = min(int(np.ceil(level * (n + 1))), n) - 1
    return np.asarray(np.partition(values, k, axis=1)[:, k])


def grow(shape: BaseGeometry, radius_m: float) -> BaseGeometry:
    """Everything within `radius_m` of a shape, holes filled; never less, by the round corners."""
    stretched = radius_m / np.cos(np.pi / (4 * QUAD_SEGMENTS))
    return _filled(shape.buffer(stretched, quad_segs=QUAD_SEGMENTS))


def _filled(shape: BaseGeometry) -> BaseGeometry:
    """A shape without holes: a side that stays in it encloses nothing outside it."""
    parts = [shapely.Polygon(p.exterior) for p in shapely.get_parts(shape)]
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def excursions(drawn: FloatArray, best: BaseGeometry) -> FloatArray:
    """(n_draws,) metres that the sides of each drawn area reach out of `best`; 0 inside.

    From a convex area the distance along a side is largest at an end, so corners suffice. Out of
    any other area it may be largest between, and is bounded there to `TOLERANCE_M`, from above.

    Args:
        drawn: (n_draws, n, 2) corners of areas, lines or points.
        best: valid point, line or polygon.

    """
    boundary = _Boundary(best)
    n_draws, n, _ = drawn.shape
    at_corners = boundary.signed(boundary.squares(drawn.reshape(-1, 2)), drawn.reshape(-1, 2))
    reach = np.maximum(at_corners.reshape(n_draws, n).max(axis=1), 0.0)
    if n < 3 or _is_convex(best):
        return np.asarray(reach)
    return _along_sides(drawn, boundary, reach) + TOLERANCE_M


class _Boundary:
    """Distances to the sides of a shape."""

    def __init__(self, shape: BaseGeometry) -> None:
        ring = shapely.get_coordinates(shape)
        self._starts = ring[:-1] if len(ring) > 1 else ring
        self._sides = ring[1:] - ring[:-1] if len(ring) > 1 else np.zeros((1, 2))
        self._shape = shape
        shapely.prepare(shape)

    def squares(self, points: FloatArray) -> FloatArray:
        """(s, n) squared metres from (n, 2) points to each side."""
        out = np.empty((len(self._starts), len(points)))
        x, y = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
        for j, ((ax, ay), (sx, sy)) in enumerate(zip(self._starts, self._sides, strict=True)):
            px, py = x - ax, y - ay
            t = np.clip((px * sx + py * sy) / ((sx * sx + sy * sy) or 1.0), 0.0, 1.0)
            out[j] = (px - t * sx) ** 2 + (py - t * sy) ** 2
        return out

    def signed(self, squares: FloatArray, points: FloatArray) -> FloatArray:
        """(n,) metres to the boundary, negative inside."""
        distance = np.sqrt(squares.min(axis=0))
        if self._shape.geom_type == "Polygon":
            inside = shapely.contains_xy(self._shape, points[:, 0], points[:, 1])
            distance[inside] *= -1.0
        return np.asarray(distance)


def _is_convex(shape: BaseGeometry) -> bool:
    return bool(shape.area >= shape.convex_hull.area * (1 - 1e-9))


def _along_sides(drawn: FloatArray, boundary: _Boundary, reach: FloatArray) -> FloatArray:
    """(n_draws,) largest distance out of a shape along closed perimeters, to `TOLERANCE_M`.

    Between two points no distance exceeds the mean of theirs and of the length between (it cannot
    change faster than one walks), nor, for any one side of the shape, the larger of the two
    distances to that side (which is a convex function). Stretches whose bound exceeds what has
    been found are halved until none is left.
    """
    n_draws, n, _ = drawn.shape
    owner = np.repeat(np.arange(n_draws), n)
    start, end = drawn.reshape(-1, 2), np.roll(drawn, -1, axis=1).reshape(-1, 2)
    sq_start, sq_end = boundary.squares(start), boundary.squares(end)
    out_start, out_end = boundary.signed(sq_start, start), boundary.signed(sq_end, end)
    while True:
        length = np.hypot(*(end - start).T)
        bound = np.minimum((out_start + out_end + length) / 2,
                           np.sqrt(np.maximum(sq_start, sq_end).min(axis=0)))
        open_ = bound > reach[owner] + TOLERANCE_M
        if not open_.any():
            return reach
        owner, start, end = owner[open_], start[open_], end[open_]
        middle = (start + end) / 2
        sq_middle = boundary.squares(middle)
        out_middle = boundary.signed(sq_middle, middle)
        np.maximum.at(reach, owner, out_middle)
        sq_start = np.concatenate([sq_start[:, open_], sq_middle], axis=1)
        sq_end = np.concatenate([sq_middle, sq_end[:, open_]], axis=1)
        out_start = np.concatenate([out_start[open_], out_middle])
        out_end = np.concatenate([out_middle, out_end[open_]])
        start, end = np.concatenate([start, middle]), np.concatenate([middle, end])
        owner = np.concatenate([owner, owner])
