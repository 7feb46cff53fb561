"""The posterior of a record: where it lies, how much of it is there, how much is not on it.

Devices found are a thinned inhomogeneous Poisson process [diggle-2013] of intensity

    lambda(x) = c(x) [ rho N M(x - t) / A + eta N R(x - t) / A_R + beta ]
    log L     = sum over finds of log lambda(x_i) - integral of lambda

c is the probability of having been found (0 where nobody looked, so that absence says nothing
there), M the soft membership of the recorded area, R a ring around it, N the recorded number, t a
shift, rho the share present, eta unrecorded over recorded, beta a background. t runs over all
shifts of whole cells within reach; rho and eta over nodes. Nothing is sampled, so the same input
gives the same output. Soft edges matter: with hard ones the class probabilities are miscalibrated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter
from scipy.signal import correlate

from fieldproof.audit.evidence import RecordEvidence
from fieldproof.audit.prior import ETA_NODES, RHO_NODES, Prior
from fieldproof.audit.status import Thresholds
from fieldproof.errors import ModelError

FloatArray = npt.NDArray[np.float64]

#: Log of how much less likely than the best a shift must be to be left out.
NEGLIGIBLE: Final = 30.0
#: Levels into which the membership of a find's cell is sorted.
LEVELS: Final = np.array([0.02, 0.1, 0.25, 0.45, 0.65, 0.85, 0.97])


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is held of a record after looking at the ground.

    Attributes:
        classes: (5,) probability of each decided status, order of `status.DECIDED`.
        prior_classes: (5,) before looking.
        likelihoods: (5,) classes / prior_classes: the evidence alone, whatever the prior.
        shift: (h, w) probability of each shift, given that the record is present.
        shift_cells: (h,) cells that the rows, and columns, of `shift` stand for.
        rho: (21,) probability of each node of the share present.
        eta: (9,) probability of each node of unrecorded / recorded.
        expected_finds: finds that the searches would have made of an accurate record.
        log_evidence: log of the marginal likelihood, up to a constant of the finds.

    """

    classes: FloatArray
    prior_classes: FloatArray
    likelihoods: FloatArray
    shift: FloatArray
    shift_cells: npt.NDArray[np.int64]
    rho: FloatArray
    eta: FloatArray
    expected_finds: float
    log_evidence: float


def posterior(evidence: RecordEvidence, thresholds: Thresholds, prior: Prior) -> Posterior:
    """Work out the posterior of a record under one prior; see `posteriors`."""
    return posteriors(evidence, thresholds, [prior])[0]


def posteriors(
    evidence: RecordEvidence, thresholds: Thresholds, priors: Sequence[Prior]
) -> list[Posterior]:
    """Work out the posterior of a record under each of some priors.

    The likelihood is worked out once; the priors must agree on the reach of shifts and on the
    background, which are part of it.

    Raises:
        ModelError: a record that states no devices, or priors that do not agree.

    """
    if evidence.devices_recorded <= 0:
        raise ModelError(f"record {evidence.record_id} states no number of devices")
    if len({(p.shift_max_m, p.background_per_m2) for p in priors}) != 1:
        raise ModelError("priors of one audit must share shift_max_m and background_per_m2")
    cells = _shift_cells(evidence, priors[0])
    soft, ring = _blurred(evidence), np.clip(evidence.ring, 0.0, 1.0)
    exposure_in = _exposure(evidence.detection, soft, cells)
    exposure_ring = _exposure(evidence.detection, ring, cells)
    log_like = _log_likelihood(evidence, soft, ring, cells, exposure_in, exposure_ring, priors[0])
    middle = len(cells) // 2
    expected = float(evidence.devices_recorded * exposure_in[middle, middle])
    return [_weigh(evidence, thresholds, prior, cells, log_like, expected) for prior in priors]


def _weigh(
    evidence: RecordEvidence, thresholds: Thresholds, prior: Prior,
    cells: npt.NDArray[np.int64], log_like: FloatArray, expected: float,
) -> Posterior:
    """Likelihood times prior, summed over the regions of the statuses."""
    shift_prior = _shift_prior(evidence, cells, prior)
    nodes = prior.rho_weights()[:, None] * prior.eta_weights()
    nodes = nodes / nodes.sum()
    away = _distance_m(evidence, cells).ravel() > thresholds.shift_m
    best = log_like.max(axis=(1, 2)) + np.log(np.maximum(shift_prior.ravel(), 1e-300))
    top = float(best.max())
    # shifts that together cannot hold 1e-9 of the whole are left out
    kept = np.flatnonzero(best > top - NEGLIGIBLE)
    joint = np.exp(log_like[kept] - top) * nodes * shift_prior.ravel()[kept, None, None]
    total = float(joint.sum())
    joint /= total
    classes = _classes(joint, away[kept], thresholds)
    near = float(shift_prior.ravel()[~away].sum())
    prior_classes = _classes(
        np.stack([near * nodes, (1.0 - near) * nodes]), np.array([False, True]), thresholds
    )
    return Posterior(
        classes, prior_classes, classes / np.maximum(prior_classes, 1e-300),
        _shift_posterior(joint, kept, shift_prior.shape, thresholds), cells,
        joint.sum(axis=(0, 2)), joint.sum(axis=(0, 1)), expected, top + float(np.log(total)),
    )


def _shift_cells(evidence: RecordEvidence, prior: Prior) -> npt.NDArray[np.int64]:
    reach = int(prior.shift_max_m // evidence.grid.cell_m)
    return np.arange(-reach, reach + 1)


def _blurred(evidence: RecordEvidence) -> FloatArray:
    """Membership as a find sees it: with the error of the find's own place."""
    sigma = evidence.find_sigma_m / evidence.grid.cell_m
    blurred: FloatArray = gaussian_filter(evidence.membership, sigma, mode="constant")
    if blurred.sum() <= 0:
        raise ModelError(f"record {evidence.record_id} covers no cell of its grid")
    return np.asarray(np.clip(blurred, 0.0, 1.0))


def _exposure(
    detection: FloatArray, shape: FloatArray, cells: npt.NDArray[np.int64]
) -> FloatArray:
    """(h, w) mean detection over `shape` moved by each shift: one correlation for all."""
    reach = int(cells[-1])
    rows, columns = np.flatnonzero(shape.any(axis=1)), np.flatnonzero(shape.any(axis=0))
    if not len(rows):
        return np.zeros((len(cells), len(cells)))
    r0, r1, c0, c1 = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    padded = np.pad(detection, reach)
    window = padded[r0:r1 + 2 * reach, c0:c1 + 2 * reach]
    kernel = shape[r0:r1, c0:c1]
    out = correlate(window, kernel, mode="valid", method="fft") / kernel.sum()
    return np.asarray(np.clip(out, 0.0, 1.0))


def _log_likelihood(
    evidence: RecordEvidence, soft: FloatArray, ring: FloatArray,
    cells: npt.NDArray[np.int64], exposure_in: FloatArray, exposure_ring: FloatArray,
    prior: Prior,
) -> FloatArray:
    """(shifts, rho nodes, eta nodes), up to a constant that all share."""
    n, cell_area = evidence.devices_recorded, evidence.grid.cell_area_m2
    kinds, soft_of, ring_of = _kinds(soft, ring)
    inside = soft_of * n / (soft.sum() * cell_area)
    around = ring_of * n / max(ring.sum() * cell_area, cell_area)
    rate = (
        RHO_NODES[:, None, None] * inside + ETA_NODES[None, :, None] * around
        + prior.background_per_m2
    )
    counts = _counts(evidence, kinds, len(soft_of), cells)
    flat = np.log(rate).reshape(-1, len(soft_of))
    out: FloatArray = (counts @ flat.T).reshape(len(counts), len(RHO_NODES), len(ETA_NODES))
    out -= n * exposure_in.ravel()[:, None, None] * RHO_NODES[None, :, None]
    out -= n * exposure_ring.ravel()[:, None, None] * ETA_NODES[None, None, :]
    return out


def _kinds(soft: FloatArray, ring: FloatArray
           ) -> tuple[npt.NDArray[np.int64], FloatArray, FloatArray]:
    """Kind of each cell, and the membership and the ring that stand for each kind.

    A find adds the log of a rate that hangs on its cell's kind alone, so finds are counted by
    kind once for each shift, whatever rho and eta.
    """
    level = np.digitize(soft, LEVELS)
    kinds = level * 2 + (ring > 0.5)
    n_kinds = 2 * (len(LEVELS) + 1)
    sums = np.bincount(kinds.ravel(), soft.ravel(), n_kinds)
    sizes = np.bincount(kinds.ravel(), minlength=n_kinds)
    mean = sums / np.maximum(sizes, 1)
    mean[:2] = 0.0  # below the first level a cell is outside
    return kinds.astype(np.int64), mean, np.tile([0.0, 1.0], n_kinds // 2)


def _counts(
    evidence: RecordEvidence, kinds: npt.NDArray[np.int64], n_kinds: int,
    cells: npt.NDArray[np.int64],
) -> FloatArray:
    """(shifts, kinds) finds that fall on each kind of cell when the record is moved."""
    reach, size = int(cells[-1]), len(cells)
    padded = np.pad(kinds, reach)  # kind 0: outside everything
    counts = np.zeros((size * size, n_kinds))
    every = np.arange(size * size)
    for row, column in evidence.grid.index(evidence.finds_xy):
        # moving the record by t puts the find where it was, less t
        seen = padded[row:row + size, column:column + size][::-1, ::-1]
        counts[every, seen.ravel()] += 1.0
    return counts


def _distance_m(evidence: RecordEvidence, cells: npt.NDArray[np.int64]) -> FloatArray:
    metres = cells * evidence.grid.cell_m
    return np.asarray(np.hypot(*np.meshgrid(metres, metres, indexing="ij")))


def _shift_prior(
    evidence: RecordEvidence, cells: npt.NDArray[np.int64], prior: Prior
) -> FloatArray:
    """(h, w) prior of each shift: the error budget, and a share that it does not explain."""
    metres = cells * evidence.grid.cell_m
    north, east = np.meshgrid(metres, metres, indexing="ij")
    # half a cell of width keeps a well-known record from falling between the cells
    cov = evidence.shift_covariance + np.eye(2) * (evidence.grid.cell_m / 2) ** 2
    inverse = np.linalg.inv(cov)
    square = inverse[0, 0] * east**2 + 2 * inverse[0, 1] * east * north + inverse[1, 1] * north**2
    budget = np.exp(-square / 2)
    radius = np.hypot(east, north)
    beyond = np.where(
        (radius >= prior.shift_min_m) & (radius <= prior.shift_max_m),
        1.0 / np.maximum(radius, 1.0) ** 2, 0.0,
    )
    inside, outside = budget / budget.sum(), beyond / beyond.sum()
    return np.asarray(prior.in_budget * inside + (1 - prior.in_budget) * outside)


def _classes(joint: FloatArray, away: npt.NDArray[np.bool_], limits: Thresholds) -> FloatArray:
    """(5,) mass of each status's region; the order is `status.DECIDED`."""
    gone = limits.rho_unsupported > RHO_NODES
    few = ~gone & (limits.rho_present > RHO_NODES)
    present = ~gone & ~few
    more = limits.eta_incomplete <= ETA_NODES
    near = joint[~away][:, present]
    return np.array([
        near[:, :, ~more].sum(),
        joint[away][:, present].sum(),
        near[:, :, more].sum(),
        joint[:, few].sum(),
        joint[:, gone].sum(),
    ])


def _shift_posterior(
    joint: FloatArray, kept: npt.NDArray[np.intp], shape: tuple[int, ...], limits: Thresholds
) -> FloatArray:
    """(h, w) shift given that the record is present, smoothed by half a cell."""
    present = np.zeros(int(np.prod(shape)))
    present[kept] = joint[:, limits.rho_present <= RHO_NODES].sum(axis=(1, 2))
    smooth: FloatArray = gaussian_filter(present.reshape(shape), 0.5, mode="constant")
    total = smooth.sum()
    return np.asarray(smooth / total) if total > 0 else smooth
