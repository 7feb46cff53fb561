"""The same records under other definitions of "reliable", and under other thresholds.

A percentage without its definition says nothing: the same field data can carry any of these. The
tables show how far the headline moves when the definition, or a limit, moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np

from fieldproof.audit.status import DECIDED, verdict_of
from fieldproof.audit.verdict import Verdict
from fieldproof.model.codes import RecordStatus

#: Limits that the sensitivity table goes through.
SHIFTS_M: Final = (30.0, 40.0, 50.0, 60.0, 75.0, 100.0, 125.0, 150.0, 200.0)
DECIDES: Final = (0.60, 0.70, 0.75, 0.80, 0.85, 0.90, 0.95)


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """A share under one definition.

    Attributes:
        definition: of the numerator, in words.
        of: the denominator, in words.
        count: numerator; a sum of probabilities where the definition is one.
        denominator: records.
        share: count / denominator; None where there is no record to speak of.

    """

    definition: str
    of: str
    count: float
    denominator: int
    share: float | None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)


def other_definitions(verdicts: Sequence[Verdict]) -> tuple[DefinitionRow, ...]:
    """Shares of "reliable" records under definitions that public statements may have meant."""
    searched = [v for v in verdicts if v.searched_share]
    with_finds = [v for v in searched if v.finds_in_reach]
    decided = [v for v in verdicts if v.decided]
    modelled = [v for v in verdicts if v.probabilities]
    mean = sum(v.probabilities[RecordStatus.ACCURATE] for v in modelled)
    inside = "any device found inside the mapped area"
    half = "more than half of the recorded number found inside the mapped area"
    accurate = "accurate"

    def half_found(v: Verdict) -> bool:
        return bool(v.devices_recorded) and 2 * v.finds_inside > (v.devices_recorded or 0)

    return (
        _row(inside, "all records", [v.finds_inside > 0 for v in verdicts]),
        _row(inside, "records searched at least in part", [v.finds_inside > 0 for v in searched]),
        _row(half, "all records", [half_found(v) for v in verdicts]),
        _row(half, "records searched at least in part", [half_found(v) for v in searched]),
        _row("most items found in reach lie inside the mapped area", "records with finds in reach",
             [2 * v.finds_inside > v.finds_in_reach for v in with_finds]),
        _row(accurate, "records that could be decided",
             [v.status is RecordStatus.ACCURATE for v in decided]),
        _row("accurate or incomplete", "records that could be decided",
             [v.status in (RecordStatus.ACCURATE, RecordStatus.INCOMPLETE) for v in decided]),
        _row(accurate, "all records, undecided ones counted as not accurate",
             [v.status is RecordStatus.ACCURATE for v in verdicts]),
        DefinitionRow("mean probability of accurate, record by record",
                      "records that the model could be applied to", float(mean), len(modelled),
                      float(mean) / len(modelled) if modelled else None),
    )


def _row(definition: str, of: str, hits: Sequence[bool]) -> DefinitionRow:
    share = sum(hits) / len(hits) if hits else None
    return DefinitionRow(definition, of, float(sum(hits)), len(hits), share)


@dataclass(frozen=True, slots=True)
class SensitivityRow:
    """The share of each status when one limit is moved and the others stay.

    Attributes:
        threshold: the limit that is moved: `shift_m` or `decide`.
        value: where to.
        in_force: whether it is the value in force.
        shares: status -> share of all records, those not yet verifiable among them.

    """

    threshold: str
    value: float
    in_force: bool
    shares: dict[RecordStatus, float]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"threshold": self.threshold, "value": self.value, "in_force": self.in_force,
                "shares": {str(s): v for s, v in self.shares.items()}}


def threshold_sensitivity(verdicts: Sequence[Verdict]) -> tuple[SensitivityRow, ...]:
    """Share of each status as the limit of displacement, or of deciding, moves.

    Worked out from the posteriors that the verdicts keep; no record is judged again.
    """
    if not verdicts:
        return ()
    limits = verdicts[0].thresholds
    rows = [
        _moved(verdicts, "shift_m", value, limits.shift_m)
        for value in sorted({*SHIFTS_M, limits.shift_m})
    ]
    rows += [
        _moved(verdicts, "decide", value, limits.decide)
        for value in sorted({*DECIDES, limits.decide})
    ]
    return tuple(rows)


def _moved(verdicts: Sequence[Verdict], name: str, value: float, in_force: float
           ) -> SensitivityRow:
    counts = dict.fromkeys((*DECIDED, RecordStatus.NOT_YET_VERIFIABLE), 0)
    for verdict in verdicts:
        limits = replace(verdict.thresholds, **{name: value})
        if verdict.regions is None:
            status = RecordStatus.NOT_YET_VERIFIABLE
        else:
            status = verdict_of(verdict.regions.classes(limits.shift_m), limits,
                                searched=not verdict.problems)
        counts[status] += 1
    return SensitivityRow(name, value, bool(np.isclose(value, in_force)),
                          {s: n / len(verdicts) for s, n in counts.items()})
