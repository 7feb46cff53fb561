"""Two products of a located record, with two names that are never exchanged.

The *membership raster* gives for each cell the probability that it lies in the recorded area; it
tells where to search. The *containment outline* holds the whole recorded area with a stated
probability; it is for statements of safety. A contour of the first is not the second: the contour
of 5 % membership holds the whole area in about half of all cases only.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from fieldproof.errors import GeometryError
from fieldproof.geo.grid import Grid, inside_fraction
from fieldproof.locate.types import LocatedPart, LocatedRecord

FloatArray = npt.NDArray[np.float64]

#: Corners of a quarter circle in a buffer; its radius is stretched so that the polygon holds it.
QUAD_SEGMENTS = 16


def part_shape(vertices: FloatArray) -> BaseGeometry:
    """Point, line or polygon of (n, 2) corners in order."""
    if len(vertices) == 1:
        return shapely.Point(vertices[0])
    if len(vertices) == 2:
        return shapely.LineString(vertices)
    return shapely.Polygon(vertices)


def recorded_shape(parts: Sequence[LocatedPart]) -> BaseGeometry:
    """The recorded area at its best estimate, all parts together, plane metres."""
    shapes = [part_shape(p.vertices) for p in parts]
    return shapes[0] if len(shapes) == 1 else shapely.GeometryCollection(shapes)


def draw_vertices(
    located: LocatedRecord, n_draws: int, rng: np.random.Generator
) -> list[FloatArray]:
    """For each part (n_draws, n, 2) corners drawn from its error, plane metres."""
    return [_draw(part, n_draws, rng) for part in located.parts]


def _draw(part: LocatedPart, n_draws: int, rng: np.random.Generator) -> FloatArray:
    values, vectors = np.linalg.eigh(part.covariance)
    root = vectors * np.sqrt(np.clip(values, 0.0, None))
    n = part.vertices.size
    noise = rng.standard_normal((n_draws, n)) @ root.T
    return np.asarray(part.vertices + noise.reshape(n_draws, -1, 2))


def containment_outline(
    located: LocatedRecord,
    *,
    level: float = 0.95,
    n_draws: int = 1000,
    rng: np.random.Generator,
) -> BaseGeometry:
    """Outline that holds the whole recorded area with probability `level`, plane metres.

    Each part is grown by the `level` quantile, over draws of its corners, of how far the drawn
    area reaches out of the best one. A record of several parts shares 1 - level among them, which
    keeps the outline on the safe side whatever their errors have in common.

    Raises:
        GeometryError: a record that was not located.

    """
    if not located.parts:
        raise GeometryError(f"record {located.record_id} was not located; it has no outline")
    if not 0.0 < level < 1.0:
        raise GeometryError(f"level {level} is no probability between 0 and 1")
    part_level = 1.0 - (1.0 - level) / len(located.parts)
    grown = [_grown(part, part_level, n_draws, rng) for part in located.parts]
    return grown[0] if len(grown) == 1 else shapely.union_all(grown)


def _grown(
    part: LocatedPart, level: float, n_draws: int, rng: np.random.Generator
) -> BaseGeometry:
    best = part_shape(part.vertices)
    if not best.is_valid:
        best = best.convex_hull  # a perimeter that crosses itself: the larger area is the safe one
    reach = excursions(_draw(part, n_draws, rng), best)
    # the order statistic that is on the safe side of the quantile
    k = min(int(np.ceil(level * (n_draws + 1))), n_draws) - 1
    radius = float(np.partition(reach, k)[k])
    return best.buffer(radius / np.cos(np.pi / (4 * QUAD_SEGMENTS)), quad_segs=QUAD_SEGMENTS)


def excursions(drawn: FloatArray, best: BaseGeometry) -> FloatArray:
    """(n_draws,) metres that each drawn area reaches out of `best`; 0 inside.

    The distance from a convex area is largest at a corner of what reaches out of it. Where the
    best area is not convex, points along the drawn sides are looked at too.
    """
    points = drawn
    if drawn.shape[1] > 2 and not _is_convex(best):
        after = np.roll(drawn, -1, axis=1)
        steps = np.linspace(0.0, 1.0, 8, endpoint=False)
        points = np.concatenate([drawn + s * (after - drawn) for s in steps], axis=1)
    flat = points.reshape(-1, 2)
    distance = _distance_to_boundary(flat, best)
    if best.geom_type == "Polygon":
        shapely.prepare(best)
        distance[shapely.contains_xy(best, flat[:, 0], flat[:, 1])] = 0.0
    return np.asarray(distance.reshape(points.shape[:2]).max(axis=1))


def _is_convex(shape: BaseGeometry) -> bool:
    return bool(shape.area >= shape.convex_hull.area * (1 - 1e-9))


def _distance_to_boundary(points: FloatArray, shape: BaseGeometry) -> FloatArray:
    """(n,) metres from each point to the nearest side of `shape`."""
    ring = shapely.get_coordinates(shape)
    if len(ring) == 1:
        return np.asarray(np.hypot(*(points - ring[0]).T))
    nearest = np.full(len(points), np.inf)
    for a, b in itertools.pairwise(ring):
        side = b - a
        length2 = float(side @ side) or 1.0
        t = np.clip(((points - a) @ side) / length2, 0.0, 1.0)
        off = points - a - t[:, None] * side
        np.minimum(nearest, np.einsum("ij,ij->i", off, off), out=nearest)
    return np.asarray(np.sqrt(nearest))


def membership_raster(
    located: LocatedRecord,
    grid: Grid,
    rng: np.random.Generator,
    *,
    n_draws: int = 200,
    remove_shift: bool = False,
) -> FloatArray:
    """(ny, nx) probability that a cell lies in the recorded area, over the record's plane.

    Args:
        located: at least one part.
        grid: over the plane of the record.
        rng: of the draws.
        n_draws: draws of the corners.
        remove_shift: leave out what moves all corners alike (`shift_covariance`), for the audit,
            which searches over shifts itself.

    """
    if not located.parts:
        raise GeometryError(f"record {located.record_id} was not located; it has no raster")
    drawn = draw_vertices(located, n_draws, rng)
    if remove_shift:
        corners = np.concatenate(drawn, axis=1)
        best = np.concatenate([p.vertices for p in located.parts])
        shift = corners.mean(axis=1) - best.mean(axis=0)
        drawn = [d - shift[:, None, :] for d in drawn]
    outside = np.ones(grid.shape)
    for part in drawn:
        outside *= 1.0 - _mean_cover(part, grid)
    return 1.0 - outside


def _mean_cover(drawn: FloatArray, grid: Grid) -> FloatArray:
    """(ny, nx) mean over draws of whether the middle of a cell lies in the drawn area."""
    total = np.zeros(grid.shape)
    # a point or a line has no area: it marks the cells that it comes near to
    width = 0.0 if drawn.shape[1] >= 3 else grid.cell_m / np.sqrt(np.pi)
    for vertices in drawn:
        shape = part_shape(vertices)
        total += inside_fraction(shape.buffer(width) if width else shape, grid, samples=1)
    return total / len(drawn)
