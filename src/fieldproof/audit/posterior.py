"""The posterior of a record: where it lies, how much of it is there, how much is not on it.

The likelihood of `likelihood.py` on a lattice of shifts and of nodes of rho, eta and the
background, times the prior, summed. No sampling, so the same input gives the same output. Soft
edges of the recorded area matter: with hard ones class probabilities are miscalibrated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from fieldproof.audit.evidence import RecordEvidence
from fieldproof.audit.likelihood import (
    Shape,
    ShiftTable,
    log_likelihood,
    record_shape,
    shift_table,
)
from fieldproof.audit.prior import Nodes, Prior, eta_weights, nodes_for, rho_weights
from fieldproof.audit.status import Thresholds
from fieldproof.errors import ModelError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

#: Radii that part the displacement, metres; the limit in force becomes one more.
RADII_M: Final = (10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 75.0, 100.0, 125.0, 150.0, 200.0, 300.0)
#: Shifts whose best log likelihood on every fourth node is this far below the best are left out.
NEGLIGIBLE: Final = 25.0
#: Log of the largest factor that double precision is given.
LARGEST_LOG: Final = 690.0
#: Rows times nodes that are worked on at a time.
BLOCK: Final = 2_000_000
#: Columns of the six regions in which the record is present.
PRESENT: Final = slice(4, 6)


@dataclass(frozen=True, slots=True)
class Regions:
    """Probability by ring of displacement, share present and share unrecorded.

    Attributes:
        radii_m: (k,) outer radius of each ring but the last, which is open.
        mass: (k + 1, 3, 2) by ring; rho unsupported, depleted, present; eta below, above limit.

    """

    radii_m: FloatArray
    mass: FloatArray

    def classes(self, shift_m: float) -> FloatArray:
        """(5,) probability of each status of `status.DECIDED` for a limit of displacement.

        Raises:
            ModelError: a limit that is not one of `radii_m`.

        """
        at = np.flatnonzero(np.isclose(self.radii_m, shift_m))
        if not len(at):
            raise ModelError(f"a limit of {shift_m:g} m is not among those kept: "
                             f"{', '.join(f'{r:g}' for r in self.radii_m)}")
        near, far = self.mass[:at[0] + 1].sum(axis=0), self.mass[at[0] + 1:].sum(axis=0)
        both = near + far
        return np.array([near[2, 0], far[2].sum(), near[2, 1], both[1].sum(), both[0].sum()])


@dataclass(frozen=True, slots=True)
class Part:
    """The posterior under one prior.

    Attributes:
        regions: probabilities by region.
        prior_regions: the same before looking.
        log_evidence: log of the marginal likelihood, less what all priors share.
        shift: (h, h) probability of each shift, given that the record is present; row 0 is
            the southernmost.
        rho: (r,) probability of each node of rho.
        eta: (e,) probability of each node of eta.
        expected_finds: finds that the searches would have made of an accurate record.

    """

    regions: Regions
    prior_regions: Regions
    log_evidence: float
    shift: FloatArray
    rho: FloatArray
    eta: FloatArray
    expected_finds: float

    def evidence(self, shift_m: float) -> FloatArray:
        """(5,) posterior / prior of each status: what the ground says, whatever its prior share."""
        after, before = self.regions.classes(shift_m), self.prior_regions.classes(shift_m)
        return np.divide(after, before, out=np.zeros(len(after)), where=before > 0)


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is held of a record after looking at the ground.

    Attributes:
        parts: prior's name -> the posterior under it.
        shift_cells_m: (h,) metres that the rows, and the columns, of `Part.shift` stand for.
        nodes: of rho and eta.

    """

    parts: dict[str, Part]
    shift_cells_m: FloatArray
    nodes: Nodes


def posterior(
    evidence: RecordEvidence, thresholds: Thresholds, priors: Sequence[Prior]
) -> Posterior:
    """Work out the posterior of a record under each of `priors`.

    The likelihood is worked out once for all; they must share reach and background values.

    Raises:
        ModelError: a record that states no devices; priors that cannot share a likelihood.

    """
    first = priors[0]
    for p in priors:
        if (p.shift_max_m, p.background_per_km2) != (first.shift_max_m, first.background_per_km2):
            raise ModelError(f"prior {p.name} has another reach or background than {first.name}")
    return _Work(evidence, thresholds, priors).result()


class _Work:
    """The tables that the steps of one posterior share."""

    def __init__(
        self, evidence: RecordEvidence, thresholds: Thresholds, priors: Sequence[Prior]
    ) -> None:
        self.evidence, self.limits, self.priors = evidence, thresholds, priors
        self.nodes = nodes_for(thresholds)
        self.shape: Shape = record_shape(evidence)
        self.table: ShiftTable = shift_table(evidence, self.shape, priors[0].shift_max_m)
        self.metres: FloatArray = (self.table.cells * evidence.grid.cell_m).astype(np.float64)
        self.shift_priors = np.array([
            shift_prior(evidence.shift_covariance, self.metres, evidence.grid.cell_m, p).ravel()
            for p in priors
        ])
        distance = np.hypot(*np.meshgrid(self.metres, self.metres, indexing="ij")).ravel()
        self.within = distance <= thresholds.shift_m
        self._combine()

    def _combine(self) -> None:
        """Lay out all combinations of rho, eta, background and detection, with their weights."""
        n, first = self.nodes, self.priors[0]
        beta = np.array(first.background_per_km2) * 1e-6
        factor, factor_weight = _detection_factors(self.evidence)
        index = np.indices((len(n.rho), len(n.eta), len(beta), len(factor))).reshape(4, -1)
        self.index = index
        self.values = (n.rho[index[0]], n.eta[index[1]], beta[index[2]], factor[index[3]])
        self.weights = np.array([
            rho_weights(p, self.limits)[index[0]] * eta_weights(p, self.limits)[index[1]]
            * np.array(p.background_weights)[index[2]] * factor_weight[index[3]]
            for p in self.priors
        ])
        rho, eta = self.values[0], self.values[1]
        # nodes stand inside bins that no threshold cuts
        level = ((rho >= self.limits.rho_unsupported).astype(int)
                 + (rho >= self.limits.rho_present).astype(int))
        self.region = level * 2 + (eta >= self.limits.eta_incomplete)

    def result(self) -> Posterior:
        """Sum the joint posterior in every way that is asked for."""
        by_row, by_node, top = self._integrate()
        radii, rings = self._rings()
        parts = {}
        for i, p in enumerate(self.priors):
            joint = self.shift_priors[i][:, None] * by_row[self.table.row_of, i]
            total = float(joint.sum())
            before = self.shift_priors[i][:, None] * (self.weights[i] @ self._one_hot())
            rho, eta = self._marginals(by_node[i])
            parts[p.name] = Part(
                _regions(radii, rings, joint / total), _regions(radii, rings, before),
                top + float(np.log(total)), self._normed(joint[:, PRESENT].sum(axis=1)), rho, eta,
                self._expected_finds(i),
            )
        return Posterior(parts, self.metres, self.nodes)

    def _integrate(self) -> tuple[FloatArray, FloatArray, float]:
        """(rows, priors, 6) by region; (priors, nodes); the logarithm taken out of both."""
        n_rows = len(self.table.expected_in)
        mass = np.array([np.bincount(self.table.row_of, w, n_rows) for w in self.shift_priors])
        keep, best, top = self._kept(mass)
        hot = self._one_hot()
        weights = np.concatenate([w[:, None] * hot for w in self.weights], axis=1)
        weights = weights.astype(np.float32)
        by_row = np.zeros((n_rows, weights.shape[1]))
        by_node = np.zeros(self.weights.shape)
        step = max(BLOCK // self.weights.shape[1], 1)
        for start in range(0, len(keep), step):
            rows = keep[start:start + step]
            like = log_likelihood(self.table, self.shape, *self.values, rows)
            # each row by its own best: a shift that fits better but is next to impossible before
            # looking must not push the likely ones below what single precision can hold
            like -= best[rows, None].astype(np.float32)
            np.exp(like, out=like)
            factor = np.exp(np.minimum(best[rows] - top, LARGEST_LOG))
            by_row[rows] = factor[:, None] * (like @ weights)
            by_node += (mass[:, rows] * factor).astype(np.float32) @ like
        return by_row.reshape(n_rows, len(self.priors), 6), by_node * self.weights, top

    def _kept(self, mass: FloatArray) -> tuple[IntArray, FloatArray, float]:
        """Rows that are not negligible, the best log likelihood of each, and the scale of all.

        A row counts by likelihood and prior together; `mass` is (priors, rows).
        """
        n = self.nodes
        coarse = np.isin(self.index[0], np.r_[0, 1:len(n.rho):3, len(n.rho) - 1])
        coarse &= np.isin(self.index[1], np.r_[0, 1:len(n.eta):3])
        coarse &= self.index[3] == self.index[3].max() // 2
        best = log_likelihood(
            self.table, self.shape, *(v[coarse] for v in self.values)
        ).max(axis=1).astype(np.float64)
        score = best + np.log(np.maximum(mass.max(axis=0), 1e-300))
        top = float(score.max())
        return np.flatnonzero(score >= top - NEGLIGIBLE), best, top

    def _marginals(self, by_node: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(r,) and (e,) probabilities of the nodes of rho and of eta."""
        n_rho, n_eta = len(self.nodes.rho), len(self.nodes.eta)
        table = np.bincount(self.index[0] * n_eta + self.index[1], by_node, n_rho * n_eta)
        table = table.reshape(n_rho, n_eta) / table.sum()
        return table.sum(axis=1), table.sum(axis=0)

    def _normed(self, shift: FloatArray) -> FloatArray:
        total = shift.sum()
        size = len(self.metres)
        return (shift / total if total > 0 else shift).reshape(size, size)

    def _one_hot(self) -> FloatArray:
        return np.asarray(np.eye(6)[self.region])

    def _rings(self) -> tuple[FloatArray, FloatArray]:
        radii = tuple(sorted({*RADII_M, self.limits.shift_m}))
        cells = len(self.metres) // 2
        return np.array(radii), ring_shares(radii, cells, self.evidence.grid.cell_m)

    def _expected_finds(self, i: int) -> float:
        """Finds that the searches would have made of the devices of an accurate record."""
        near = self.shift_priors[i] * self.within
        weights = rho_weights(self.priors[i], self.limits)
        present = self.nodes.rho >= self.limits.rho_present
        share = float(weights[present] @ self.nodes.rho[present] / weights[present].sum())
        return float(share * (near @ self.table.expected_in[self.table.row_of]) / near.sum())


def _detection_factors(evidence: RecordEvidence) -> tuple[FloatArray, FloatArray]:
    """Factors on the stated probability of detection, and their weights."""
    spread = evidence.pod_spread
    if spread <= 0 or not evidence.detection.any():
        return np.ones(1), np.ones(1)
    # three points with the mean and the variance of the spread; no POD above 1
    factors = 1.0 + spread * np.array([-1.2247, 0.0, 1.2247])
    highest = 1.0 / float(evidence.detection.max())
    return np.clip(factors, 0.05, max(highest, 1.0)), np.full(3, 1 / 3)


def shift_prior(
    covariance_m2: FloatArray, metres: FloatArray, cell_m: float, prior: Prior
) -> FloatArray:
    """(h, h) prior of each shift: the error budget, and a share that it does not explain.

    Args:
        covariance_m2: (2, 2) of the shift that the error budget explains.
        metres: (h,) of the lattice, along each axis.
        cell_m: its step.
        prior: with the share and the radii of the rest.

    """
    north, east = np.meshgrid(metres, metres, indexing="ij")
    # half a cell of width keeps a well-known record from falling between the cells
    inverse = np.linalg.inv(covariance_m2 + np.eye(2) * (cell_m / 2) ** 2)
    square = inverse[0, 0] * east**2 + 2 * inverse[0, 1] * east * north + inverse[1, 1] * north**2
    budget = np.exp(-square / 2)
    radius = np.hypot(east, north)
    beyond = np.where((radius >= prior.shift_min_m) & (radius <= prior.shift_max_m),
                      1.0 / np.maximum(radius, cell_m) ** 2, 0.0)
    return np.asarray(prior.in_budget * budget / budget.sum()
                      + (1 - prior.in_budget) * beyond / beyond.sum())


@lru_cache(maxsize=8)
def ring_shares(radii_m: tuple[float, ...], reach_cells: int, cell_m: float) -> FloatArray:
    """(shifts, rings) share of each shift in each ring of displacement.

    A shift of whole cells stands for what lies within about half a cell of it, so one near a limit
    lies on both sides of it.
    """
    metres = np.arange(-reach_cells, reach_cells + 1) * cell_m
    distance = np.hypot(*np.meshgrid(metres, metres, indexing="ij")).ravel()
    below = ndtr((np.array(radii_m) - distance[:, None]) / (cell_m / 2))
    return np.diff(np.column_stack([np.zeros(len(below)), below, np.ones(len(below))]), axis=1)


def _regions(radii: FloatArray, rings: FloatArray, joint: FloatArray) -> Regions:
    """Sum (shifts, 6) by ring."""
    return Regions(radii, (rings.T @ joint).reshape(len(radii) + 1, 3, 2))
