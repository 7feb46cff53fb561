"""The verdict on a record: a status, how sure, and everything that a reader needs to doubt it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fieldproof.audit.evidence import RecordEvidence
from fieldproof.audit.posterior import Posterior, posteriors
from fieldproof.audit.prior import ETA_NODES, RHO_NODES, Prior
from fieldproof.audit.status import DECIDED, WORDS, Thresholds, evidence_class, verdict_of
from fieldproof.model.codes import RecordStatus

FloatArray = npt.NDArray[np.float64]

#: Said with every result, as no outside reference for this model is known.
UNVERIFIED: Final = (
    "this model was checked on simulated records only; no outside reference for it is known"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on one record.

    Attributes:
        record_id: the record.
        status: the verdict.
        probabilities: status -> probability; sums to 1.
        likelihoods: (5,) the evidence alone, order of `status.DECIDED`.
        prior_classes: (5,) probabilities before looking.
        searched_share: share of the recorded area that was searched; None: not located.
        finds_inside: finds in the recorded area as plotted.
        finds_in_reach: finds that took part.
        expected_finds: finds that the searches would have made of an accurate record.
        shift_m: mean east and north shift, given that the record is present; None: not known.
        shift_radius_90_m: radius around it that holds 90 %.
        rho: 5 %, 50 % and 95 % of the share present.
        eta: the same of unrecorded / recorded.
        devices_recorded: as the record states; None: it does not.
        assumptions: in words.
        problems: why there is no better verdict, in words.

    """

    record_id: str
    status: RecordStatus
    probabilities: dict[RecordStatus, float]
    likelihoods: FloatArray
    prior_classes: FloatArray
    searched_share: float | None = None
    finds_inside: int = 0
    finds_in_reach: int = 0
    expected_finds: float | None = None
    shift_m: tuple[float, float] | None = None
    shift_radius_90_m: float | None = None
    rho: tuple[float, float, float] | None = None
    eta: tuple[float, float, float] | None = None
    devices_recorded: int | None = None
    assumptions: tuple[str, ...] = field(default=())
    problems: tuple[str, ...] = field(default=())

    @property
    def decided(self) -> bool:
        """Whether there is a status."""
        return self.status is not RecordStatus.NOT_YET_VERIFIABLE

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, with the warning that stands with every result of this model."""
        return {
            "record_id": self.record_id,
            "status": str(self.status),
            "words": WORDS[self.status],
            "imsma_class": str(evidence_class(self.status)),
            "probabilities": {str(s): round(p, 6) for s, p in self.probabilities.items()},
            "searched_share": self.searched_share,
            "finds_inside": self.finds_inside,
            "finds_in_reach": self.finds_in_reach,
            "expected_finds": self.expected_finds,
            "shift_m": self.shift_m,
            "shift_radius_90_m": self.shift_radius_90_m,
            "rho": self.rho,
            "eta": self.eta,
            "devices_recorded": self.devices_recorded,
            "assumptions": list(self.assumptions),
            "problems": list(self.problems),
            "model_warning": UNVERIFIED,
        }


def judge(evidence: RecordEvidence, thresholds: Thresholds, prior: Prior) -> Verdict:
    """Judge a record by its evidence, under one prior."""
    return judge_under(evidence, thresholds, [prior])[0]


def judge_under(
    evidence: RecordEvidence, thresholds: Thresholds, priors: Sequence[Prior]
) -> list[Verdict]:
    """Judge a record by its evidence, under each of some priors."""
    return [_verdict(evidence, thresholds, result)
            for result in posteriors(evidence, thresholds, priors)]


def _verdict(evidence: RecordEvidence, thresholds: Thresholds, result: Posterior) -> Verdict:
    searched = bool(evidence.detection.any())
    status = verdict_of(result.classes, thresholds, searched=searched)
    shift, radius = _shift(result, evidence.grid.cell_m) if searched else (None, None)
    problems = () if searched else ("nothing was searched in reach of the record",)
    return Verdict(
        record_id=evidence.record_id,
        status=status,
        probabilities={s: float(p) for s, p in zip(DECIDED, result.classes, strict=True)},
        likelihoods=result.likelihoods if searched else np.ones(len(DECIDED)),
        prior_classes=result.prior_classes,
        searched_share=evidence.searched_share,
        finds_inside=evidence.finds_inside,
        finds_in_reach=len(evidence.finds_xy),
        expected_finds=result.expected_finds,
        shift_m=shift,
        shift_radius_90_m=radius,
        rho=_quantiles(RHO_NODES, result.rho),
        eta=_quantiles(ETA_NODES, result.eta),
        devices_recorded=evidence.devices_recorded,
        assumptions=evidence.assumptions,
        problems=problems,
    )


def not_judged(
    record_id: str, problems: tuple[str, ...], devices_recorded: int | None
) -> Verdict:
    """The verdict on a record that cannot be judged: not yet verifiable, and why.

    It has no probabilities of its own: nothing was learnt of it, whatever the prior.
    """
    even = np.full(len(DECIDED), 1.0 / len(DECIDED))
    return Verdict(
        record_id, RecordStatus.NOT_YET_VERIFIABLE, {}, np.ones(len(DECIDED)), even,
        devices_recorded=devices_recorded, problems=problems,
    )


def _shift(result: Posterior, cell_m: float) -> tuple[tuple[float, float], float]:
    metres = result.shift_cells * cell_m
    p = result.shift
    east, north = float(p.sum(axis=0) @ metres), float(p.sum(axis=1) @ metres)
    distance = np.hypot(metres[None, :] - east, metres[:, None] - north).ravel()
    order = np.argsort(distance)
    held = np.cumsum(p.ravel()[order])
    radius = float(distance[order][np.searchsorted(held, 0.9 * held[-1])])
    return (east, north), radius


def _quantiles(nodes: FloatArray, weights: FloatArray) -> tuple[float, float, float]:
    held = np.cumsum(weights)
    low, mid, high = (float(nodes[min(int(np.searchsorted(held, q * held[-1])), len(nodes) - 1)])
                      for q in (0.05, 0.5, 0.95))
    return low, mid, high
