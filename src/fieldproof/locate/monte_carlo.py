"""Draws of where a located record may lie, and the areas that corners stand for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely
from scipy.linalg import block_diag
from shapely.geometry.base import BaseGeometry

from fieldproof.errors import GeometryError
from fieldproof.locate.types import LocatedPart, LocatedRecord

FloatArray = npt.NDArray[np.float64]


def joint_covariance(located: LocatedRecord) -> FloatArray:
    """(2N, 2N) m² of the corners of all parts in their order."""
    if located.covariance is not None:
        return located.covariance
    return np.asarray(block_diag(*[p.covariance for p in located.parts]), dtype=np.float64)


def draw_vertices(
    located: LocatedRecord, n_draws: int, rng: np.random.Generator
) -> list[FloatArray]:
    """For each part (n_draws, n, 2) corners drawn from its error, plane metres.

    Draw i of one part and draw i of another belong together: parts share the errors of their
    landmark, of the compass and of the pace.

    Raises:
        GeometryError: a record that was not located, or no draws.

    """
    if not located.parts:
        raise GeometryError(f"record {located.record_id} was not located; it has no corners")
    if n_draws < 1:
        raise GeometryError(f"{n_draws} draws asked for; one or more would be right")
    values, vectors = np.linalg.eigh(joint_covariance(located))
    root = vectors * np.sqrt(np.clip(values, 0.0, None))
    noise = (rng.standard_normal((n_draws, len(root))) @ root.T).reshape(n_draws, -1, 2)
    ends = np.cumsum([len(p.vertices) for p in located.parts])
    pieces = np.split(noise, ends[:-1], axis=1)
    return [
        np.asarray(part.vertices + piece)
        for part, piece in zip(located.parts, pieces, strict=True)
    ]


def part_shape(vertices: FloatArray) -> BaseGeometry:
    """Point, line or polygon of (n, 2) corners in order.

    A perimeter that crosses itself stands for the convex area around it: the larger area is the
    safe one.
    """
    if len(vertices) == 1:
        return shapely.Point(vertices[0])
    if len(vertices) == 2:
        return shapely.LineString(vertices)
    polygon = shapely.Polygon(vertices)
    return polygon if polygon.is_valid else polygon.convex_hull


def recorded_shape(parts: Sequence[LocatedPart]) -> BaseGeometry:
    """The recorded area at its best estimate, all parts together, plane metres; always valid."""
    shapes = [part_shape(p.vertices) for p in parts]
    return shapes[0] if len(shapes) == 1 else shapely.GeometryCollection(shapes)
