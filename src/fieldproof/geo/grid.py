"""Rasters: square cells over a local plane, and how much of each cell a shape covers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Grid:
    """Square cells of a local plane. Arrays over it have the shape (ny, nx), row 0 in the south.

    Attributes:
        west_m: x of the western edge of column 0.
        south_m: y of the southern edge of row 0.
        cell_m: side of a cell.
        nx: columns.
        ny: rows.

    """

    west_m: float
    south_m: float
    cell_m: float
    nx: int
    ny: int

    @classmethod
    def around(cls, bounds: tuple[float, float, float, float], cell_m: float,
               margin_m: float = 0.0) -> Grid:
        """Make the smallest grid that holds `bounds` (west, south, east, north) and a margin.

        Its edges stand on multiples of `cell_m`, so that grids of one plane fit each other.
        """
        west = np.floor((bounds[0] - margin_m) / cell_m) * cell_m
        south = np.floor((bounds[1] - margin_m) / cell_m) * cell_m
        nx = int(np.ceil((bounds[2] + margin_m - west) / cell_m))
        ny = int(np.ceil((bounds[3] + margin_m - south) / cell_m))
        return cls(float(west), float(south), cell_m, max(nx, 1), max(ny, 1))

    @property
    def shape(self) -> tuple[int, int]:
        """(ny, nx)."""
        return self.ny, self.nx

    @property
    def cell_area_m2(self) -> float:
        """Area of a cell in square metres."""
        return self.cell_m * self.cell_m

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(west, south, east, north) in metres."""
        return (self.west_m, self.south_m,
                self.west_m + self.nx * self.cell_m, self.south_m + self.ny * self.cell_m)

    def centres(self) -> tuple[FloatArray, FloatArray]:
        """X of the columns (nx,) and y of the rows (ny,), at the centres of cells, metres."""
        x = self.west_m + (np.arange(self.nx, dtype=np.float64) + 0.5) * self.cell_m
        y = self.south_m + (np.arange(self.ny, dtype=np.float64) + 0.5) * self.cell_m
        return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)

    def index(self, xy: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """(n, 2) row and column of the cell that holds each of (n, 2) points; may lie outside."""
        points = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
        column = np.floor((points[:, 0] - self.west_m) / self.cell_m)
        row = np.floor((points[:, 1] - self.south_m) / self.cell_m)
        return np.stack([row, column], axis=-1).astype(np.int64)


def inside_fraction(shape: BaseGeometry, grid: Grid, samples: int = 4) -> FloatArray:
    """Share of each cell that lies in `shape`: (ny, nx), 0 to 1.

    Each cell is probed at `samples` x `samples` regular points. In a cell that one straight edge
    crosses the share is exact to 1 / samples; a strip narrower than cell_m / samples can slip
    between the points, so a shape that must not be lost is buffered first.
    """
    out = np.zeros(grid.shape)
    if shape.is_empty:
        return out
    west, south, east, north = shape.bounds
    corners = grid.index([(west, south), (east, north)])
    r0, c0 = np.clip(corners[0], 0, [grid.ny, grid.nx])
    r1, c1 = np.clip(corners[1] + 1, 0, [grid.ny, grid.nx])
    if r1 <= r0 or c1 <= c0:
        return out
    step = grid.cell_m / samples
    x = grid.west_m + c0 * grid.cell_m + (np.arange((c1 - c0) * samples) + 0.5) * step
    y = grid.south_m + r0 * grid.cell_m + (np.arange((r1 - r0) * samples) + 0.5) * step
    shapely.prepare(shape)
    xx, yy = np.meshgrid(x, y)
    inside = shapely.contains_xy(shape, xx.ravel(), yy.ravel())
    blocks = inside.reshape(r1 - r0, samples, c1 - c0, samples)
    out[r0:r1, c0:c1] = blocks.mean(axis=(1, 3))
    return out
