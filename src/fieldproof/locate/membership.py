"""The membership raster: for each cell the probability that it lies in the recorded area.

It tells where to search. It is no statement of safety: what holds the whole area with a stated
probability is the containment outline.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from fieldproof.errors import GeometryError
from fieldproof.geo.grid import Grid
from fieldproof.locate.monte_carlo import draw_vertices
from fieldproof.locate.types import LocatedPart, LocatedRecord

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

#: Cells that are worked on at a time, over all draws.
_CHUNK_CELLS = 1_000_000
#: Corners of the disc that stands for a point of a record.
_DISC_CORNERS = 16


def membership_raster(
    located: LocatedRecord,
    grid: Grid,
    rng: np.random.Generator,
    *,
    n_draws: int = 200,
    remove_shift: bool = False,
) -> FloatArray:
    """(ny, nx) probability that the middle of a cell lies in the recorded area.

    Args:
        located: at least one part. A point or a line marks the cells that it comes near to; where
            front and depth are known too, the area is drawn on every side that it may lie on.
        grid: over the plane of the record.
        rng: of the draws.
        n_draws: draws of the corners.
        remove_shift: leave out what moves all corners alike (`shift_covariance`), for the audit,
            which searches over shifts itself.

    Raises:
        GeometryError: a record that was not located.

    """
    if not located.parts:
        raise GeometryError(f"record {located.record_id} was not located; it has no raster")
    drawn = draw_vertices(located, n_draws, rng)
    if remove_shift:
        best = np.concatenate([p.vertices for p in located.parts])
        shift = np.concatenate(drawn, axis=1).mean(axis=1) - best.mean(axis=0)
        drawn = [d - shift[:, None, :] for d in drawn]
    areas = [
        _areas(part, d, grid.cell_m, rng) for part, d in zip(located.parts, drawn, strict=True)
    ]
    out = np.zeros(grid.shape)
    window = _window(areas, grid)
    if window is None:
        return out
    first_row, last_row, first_column, last_column = window
    small = Grid(grid.west_m + first_column * grid.cell_m, grid.south_m + first_row * grid.cell_m,
                 grid.cell_m, last_column - first_column, last_row - first_row)
    step = max(1, _CHUNK_CELLS // (small.nx * small.ny))
    total = np.zeros(small.shape)
    for start in range(0, n_draws, step):
        covered = _inside(areas[0][start:start + step], small)
        for part in areas[1:]:
            covered |= _inside(part[start:start + step], small)
        total += covered.sum(axis=0)
    out[first_row:last_row, first_column:last_column] = total / n_draws
    return out


def _areas(
    part: LocatedPart, drawn: FloatArray, cell_m: float, rng: np.random.Generator
) -> FloatArray:
    """(n_draws, k, 2) corners of the areas that drawn corners stand for."""
    n = drawn.shape[1]
    if n >= 3:
        valid = shapely.is_valid(shapely.polygons(part.vertices))
        return drawn if valid else _hulls(drawn)
    if part.extent_m is not None:
        return _beside(part.extent_m, drawn, rng)
    half = cell_m / np.sqrt(np.pi)
    if n == 1:
        turn = 2 * np.pi * np.arange(_DISC_CORNERS) / _DISC_CORNERS
        return np.asarray(drawn + half * np.stack([np.cos(turn), np.sin(turn)], axis=-1))
    across = half * _right_of(drawn[:, 1] - drawn[:, 0])
    return np.stack([drawn[:, 0] + across, drawn[:, 1] + across,
                     drawn[:, 1] - across, drawn[:, 0] - across], axis=1)


def _beside(
    extent_m: tuple[float, float], drawn: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """(n_draws, 4, 2) rectangles on a random side of a line, or of random turn at a corner."""
    front, depth = extent_m
    n_draws = len(drawn)
    side = rng.choice([-1.0, 1.0], n_draws)[:, None]
    if drawn.shape[1] == 1:
        turn = rng.uniform(0, 2 * np.pi, n_draws)
        start = drawn[:, 0]
        end = start + front * np.stack([np.sin(turn), np.cos(turn)], axis=-1)
    else:
        start, end = drawn[:, 0], drawn[:, 1]
    across = side * depth * _right_of(end - start)
    return np.stack([start, end, end + across, start + across], axis=1)


def _right_of(along: FloatArray) -> FloatArray:
    """(n, 2) unit vectors to the right of (n, 2) directions; zero for no direction."""
    length = np.hypot(along[:, 0], along[:, 1])[:, None]
    return np.stack([along[:, 1], -along[:, 0]], axis=-1) / np.where(length > 0, length, 1.0)


def _hulls(drawn: FloatArray) -> FloatArray:
    """(n_draws, n, 2) convex hulls, their last corner repeated where they have fewer."""
    out = np.empty_like(drawn)
    for i, corners in enumerate(drawn):
        ring = shapely.get_coordinates(shapely.MultiPoint(corners).convex_hull)[:len(corners)]
        out[i, :len(ring)], out[i, len(ring):] = ring, ring[-1]
    return out


def _window(areas: list[FloatArray], grid: Grid) -> tuple[int, int, int, int] | None:
    """First and behind last row and column that any area touches; None: the grid lies beside."""
    low = np.min([a.min(axis=(0, 1)) for a in areas], axis=0)
    high = np.max([a.max(axis=(0, 1)) for a in areas], axis=0)
    corners = grid.index([low, high])
    (r0, c0), (r1, c1) = np.clip(corners + np.array([[0], [1]]), 0, [grid.ny, grid.nx])
    return None if r1 <= r0 or c1 <= c0 else (int(r0), int(r1), int(c0), int(c1))


def _inside(polygons: FloatArray, grid: Grid) -> BoolArray:
    """(n, ny, nx) whether the middle of each cell lies in each of (n, k, 2) polygons.

    Along a row, every side that is crossed turns outside into inside or back (even-odd rule).
    """
    n = len(polygons)
    x_middle, y_middle = grid.centres()
    x, y = polygons[..., 0], polygons[..., 1]
    x2, y2 = np.roll(x, -1, axis=1), np.roll(y, -1, axis=1)
    crosses = (y[..., None] <= y_middle) != (y2[..., None] <= y_middle)
    which, side, row = np.nonzero(crosses)
    x0, y0 = x[which, side], y[which, side]
    at = x0 + (y_middle[row] - y0) * (x2[which, side] - x0) / (y2[which, side] - y0)
    column = np.clip(np.ceil((at - x_middle[0]) / grid.cell_m), 0, grid.nx).astype(np.int64)
    turns = np.zeros((n, grid.ny, grid.nx + 1), dtype=np.bool_)
    np.logical_xor.at(turns, (which, row, column), True)
    return np.asarray(np.logical_xor.accumulate(turns, axis=2)[..., :-1])
