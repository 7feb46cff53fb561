"""The shares of the statuses among these very records, those not decided included.

Records of a group have statuses drawn from the group's mix; the mixes of groups are drawn from
one overall mix: pi_g ~ Dirichlet(kappa mu), mu ~ Dirichlet(1, …, 1), kappa on a grid. What the
ground says of each record enters as evidence, posterior / prior, so the prior shares of the
record's own model drop out. Gibbs sampling of the labels gives the share among a finite number of
records: a record that was never searched has flat evidence and takes what its group teaches.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from fieldproof.errors import ModelError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

#: How strongly groups resemble each other: values, equally likely before looking.
KAPPAS: Final = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0])


def finite_population_shares(
    evidence: FloatArray, seed: int, *, groups: Sequence[str] | None = None, sweeps: int = 2000,
    burn_in: int = 200,
) -> FloatArray:
    """(sweeps, 5) draws of the share of each status among the records.

    Args:
        evidence: (n, 5) of each record, any positive scale.
        seed: of the sampler; the same seed gives the same draws.
        groups: (n,) name of each record's group; None: one group.
        sweeps: draws that are kept.
        burn_in: draws that are not.

    Raises:
        ModelError: evidence that is negative, not finite, or 0 for all statuses of a record.

    """
    n, k = evidence.shape
    peak = evidence.max(axis=1, keepdims=True)
    if not np.isfinite(evidence).all() or (evidence < 0).any() or (peak <= 0).any():
        raise ModelError("evidence: finite, not negative, and above 0 for one status of each "
                         "record would be right")
    names = ["all"] * n if groups is None else list(groups)
    if len(names) != n:
        raise ModelError(f"{len(names)} groups for {n} records; one for each would be right")
    _, group_of = np.unique(names, return_inverse=True)
    rng = np.random.default_rng(seed)
    return _gibbs(evidence / peak, group_of.astype(np.int64), rng, sweeps, burn_in)[:, :k]


def _gibbs(
    evidence: FloatArray, group_of: IntArray, rng: np.random.Generator, sweeps: int, burn_in: int
) -> FloatArray:
    n, k = evidence.shape
    n_groups = int(group_of.max()) + 1
    mu, kappa = np.full(k, 1.0 / k), 4.0
    mix = np.full((n_groups, k), 1.0 / k)
    out = np.empty((sweeps, k))
    for sweep in range(sweeps + burn_in):
        held = np.cumsum(evidence * mix[group_of], axis=1)
        labels = (rng.random((n, 1)) * held[:, -1:] >= held).sum(axis=1)
        labels = np.minimum(labels, k - 1)
        sizes = np.bincount(group_of * k + labels, minlength=n_groups * k).reshape(n_groups, k)
        gamma = rng.gamma(kappa * mu + sizes)
        mix = gamma / gamma.sum(axis=1, keepdims=True)
        mu = rng.dirichlet(1.0 + _tables(sizes, kappa * mu, rng))
        mu = np.maximum(mu, 1e-9) / np.maximum(mu, 1e-9).sum()
        kappa = _kappa(sizes, mu, rng)
        if sweep >= burn_in:
            out[sweep - burn_in] = sizes.sum(axis=0) / n
    return out


def _tables(sizes: IntArray, alpha: FloatArray, rng: np.random.Generator) -> IntArray:
    """(k,) new draws from the overall mix that the labels of all groups stand for.

    The j-th label of a status in a group is a new draw with probability alpha / (alpha + j), the
    count that makes the overall mix Dirichlet again [teh-2006].
    """
    total = np.zeros(sizes.shape[1], dtype=np.int64)
    for row in sizes:
        for c, size in enumerate(row):
            j = np.arange(size)
            total[c] += int((rng.random(size) < alpha[c] / (alpha[c] + j)).sum())
    return total


def _kappa(sizes: IntArray, mu: FloatArray, rng: np.random.Generator) -> float:
    """Draw kappa from its grid, given the labels and the overall mix."""
    alpha = KAPPAS[:, None, None] * mu
    log = (gammaln(alpha + sizes) - gammaln(alpha)).sum(axis=(1, 2))
    whole = sizes.sum(axis=1)
    log += (gammaln(KAPPAS[:, None]) - gammaln(KAPPAS[:, None] + whole)).sum(axis=1)
    weights = np.exp(log - log.max())
    return float(rng.choice(KAPPAS, p=weights / weights.sum()))
