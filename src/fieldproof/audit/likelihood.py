"""The likelihood of what was found, for every shift of a record at once.

Devices found are a thinned inhomogeneous Poisson process [diggle-2013] of intensity

    lambda(x) = c(x) [ rho N M(x - t) / A + eta N R(x - t) / A_R + beta ]
    log L     = sum over finds of log lambda(x_i) - integral of lambda

c is the probability of having been found (0 where nobody looked, so that absence says nothing
there), M the soft membership of the recorded area, R a ring around it, N the recorded number, t
the shift, rho the share present, eta unrecorded over recorded, beta a background. c(x_i) is the
same for all t, rho, eta and beta, and drops out.

t runs over all shifts of whole cells. The integral is a correlation of c with M and with R, done
by FFT. The sum hangs only on how many finds fall on each level of M and R, so it is a count for
each shift, once, and then a matrix product for all rho, eta and beta. Nothing is sampled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.ndimage import distance_transform_edt, gaussian_filter
from scipy.signal import correlate

from fieldproof.audit.evidence import RecordEvidence
from fieldproof.errors import ModelError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

#: Unrecorded devices are looked for in a ring around the recorded area. It fades out over these
#: distances, metres: a sharp edge would make its devices tell more of the shift than they know.
RING_FADES_M: Final = (120.0, 180.0)
#: Levels into which membership, and the ring, are sorted where finds are counted.
SOFT_LEVELS: Final = np.array([0.01, 0.03, 0.08, 0.18, 0.32, 0.5, 0.68, 0.85, 0.97])
RING_LEVELS: Final = np.array([0.05, 0.35, 0.75])
#: Exposures that differ by less, in expected finds, are taken as one.
EXPOSURE_STEP: Final = 0.01


@dataclass(frozen=True, slots=True)
class Shape:
    """The record as the model sees it, before it is shifted.

    Attributes:
        soft: (ny, nx) membership.
        ring: (ny, nx) the ring around it, 1 in the ring, soft at both edges.
        kinds: (ny, nx) kind of each cell: level of membership and of ring, 0 is neither.
        inside: (kinds,) recorded devices per m² where a find of this kind lies, at rho = 1.
        around: (kinds,) the same for the ring, at eta = 1.

    """

    soft: FloatArray
    ring: FloatArray
    kinds: IntArray
    inside: FloatArray
    around: FloatArray


@dataclass(frozen=True, slots=True)
class ShiftTable:
    """What the likelihood needs of every shift; shifts that are alike share a row.

    Attributes:
        cells: (h,) shifts along each axis, in cells, -reach to reach.
        row_of: (h * h,) row of each shift, north-major.
        counts: (rows, kinds) finds on each kind of cell.
        expected_in: (rows,) finds expected of the recorded devices at rho = 1.
        expected_ring: (rows,) finds expected of the ring at eta = 1.
        searched_m2: area searched times the probability of detection.

    """

    cells: IntArray
    row_of: IntArray
    counts: FloatArray
    expected_in: FloatArray
    expected_ring: FloatArray
    searched_m2: float


def record_shape(evidence: RecordEvidence) -> Shape:
    """Work out the record's soft area, its ring, and the kinds of cells for its finds.

    Raises:
        ModelError: the record covers no cell of its grid.

    """
    cell, n = evidence.grid.cell_m, evidence.devices
    soft = np.clip(evidence.membership, 0.0, 1.0)
    if soft.sum() <= 0:
        raise ModelError(f"record {evidence.record_id} covers no cell of its grid")
    core = soft >= 0.5 * soft.max()
    away = np.asarray(distance_transform_edt(~core)) * cell
    ring = (1.0 - soft) * np.interp(away, RING_FADES_M, (1.0, 0.0))
    # a find is seen with its own error, and shifts come in whole cells
    blur = float(np.hypot(evidence.find_sigma_m, cell / 2)) / cell
    seen: FloatArray = gaussian_filter(soft, blur, mode="constant")
    seen_ring: FloatArray = gaussian_filter(ring, blur, mode="constant")
    level = np.digitize(seen, SOFT_LEVELS) * (len(RING_LEVELS) + 1)
    _, kinds = np.unique(level + np.digitize(seen_ring, RING_LEVELS), return_inverse=True)
    kinds = kinds.reshape(soft.shape)
    sizes = np.maximum(np.bincount(kinds.ravel()), 1)
    inside = np.bincount(kinds.ravel(), seen.ravel()) / sizes
    around = np.bincount(kinds.ravel(), seen_ring.ravel()) / sizes
    inside[0] = around[0] = 0.0  # below both first levels: outside
    cell_m2 = evidence.grid.cell_area_m2
    return Shape(soft, ring, kinds.astype(np.int64), inside * n / (soft.sum() * cell_m2),
                 around * n / (max(float(ring.sum()), 1.0) * cell_m2))


def shift_table(evidence: RecordEvidence, shape: Shape, reach_m: float) -> ShiftTable:
    """Count finds and expected finds for every shift up to `reach_m` along each axis."""
    reach = int(reach_m // evidence.grid.cell_m)
    cells = np.arange(-reach, reach + 1)
    n = evidence.devices
    expected_in = n * mean_detection(evidence.detection, shape.soft, reach)
    expected_ring = n * mean_detection(evidence.detection, shape.ring, reach)
    counts = _counts(evidence, shape, reach)
    key = np.column_stack([
        counts, np.rint(expected_in.ravel() / EXPOSURE_STEP),
        np.rint(expected_ring.ravel() / EXPOSURE_STEP),
    ])
    first, row_of = _same_rows(key.astype(np.int64))
    return ShiftTable(
        cells, row_of, counts[first].astype(np.float64), expected_in.ravel()[first],
        expected_ring.ravel()[first], float(evidence.detection.sum() * evidence.grid.cell_area_m2),
    )


def mean_detection(detection: FloatArray, shape: FloatArray, reach: int) -> FloatArray:
    """(h, h) mean of `detection` over `shape` moved by each shift: one correlation for all."""
    rows, columns = np.flatnonzero(shape.any(axis=1)), np.flatnonzero(shape.any(axis=0))
    if not len(rows) or not detection.any():
        return np.zeros((2 * reach + 1, 2 * reach + 1))
    r0, r1, c0, c1 = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    window = np.pad(detection, reach)[r0:r1 + 2 * reach, c0:c1 + 2 * reach]
    kernel = shape[r0:r1, c0:c1]
    out = correlate(window, kernel, mode="valid", method="fft") / kernel.sum()
    return np.asarray(np.clip(out, 0.0, 1.0))


def _counts(evidence: RecordEvidence, shape: Shape, reach: int) -> npt.NDArray[np.float32]:
    """(shifts, kinds) finds that fall on each kind of cell when the record is moved."""
    size = 2 * reach + 1
    counts = np.zeros((len(shape.inside), size, size), dtype=np.float32)
    touched = shape.kinds > 0
    rows, columns = np.flatnonzero(touched.any(axis=1)), np.flatnonzero(touched.any(axis=0))
    r0, r1, c0, c1 = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    # moving the record by t shows a find the cell where it lies, less t
    turned = shape.kinds[r0:r1, c0:c1][::-1, ::-1]
    places, many = np.unique(evidence.grid.index(evidence.finds_xy), axis=0, return_counts=True)
    for (row, column), number in zip(places, many, strict=True):
        top, left = row - r1 + 1 + reach, column - c1 + 1 + reach
        a, b = max(top, 0), min(top + turned.shape[0], size)
        c, d = max(left, 0), min(left + turned.shape[1], size)
        if a >= b or c >= d:
            continue
        kinds = turned[a - top:b - top, c - left:d - left]
        counts[kinds, np.arange(a, b)[:, None], np.arange(c, d)[None, :]] += number
    counts[0] = len(evidence.finds_xy) - counts[1:].sum(axis=0)
    return np.ascontiguousarray(counts.reshape(len(counts), -1).T)


def _same_rows(key: IntArray) -> tuple[IntArray, IntArray]:
    """First place of each distinct row of `key`, and the distinct row of each place."""
    rng = np.random.default_rng(7)  # fixed: it only mixes the columns into one number
    mix = rng.integers(1, 2**62, key.shape[1], dtype=np.int64) | 1
    with np.errstate(over="ignore"):
        mixed = (key * mix).sum(axis=1)
    _, first, row_of = np.unique(mixed, return_index=True, return_inverse=True)
    return first, row_of


def log_likelihood(
    table: ShiftTable, shape: Shape, rho: FloatArray, eta: FloatArray, beta_per_m2: FloatArray,
    factor: FloatArray, rows: IntArray | None = None,
) -> npt.NDArray[np.float32]:
    """(rows, nodes) log likelihood of combinations of the parameters, less a constant of the finds.

    Args:
        table: of all shifts.
        shape: of the record.
        rho: (nodes,) share present.
        eta: (nodes,) unrecorded over recorded.
        beta_per_m2: (nodes,) background.
        factor: (nodes,) by which the true probability of detection differs from the stated one.
        rows: of `table`; None: all.

    """
    pick = slice(None) if rows is None else rows
    rate = rho[:, None] * shape.inside + eta[:, None] * shape.around + beta_per_m2[:, None]
    # finds expected of the background are the same for all shifts, not for all nodes
    terms = np.column_stack([
        np.log(rate * factor[:, None] * 1e6), -rho * factor, -eta * factor,
        -beta_per_m2 * factor * table.searched_m2,
    ])
    left = np.column_stack([
        table.counts[pick], table.expected_in[pick], table.expected_ring[pick],
        np.ones(len(table.expected_in[pick])),
    ])
    return np.asarray(left.astype(np.float32) @ terms.T.astype(np.float32))
