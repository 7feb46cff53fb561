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
    RecordStatus.ACCURATE: "devices were found where and about as many as the record says",
    RecordStatus.DISPLACED: "devices lie away from where the record says by more than the limit",
    RecordStatus.INCOMPLETE: "devices lie where the record says, and more around that it does not "
                             "list",
    RecordStatus.DEPLETED: "few of the recorded devices are left, or fewer were laid than recorded",
    RecordStatus.UNSUPPORTED: "the searches made do not support the record; this is not 'no mines'",
    RecordStatus.NOT_YET_VERIFIABLE: "too little was searched to say",
}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Limits between the statuses.

    Attributes:
        shift_m: a record displaced by more is displaced.
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
        if self.shift_m <= 0 or self.eta_incomplete <= 0:
            raise ModelError("thresholds: shift_m and eta_incomplete above 0 would be right")

    def to_dict(self) -> dict[str, float]:
        """Name -> value, for printing with a result."""
        return asdict(self)


def verdict_of(probabilities: FloatArray, thresholds: Thresholds, *, searched: bool
               ) -> RecordStatus:
    """The status that reaches `decide`; not yet verifiable where none does or nobody searched."""
    best = int(np.argmax(probabilities))
    if not searched or probabilities[best] < thresholds.decide:
        return RecordStatus.NOT_YET_VERIFIABLE
    return DECIDED[best]


def evidence_class(status: RecordStatus) -> DirectEvidence | IndirectEvidence:
    """IMSMA's two labels for a record, chosen by its verdict.

    Accurate and incomplete records hold where they say: high reliability, direct evidence. All
    others, the undecided among them, stay low reliability, indirect evidence: they still support
    a suspected hazardous area.
    """
    if status in {RecordStatus.ACCURATE, RecordStatus.INCOMPLETE}:
        return DirectEvidence.RECORDS_HIGH_RELIABILITY
    return IndirectEvidence.RECORDS_LOW_RELIABILITY
