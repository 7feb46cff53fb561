"""What is held of records before the ground is looked at. Printed with every result.

The displacement beyond the error budget, the share of the recorded devices that is there, and
unrecorded devices around, each as a mixture. The shares are judgements, not measurements: three
priors show what of a result hangs on them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import stats

FloatArray = npt.NDArray[np.float64]

#: Edges of the bins over the share present (rho) and over unrecorded / recorded (eta). The
#: thresholds that come with the program stand on edges.
RHO_EDGES: Final = np.linspace(0.0, 1.0, 21)
ETA_EDGES: Final = np.array([0.0, 0.1, 0.2, 0.35, 0.5, 0.8, 1.3, 2.0, 4.0])
#: One node at exactly 0, then the middle of each bin.
RHO_NODES: Final = np.concatenate([[0.0], (RHO_EDGES[1:] + RHO_EDGES[:-1]) / 2])
ETA_NODES: Final = np.concatenate([[0.0], (ETA_EDGES[1:] + ETA_EDGES[:-1]) / 2])


@dataclass(frozen=True, slots=True)
class Prior:
    """A named prior.

    Attributes:
        name: for tables.
        in_budget: share of records displaced by no more than their error budget explains.
        shift_min_m: smallest displacement of the others, metres.
        shift_max_m: largest; log-uniform in radius between them.
        nothing: share of records with no device where they say.
        depleted: share of records with few left: Beta(1, 12).
        present_a: of the others, Beta(present_a, present_b).
        present_b: see present_a.
        none_unrecorded: share of records with no unrecorded device around.
        unrecorded_shape: of the others, Gamma(shape, scale) of unrecorded / recorded.
        unrecorded_scale: see unrecorded_shape.
        background_per_m2: mines found that belong to no record, per square metre searched.

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
    background_per_m2: float = 1e-5

    def to_dict(self) -> dict[str, float | str]:
        """Name -> value, for printing with a result."""
        return asdict(self)

    def rho_weights(self) -> FloatArray:
        """(21,) weights of `RHO_NODES`, summing to 1."""
        return _rho_weights(self)

    def eta_weights(self) -> FloatArray:
        """(9,) weights of `ETA_NODES`, summing to 1."""
        return _eta_weights(self)


@lru_cache(maxsize=32)
def _rho_weights(prior: Prior) -> FloatArray:
    few = np.diff(stats.beta.cdf(RHO_EDGES, 1, 12))
    many = np.diff(stats.beta.cdf(RHO_EDGES, prior.present_a, prior.present_b))
    rest = 1.0 - prior.nothing - prior.depleted
    return np.concatenate([[prior.nothing], prior.depleted * few + rest * many])


@lru_cache(maxsize=32)
def _eta_weights(prior: Prior) -> FloatArray:
    edges = np.concatenate([ETA_EDGES[:-1], [np.inf]])
    mass = np.diff(stats.gamma.cdf(edges, prior.unrecorded_shape, scale=prior.unrecorded_scale))
    return np.concatenate([[prior.none_unrecorded], (1 - prior.none_unrecorded) * mass])


REFERENCE: Final = Prior("reference")
SCEPTICAL: Final = Prior("sceptical", in_budget=0.40, nothing=0.25, depleted=0.30)
TRUSTING: Final = Prior("trusting", in_budget=0.75, nothing=0.08, depleted=0.12,
                        none_unrecorded=0.80)
PRIORS: Final = (REFERENCE, SCEPTICAL, TRUSTING)
