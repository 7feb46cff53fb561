"""Made-up minefields: outlines, devices in rows, and what became of them.

Everything is in metres of a plane of the district's own. No code is shared with locating or with
the audit: what is tested on this must not be built from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import shapely

FloatArray = npt.NDArray[np.float64]


class Truth(StrEnum):
    """What is true of a made-up record."""

    ACCURATE = "accurate"
    DISPLACED = "displaced"
    MISREAD = "misread"
    INCOMPLETE = "incomplete"
    DEPLETED = "depleted"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Field:
    """A field as its unit believed it to be, and the devices that are really there.

    Attributes:
        corners: (n, 2) outline as believed, metres.
        planned: (m, 2) devices as the form counts them, metres.
        devices: (k, 2) devices really there, unrecorded ones included, metres.
        shift: (2,) by which the real field lies away from the believed one, metres.
        rows: number of rows.
        spacing_m: between devices of a row.

    """

    corners: FloatArray
    planned: FloatArray
    devices: FloatArray
    shift: FloatArray
    rows: int
    spacing_m: float


def make_field(centre: FloatArray, truth: Truth, rng: np.random.Generator) -> Field:
    """Make a field of a kind around a place."""
    front, depth = rng.uniform(180, 380), rng.uniform(25, 80)
    rows, spacing = int(rng.integers(1, 4)), float(rng.choice([4.0, 6.0, 8.0]))
    turn = rng.uniform(0, 2 * np.pi)
    corners = _outline(front, depth, rng)
    planned = _rows(front, depth, rows, spacing, rng)
    planned = planned[shapely.contains_xy(shapely.Polygon(corners), planned[:, 0], planned[:, 1])]
    corners, planned = _place(corners, turn, centre), _place(planned, turn, centre)
    shift = _shift(truth, rng)
    devices = planned[rng.random(len(planned)) < _share_present(truth, rng)] + shift
    if truth is Truth.INCOMPLETE:
        devices = np.concatenate([devices, _around(corners, len(planned), rng)])
    return Field(corners, planned, devices, shift, rows, spacing)


def _outline(front: float, depth: float, rng: np.random.Generator) -> FloatArray:
    """A strip, or in one case of four an uneven outline of five to seven corners."""
    x, y = front / 2, depth / 2
    if rng.random() > 0.25:
        return np.array([(-x, -y), (-x, y), (x, y), (x, -y)])
    inner = np.sort(rng.uniform(-0.7 * x, 0.7 * x, int(rng.integers(1, 4))))
    top = [(float(t), y * rng.uniform(0.9, 1.5)) for t in inner]
    return np.array([(-x, -y), (-x, y), *top, (x, y), (x, -y)])


def _rows(front: float, depth: float, rows: int, spacing: float, rng: np.random.Generator
          ) -> FloatArray:
    along = np.arange(-front / 2 + spacing / 2, front / 2, spacing)
    across = (np.arange(rows) + 0.5) / rows * depth - depth / 2
    lattice = np.array([(a, b) for b in across for a in along])
    return lattice + rng.normal(0.0, 0.6, lattice.shape)


def _place(points: FloatArray, turn: float, centre: FloatArray) -> FloatArray:
    rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return np.asarray(points @ rotation + centre)


def _shift(truth: Truth, rng: np.random.Generator) -> FloatArray:
    if truth is not Truth.DISPLACED:
        return np.zeros(2)
    length, way = rng.uniform(90, 450), rng.uniform(0, 2 * np.pi)
    return np.array([length * np.sin(way), length * np.cos(way)])


def _share_present(truth: Truth, rng: np.random.Generator) -> float:
    if truth is Truth.UNSUPPORTED:
        return 0.0
    if truth is Truth.DEPLETED:
        return float(rng.uniform(0.08, 0.22))
    return float(rng.uniform(0.7, 0.98))


def _around(corners: FloatArray, n_recorded: int, rng: np.random.Generator) -> FloatArray:
    """Devices that no form lists, 8 to 110 m outside the outline."""
    outline = shapely.Polygon(corners)
    band = outline.buffer(110).difference(outline.buffer(8))
    west, south, east, north = band.bounds
    wanted = int(n_recorded * rng.uniform(0.5, 1.1))
    found: list[FloatArray] = []
    while sum(map(len, found)) < wanted:
        tried = rng.uniform((west, south), (east, north), (4 * wanted + 8, 2))
        found.append(tried[shapely.contains_xy(band, tried[:, 0], tried[:, 1])])
    return np.concatenate(found)[:wanted]
