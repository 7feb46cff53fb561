"""The verdict on a record: a status, how sure, and everything that a reader needs to doubt it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fieldproof.audit.evidence import RecordEvidence
from fieldproof.audit.posterior import Posterior, Regions, posterior
from fieldproof.audit.prior import PRIORS, REFERENCE, Prior
from fieldproof.audit.shift import ShiftSummary, shift_summary
from fieldproof.audit.status import (
    DECIDED,
    IMSMA_RULE,
    WORDS,
    Thresholds,
    evidence_class,
    verdict_of,
)
from fieldproof.model.codes import DirectEvidence, IndirectEvidence, RecordStatus

FloatArray = npt.NDArray[np.float64]

#: Said with every result, as no outside reference for this model is known.
UNVERIFIED: Final = (
    "this model was checked on simulated records only; no outside reference for it is known"
)
#: Evidence against a status is never taken for stronger than this, so that no error of the model
#: makes a status impossible for good.
EVIDENCE_FLOOR: Final = 1e-9
NOT_SEARCHED: Final = "nothing was searched in reach of the record"
NO_COUNT: Final = "the record states no number of devices, so a share of them has no meaning"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on one record.

    Attributes:
        record_id: the record.
        status: the verdict.
        imsma_class: IMSMA's label, by `status.IMSMA_RULE`.
        probabilities: status -> probability, summing to 1; empty where nothing could be worked out.
        evidence: prior's name -> (5,) what the ground alone says of each status of
            `status.DECIDED`, largest 1: posterior / prior. Flat where nothing was learnt.
        thresholds: in force.
        prior: in force.
        prior_probabilities: status -> probability before looking.
        searched_share: share of the recorded area that was searched; None: not located.
        finds_inside: items found in the recorded area as plotted.
        finds_in_reach: items that took part.
        finds_left_out: reason -> items in reach that did not.
        expected_finds: items that the searches would have found of an accurate record.
        shift: where the record lies, given that it is present; None: not known.
        rho: 5 %, 50 % and 95 % of the share present.
        eta: the same of unrecorded / recorded.
        regions: posterior by region, for the sensitivity to thresholds.
        devices_recorded: as the record states; None: it does not.
        assumptions: in words.
        problems: why there is no better verdict, in words.
        simulated: made up.

    """

    record_id: str
    status: RecordStatus
    imsma_class: DirectEvidence | IndirectEvidence
    probabilities: Mapping[RecordStatus, float]
    evidence: Mapping[str, FloatArray]
    thresholds: Thresholds
    prior: Prior
    prior_probabilities: Mapping[RecordStatus, float] = field(default_factory=dict)
    searched_share: float | None = None
    finds_inside: int = 0
    finds_in_reach: int = 0
    finds_left_out: Mapping[str, int] = field(default_factory=dict)
    expected_finds: float | None = None
    shift: ShiftSummary | None = None
    rho: tuple[float, float, float] | None = None
    eta: tuple[float, float, float] | None = None
    regions: Regions | None = None
    devices_recorded: int | None = None
    assumptions: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    simulated: bool = False

    @property
    def decided(self) -> bool:
        """Whether there is a status."""
        return self.status is not RecordStatus.NOT_YET_VERIFIABLE

    @property
    def likelihoods(self) -> FloatArray:
        """(5,) what the ground alone says of each status, under the prior in force; largest 1."""
        return self.evidence[self.prior.name]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, with the warning that stands with every result of this model."""
        return {
            "record_id": self.record_id,
            "status": str(self.status),
            "words": WORDS[self.status],
            "imsma_class": str(self.imsma_class),
            "imsma_rule": IMSMA_RULE,
            "probabilities": {str(s): round(p, 6) for s, p in self.probabilities.items()},
            "prior_probabilities": {
                str(s): round(p, 6) for s, p in self.prior_probabilities.items()
            },
            "log_evidence": {
                name: {str(s): round(float(np.log(max(v, EVIDENCE_FLOOR))), 6)
                       for s, v in zip(DECIDED, values, strict=True)}
                for name, values in self.evidence.items()
            },
            "thresholds": self.thresholds.to_dict(),
            "prior": self.prior.to_dict(),
            "searched_share": self.searched_share,
            "finds_inside": self.finds_inside,
            "finds_in_reach": self.finds_in_reach,
            "finds_left_out": dict(self.finds_left_out),
            "expected_finds": self.expected_finds,
            "shift": None if self.shift is None else self.shift.to_dict(),
            "rho": None if self.rho is None else list(self.rho),
            "eta": None if self.eta is None else list(self.eta),
            "devices_recorded": self.devices_recorded,
            "assumptions": list(self.assumptions),
            "problems": list(self.problems),
            "simulated": self.simulated,
            "verified_against": [],
            "model_warning": UNVERIFIED,
        }


def judge(
    evidence: RecordEvidence, thresholds: Thresholds | None = None, prior: Prior = REFERENCE
) -> Verdict:
    """Judge a record by its evidence, under `prior` and beside it under the three named priors.

    A record that states no number of devices is not yet verifiable, and so is one where nothing
    was searched in reach.
    """
    beside = (prior, *(p for p in PRIORS if p.name != prior.name))
    return judge_under(evidence, Thresholds() if thresholds is None else thresholds, beside)[0]


def judge_under(
    evidence: RecordEvidence, thresholds: Thresholds, priors: Sequence[Prior]
) -> list[Verdict]:
    """Judge a record under several priors, which share one likelihood; a verdict for each."""
    if evidence.devices_recorded is None or evidence.devices_recorded <= 0:
        return [_without_count(evidence, thresholds, prior) for prior in priors]
    result = posterior(evidence, thresholds, priors)
    learnt = _evidence(result, thresholds) if evidence.searched else _flat(priors)
    return [_verdict(evidence, result, learnt, thresholds, prior) for prior in priors]


def _verdict(
    evidence: RecordEvidence, result: Posterior, learnt: dict[str, FloatArray],
    limits: Thresholds, prior: Prior,
) -> Verdict:
    part = result.parts[prior.name]
    classes = part.regions.classes(limits.shift_m)
    shift = shift_summary(part.shift, result.shift_cells_m) if evidence.searched else None
    return Verdict(
        record_id=evidence.record_id,
        status=verdict_of(classes, limits, searched=evidence.searched),
        imsma_class=evidence_class(classes, limits, searched=evidence.searched),
        probabilities=_named(classes),
        evidence=learnt,
        thresholds=limits,
        prior=prior,
        prior_probabilities=_named(part.prior_regions.classes(limits.shift_m)),
        searched_share=evidence.searched_share,
        finds_inside=evidence.finds_inside,
        finds_in_reach=len(evidence.finds_xy),
        finds_left_out=evidence.finds_left_out,
        expected_finds=part.expected_finds,
        shift=shift,
        rho=quantiles(result.nodes.rho_edges, part.rho),
        eta=quantiles(result.nodes.eta_edges, part.eta),
        regions=part.regions,
        devices_recorded=evidence.devices_recorded,
        assumptions=evidence.assumptions,
        problems=() if evidence.searched else (NOT_SEARCHED,),
        simulated=evidence.simulated,
    )


def not_judged(
    record_id: str, problems: tuple[str, ...], devices_recorded: int | None = None, *,
    thresholds: Thresholds | None = None, prior: Prior = REFERENCE,
    assumptions: tuple[str, ...] = (), simulated: bool = False,
) -> Verdict:
    """Give the verdict on a record that cannot be judged: not yet verifiable, and why.

    It has no probabilities and flat evidence: nothing was learnt of it. It stays in the
    denominator of its batch.
    """
    return Verdict(
        record_id=record_id, status=RecordStatus.NOT_YET_VERIFIABLE,
        imsma_class=IndirectEvidence.RECORDS_LOW_RELIABILITY, probabilities={},
        evidence=_flat((prior,)), thresholds=Thresholds() if thresholds is None else thresholds,
        prior=prior, devices_recorded=devices_recorded, assumptions=assumptions,
        problems=problems, simulated=simulated,
    )


def _without_count(evidence: RecordEvidence, limits: Thresholds, prior: Prior) -> Verdict:
    return Verdict(
        record_id=evidence.record_id, status=RecordStatus.NOT_YET_VERIFIABLE,
        imsma_class=IndirectEvidence.RECORDS_LOW_RELIABILITY, probabilities={},
        evidence=_flat((prior,)), thresholds=limits, prior=prior,
        searched_share=evidence.searched_share, finds_inside=evidence.finds_inside,
        finds_in_reach=len(evidence.finds_xy), finds_left_out=evidence.finds_left_out,
        devices_recorded=evidence.devices_recorded, assumptions=evidence.assumptions,
        problems=(NO_COUNT,), simulated=evidence.simulated,
    )


def _evidence(result: Posterior, limits: Thresholds) -> dict[str, FloatArray]:
    out = {}
    for name, part in result.parts.items():
        values = part.evidence(limits.shift_m)
        out[name] = np.maximum(values / values.max(), EVIDENCE_FLOOR)
    return out


def _flat(priors: Sequence[Prior]) -> dict[str, FloatArray]:
    return {name: np.ones(len(DECIDED)) for name in [p.name for p in (*priors, *PRIORS)]}


def _named(values: FloatArray) -> dict[RecordStatus, float]:
    return {s: float(v) for s, v in zip(DECIDED, values, strict=True)}


def quantiles(edges: FloatArray, weights: FloatArray) -> tuple[float, float, float]:
    """5 %, 50 % and 95 % of a quantity with an atom at 0 and bins between `edges`.

    Args:
        edges: (n,) of the bins; the last may be infinite.
        weights: (n,) of the atom and of the n - 1 bins, summing to 1.

    """
    # an open last bin is given the width of the one before it
    tops = np.where(np.isinf(edges), 2 * edges[-2] - edges[-3], edges)
    held = np.cumsum(weights)
    low, mid, high = (float(np.interp(q * held[-1], held, tops)) for q in (0.05, 0.5, 0.95))
    return low, mid, high
