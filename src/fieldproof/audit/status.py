"""Statuses are regions of the posterior, cut by thresholds that stand on every report."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fieldproof.errors import ModelError
from fieldproof.model.codes import DirectEvidence, IndirectEvidence, RecordStatus

FloatArray = npt.NDArray[np.float64]

#: The statuses that a posterior is shared among, in the order of arrays over them.
DECIDED: Final = (
    RecordStatus.ACCURATE, RecordStatus.DISPLACED, RecordStatus.INCOMPLETE,
    RecordStatus.DEPLETED, RecordStatus.UNSUPPORTED,
)

#: What each status means, and what it does not.
WORDS: Final[dict[RecordStatus, str]] = {
    RecordStatus.ACCURATE: "devices lie where the record says and about as many as it says",
    RecordStatus.DISPLACED: "devices lie away from where the record says, by more than the limit; "
                            "the ground can have moved them, or the form can be read wrongly",
    RecordStatus.INCOMPLETE: "devices lie where the record says, and more around that it does not "
                             "list",
    RecordStatus.DEPLETED: "few of the recorded devices are there: lifted or exploded since, or "
                           "never laid; points alone cannot tell which",
    RecordStatus.UNSUPPORTED: "the searches made do not support the record; this does not mean "
                              "'no mines'",
    RecordStatus.NOT_YET_VERIFIABLE: "what was searched is not enough to say; this is no judgement "
                                     "on the record",
}

#: How a verdict becomes one of IMSMA's two labels for a record.
IMSMA_RULE: Final = (
    "high reliability (direct evidence) where P(accurate) + P(incomplete) reaches the deciding "
    "probability and ground in reach was searched: the devices are where the record says, within "
    "the limit. Low reliability (indirect evidence) for every other record, those not yet "
    "verifiable included; a record of low reliability still supports a suspected hazardous area"
)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Limits between the statuses. Parameters of the user, printed with every result.

    Attributes:
        shift_m: a record displaced by more than this is displaced, metres.
        rho_unsupported: share present below which a record is unsupported.
        rho_present: share present below which it is depleted.
        eta_incomplete: unrecorded / recorded from which it is incomplete.
        decide: probability that a status needs to be the verdict.

    """

    shift_m: float = 60.0
    rho_unsupported: float = 0.05
    rho_present: float = 0.30
    eta_incomplete: float = 0.35
    decide: float = 0.80

    def __post_init__(self) -> None:
        if not 0.0 < self.rho_unsupported < self.rho_present < 1.0:
            raise ModelError("thresholds: 0 < rho_unsupported < rho_present < 1 would be right")
        if not 0.5 < self.decide < 1.0:
            raise ModelError("thresholds: decide between 0.5 and 1 would be right")
        if not (0 < self.shift_m < np.inf and 0 < self.eta_incomplete < np.inf):
            raise ModelError("thresholds: shift_m and eta_incomplete above 0 would be right")

    def to_dict(self) -> dict[str, float]:
        """Name -> value, for printing with a result."""
        return asdict(self)


def definition_of(thresholds: Thresholds) -> str:
    """What "accurate" means under some thresholds, in one sentence."""
    return (
        f"a record is accurate when at least {thresholds.rho_present:.0%} of the devices it lists "
        f"lie within its outline moved by no more than {thresholds.shift_m:g} m, and unrecorded "
        f"devices around it are fewer than {thresholds.eta_incomplete:.0%} of its number; a record "
        f"is decided when one status has a probability of {thresholds.decide:.0%} or more"
    )


def verdict_of(probabilities: FloatArray, thresholds: Thresholds, *, searched: bool
               ) -> RecordStatus:
    """Give the status that reaches `decide`; not yet verifiable where none does.

    Args:
        probabilities: (5,) in the order of `DECIDED`.
        thresholds: in force.
        searched: whether any ground in reach was searched; where none was, nothing is decided.

    """
    best = int(np.argmax(probabilities))
    if not searched or probabilities[best] < thresholds.decide:
        return RecordStatus.NOT_YET_VERIFIABLE
    return DECIDED[best]


def evidence_class(probabilities: FloatArray, thresholds: Thresholds, *, searched: bool
                   ) -> DirectEvidence | IndirectEvidence:
    """Choose between IMSMA's two labels for a record by `IMSMA_RULE`.

    Args:
        probabilities: (5,) in the order of `DECIDED`.
        thresholds: in force.
        searched: whether any ground in reach was searched.

    """
    holds = (probabilities[DECIDED.index(RecordStatus.ACCURATE)]
             + probabilities[DECIDED.index(RecordStatus.INCOMPLETE)])
    if searched and holds >= thresholds.decide:
        return DirectEvidence.RECORDS_HIGH_RELIABILITY
    return IndirectEvidence.RECORDS_LOW_RELIABILITY
