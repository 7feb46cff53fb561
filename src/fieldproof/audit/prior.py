"""What is held of records before the ground is looked at. Printed with every result.

The displacement beyond the error budget, the share of the recorded devices that is there, the
unrecorded devices around, and the background, each as a mixture. The shares are judgements, not
measurements: three priors show how much of a result hangs on them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import stats

from fieldproof.audit.status import Thresholds
from fieldproof.errors import ModelError

FloatArray = npt.NDArray[np.float64]

#: Edges of the bins over rho, the share of the recorded devices that is there; narrow where few
#: devices decide. Thresholds become edges of their own, so that no bin belongs to two statuses.
RHO_EDGES: Final = (0.0, 0.01, 0.02, 0.035, 0.05, 0.07, 0.10, 0.14, 0.19, 0.25, 0.30, 0.36, 0.44,
                    0.52, 0.60, 0.67, 0.73, 0.79, 0.85, 0.90, 0.95, 1.0)
#: The same over eta, unrecorded devices around over recorded ones.
ETA_EDGES: Final = (0.0, 0.06, 0.14, 0.24, 0.35, 0.47, 0.64, 0.9, 1.3, 2.0, np.inf)
#: Stands for the last, open bin over eta.
ETA_LAST: Final = 2.6


@dataclass(frozen=True, slots=True)
class Prior:
    """A named prior.

    Attributes:
        name: for tables.
        in_budget: share of records displaced by no more than their error budget explains.
        shift_min_m: smallest displacement of the others, metres.
        shift_max_m: largest; log-uniform in radius between them.
        nothing: share of records with no recorded device in reach.
        depleted: share of records with few left: rho ~ Beta(1, 12).
        present_a: of the others, rho ~ Beta(present_a, present_b).
        present_b: see present_a.
        none_unrecorded: share of records with no unrecorded device around.
        unrecorded_shape: of the others, eta ~ Gamma(shape, scale).
        unrecorded_scale: see unrecorded_shape.
        background_per_km2: devices that belong to no record, per square kilometre: values.
        background_weights: the weight of each value, summing to 1.

    """

    name: str
    in_budget: float = 0.60
    shift_min_m: float = 20.0
    shift_max_m: float = 800.0
    nothing: float = 0.15
    depleted: float = 0.20
    present_a: float = 6.0
    present_b: float = 1.8
    none_unrecorded: float = 0.70
    unrecorded_shape: float = 1.2
    unrecorded_scale: float = 0.6
    background_per_km2: tuple[float, ...] = (1.0, 10.0, 50.0)
    background_weights: tuple[float, ...] = (0.3, 0.4, 0.3)

    def __post_init__(self) -> None:
        shares = (self.in_budget, self.nothing, self.depleted, self.none_unrecorded)
        if min(shares) < 0 or max(shares) > 1 or self.nothing + self.depleted >= 1:
            raise ModelError(f"prior {self.name}: shares from 0 to 1, nothing + depleted below 1, "
                             "would be right")
        if not 0 < self.shift_min_m < self.shift_max_m:
            raise ModelError(f"prior {self.name}: 0 < shift_min_m < shift_max_m would be right")
        if min(self.background_per_km2) <= 0 or len(self.background_weights) != len(
                self.background_per_km2) or abs(sum(self.background_weights) - 1) > 1e-9:
            raise ModelError(f"prior {self.name}: a background above 0 with weights that sum to 1 "
                             "would be right")

    def to_dict(self) -> dict[str, Any]:
        """Name -> value, for printing with a result."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}


#: The prior of the research that the model rests on.
REFERENCE: Final = Prior("reference")
#: Of somebody who expects little of records.
SCEPTICAL: Final = Prior("sceptical", in_budget=0.40, nothing=0.30, depleted=0.30, present_a=4.0,
                         present_b=2.0, none_unrecorded=0.50)
#: Of somebody who expects much of them.
TRUSTING: Final = Prior("trusting", in_budget=0.80, nothing=0.05, depleted=0.10, present_a=8.0,
                        present_b=1.5, none_unrecorded=0.85)
PRIORS: Final = (REFERENCE, SCEPTICAL, TRUSTING)


@dataclass(frozen=True, slots=True)
class Nodes:
    """Values of rho and eta that stand for bins of them; the first of each is exactly 0.

    Attributes:
        rho_edges: (r,) edges of the bins over rho.
        eta_edges: (e,) edges of the bins over eta, the last infinite.
        rho: (r,) nodes: 0, and the middle of each bin.
        eta: (e,) nodes: 0, and the middle of each bin.

    """

    rho_edges: FloatArray
    eta_edges: FloatArray
    rho: FloatArray
    eta: FloatArray


@lru_cache(maxsize=64)
def nodes_for(thresholds: Thresholds) -> Nodes:
    """Nodes whose bins do not straddle a threshold."""
    cuts = {thresholds.rho_unsupported, thresholds.rho_present}
    rho_edges = np.array(sorted({*RHO_EDGES, *cuts}))
    eta_edges = np.array(sorted({*ETA_EDGES, thresholds.eta_incomplete}))
    eta = (eta_edges[1:] + eta_edges[:-1]) / 2
    eta[-1] = max(ETA_LAST, 1.3 * eta_edges[-2])
    rho = (rho_edges[1:] + rho_edges[:-1]) / 2
    return Nodes(rho_edges, eta_edges, np.concatenate([[0.0], rho]),
                 np.concatenate([[0.0], eta]))


@lru_cache(maxsize=64)
def rho_weights(prior: Prior, thresholds: Thresholds) -> FloatArray:
    """(r,) prior of each node of rho, summing to 1."""
    edges = nodes_for(thresholds).rho_edges
    few = np.diff(stats.beta.cdf(edges, 1, 12))
    many = np.diff(stats.beta.cdf(edges, prior.present_a, prior.present_b))
    rest = 1.0 - prior.nothing - prior.depleted
    return np.concatenate([[prior.nothing], prior.depleted * few + rest * many])


@lru_cache(maxsize=64)
def eta_weights(prior: Prior, thresholds: Thresholds) -> FloatArray:
    """(e,) prior of each node of eta, summing to 1."""
    edges = nodes_for(thresholds).eta_edges
    mass = np.diff(stats.gamma.cdf(edges, prior.unrecorded_shape, scale=prior.unrecorded_scale))
    return np.concatenate([[prior.none_unrecorded], (1 - prior.none_unrecorded) * mass])
