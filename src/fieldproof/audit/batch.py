"""The figure of a batch: never without its definition, its denominator and its three numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fieldproof.audit.definitions import (
    DefinitionRow,
    SensitivityRow,
    other_definitions,
    threshold_sensitivity,
)
from fieldproof.audit.population import finite_population_shares
from fieldproof.audit.sampling import exact_interval, worst_case_bounds
from fieldproof.audit.status import DECIDED, Thresholds, definition_of
from fieldproof.audit.verdict import UNVERIFIED, Verdict
from fieldproof.errors import ModelError
from fieldproof.model.codes import RecordStatus

FloatArray = npt.NDArray[np.float64]

LEVEL: Final = 0.95
MODEL_LEVEL: Final = 0.90
NO_SAMPLE: Final = (
    "refused: no records were declared as drawn at random for verification; records that were "
    "searched because they were chosen, or were easy to reach, say nothing exact of the others"
)
EXCHANGEABLE: Final = (
    "the model's interval takes records that were not searched to be like the searched ones of "
    "their group; where the searched ones were chosen, it can be wrong by more than it says"
)


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its interval.

    Attributes:
        name: what it is.
        value: middle; None where there is only an interval.
        low: lower end.
        high: upper end.
        level: probability or confidence; None where the interval is certain.

    """

    name: str
    value: float | None
    low: float
    high: float
    level: float | None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class BatchFigure:
    """The share of accurate records in a batch.

    Attributes:
        definition: what "accurate" means here.
        n_records: denominator.
        n_searched: records with searched ground in their area.
        n_decided: records with a status.
        n_undecided: records not yet verifiable.
        counts: status -> records, those not yet verifiable among them.
        n_sampled: records drawn at random; None: no random sample.
        exact: from the random sample; None where there is none.
        exact_refused: why there is none.
        bounds: with no assumption on the records that are not decided.
        model: one interval for each prior.
        shares: status -> mean share under the first prior, undecided records included.
        other_definitions: the share under other definitions.
        sensitivity: share of each status as a limit moves.
        warnings: what weakens the figure, in words.
        sentence: the figure in words.
        thresholds: in force.
        simulated: holds made-up records.

    """

    definition: str
    n_records: int
    n_searched: int
    n_decided: int
    n_undecided: int
    counts: dict[RecordStatus, int]
    n_sampled: int | None
    exact: Interval | None
    exact_refused: str | None
    bounds: Interval
    model: tuple[Interval, ...]
    shares: dict[RecordStatus, float]
    other_definitions: tuple[DefinitionRow, ...]
    sensitivity: tuple[SensitivityRow, ...]
    warnings: tuple[str, ...]
    sentence: str
    thresholds: Thresholds
    simulated: bool = False

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, with the warning that stands with every result of this model."""
        return {
            "definition": self.definition,
            "n_records": self.n_records,
            "n_searched": self.n_searched,
            "n_decided": self.n_decided,
            "n_undecided": self.n_undecided,
            "counts": {str(k): v for k, v in self.counts.items()},
            "n_sampled": self.n_sampled,
            "exact": None if self.exact is None else self.exact.to_dict(),
            "exact_refused": self.exact_refused,
            "bounds": self.bounds.to_dict(),
            "model": [i.to_dict() for i in self.model],
            "shares": {str(k): round(v, 6) for k, v in self.shares.items()},
            "other_definitions": [row.to_dict() for row in self.other_definitions],
            "sensitivity": [row.to_dict() for row in self.sensitivity],
            "warnings": list(self.warnings),
            "sentence": self.sentence,
            "thresholds": self.thresholds.to_dict(),
            "simulated": self.simulated,
            "verified_against": [],
            "model_warning": UNVERIFIED,
        }


def batch_figure(
    verdicts: Sequence[Verdict],
    evidence: Mapping[str, FloatArray] | None = None,
    thresholds: Thresholds | None = None,
    *,
    sampled_ids: frozenset[str] | None = None,
    groups: Sequence[str] | None = None,
    seed: int = 1,
) -> BatchFigure:
    """Work out the figure of a batch.

    Args:
        verdicts: of all its records, those that cannot be judged included.
        evidence: prior's name -> (n, 5) evidence of each record; the first is the reference.
            None: what the verdicts hold.
        thresholds: in force; None: those of the verdicts.
        sampled_ids: records that were drawn at random; None: none were.
        groups: (n,) group of each record, for example source or region; None: one group.
        seed: of the sampler.

    Raises:
        ModelError: no records; a record twice; verdicts under different thresholds; sampled
            records that the batch does not hold.

    """
    limits = _checked(verdicts, thresholds)
    tables = _tables(verdicts) if evidence is None else evidence
    counts = dict.fromkeys(RecordStatus, 0)
    for verdict in verdicts:
        counts[verdict.status] += 1
    n = len(verdicts)
    undecided = counts[RecordStatus.NOT_YET_VERIFIABLE]
    draws = {name: finite_population_shares(table, seed, groups=groups)
             for name, table in tables.items()}
    model = tuple(_model_interval(name, shares[:, 0]) for name, shares in draws.items())
    first = next(iter(draws.values()))
    exact, refused = _exact(verdicts, sampled_ids)
    accurate = counts[RecordStatus.ACCURATE]
    low, high = worst_case_bounds(accurate, n - accurate - undecided, n)
    bounds = Interval("no assumption on undecided records", None, low, high, None)
    return BatchFigure(
        definition=definition_of(limits), n_records=n,
        n_searched=sum(bool(v.searched_share) for v in verdicts),
        n_decided=n - undecided, n_undecided=undecided, counts=counts,
        n_sampled=len(sampled_ids) if sampled_ids else None, exact=exact, exact_refused=refused,
        bounds=bounds, model=model,
        shares=dict(zip(DECIDED, map(float, first.mean(axis=0)), strict=True)),
        other_definitions=other_definitions(verdicts),
        sensitivity=threshold_sensitivity(verdicts),
        warnings=_warnings(sampled_ids, model),
        sentence=_sentence(n, exact, bounds, model, undecided), thresholds=limits,
        simulated=any(v.simulated for v in verdicts),
    )


def _checked(verdicts: Sequence[Verdict], thresholds: Thresholds | None) -> Thresholds:
    if not verdicts:
        raise ModelError("a batch without records has no figure")
    if len({v.record_id for v in verdicts}) != len(verdicts):
        raise ModelError("a record stands twice in the batch; once would be right")
    limits = verdicts[0].thresholds if thresholds is None else thresholds
    judged = [v for v in verdicts if v.regions is not None]
    if any(v.thresholds != limits for v in judged):
        raise ModelError("records of the batch were judged under different thresholds")
    return limits


def _tables(verdicts: Sequence[Verdict]) -> dict[str, FloatArray]:
    names = [n for n in verdicts[0].evidence if all(n in v.evidence for v in verdicts)]
    if not names:
        raise ModelError("records of the batch were judged under different priors")
    return {name: np.array([v.evidence[name] for v in verdicts]) for name in names}


def _model_interval(name: str, shares: FloatArray) -> Interval:
    tail = (1 - MODEL_LEVEL) / 2
    low, high = np.quantile(shares, [tail, 1 - tail])
    return Interval(f"model, {name} prior", float(shares.mean()), float(low), float(high),
                    MODEL_LEVEL)


def _exact(
    verdicts: Sequence[Verdict], sampled_ids: frozenset[str] | None
) -> tuple[Interval | None, str | None]:
    """The exact interval from the random sample, its undecided records counted both ways."""
    if not sampled_ids:
        return None, NO_SAMPLE
    sample = [v for v in verdicts if v.record_id in sampled_ids]
    missing = len(sampled_ids) - len(sample)
    if missing:
        raise ModelError(f"{missing} sampled records are not in the batch")
    accurate = sum(v.status is RecordStatus.ACCURATE for v in sample)
    undecided = sum(not v.decided for v in sample)
    low, _ = exact_interval(accurate, len(sample), len(verdicts), LEVEL)
    _, high = exact_interval(accurate + undecided, len(sample), len(verdicts), LEVEL)
    name = f"random sample of {len(sample)}"
    if undecided:
        name += f", its {undecided} undecided records counted both ways"
    value = accurate / len(sample) if not undecided else None
    return Interval(name, value, low, high, LEVEL), None


def _warnings(
    sampled_ids: frozenset[str] | None, model: tuple[Interval, ...]
) -> tuple[str, ...]:
    out = []
    if not sampled_ids:
        out.append(EXCHANGEABLE)
    means = [i.value for i in model if i.value is not None]
    if max(means) - min(means) > 0.10:
        out.append(f"the model's figure moves from {min(means):.0%} to {max(means):.0%} with the "
                   "prior: the searches made do not settle it")
    return tuple(out)


def _sentence(
    n: int, exact: Interval | None, bounds: Interval, model: tuple[Interval, ...], undecided: int
) -> str:
    first = model[0]
    lows, highs = min(i.low for i in model), max(i.high for i in model)
    sampled = "" if exact is None else (
        f" The {exact.name}, alone says {exact.low:.1%} to {exact.high:.1%} ({LEVEL:.0%}, exact)."
    )
    return (
        f"Of N = {n} records, {first.value:.0%} are accurate under the definition given "
        f"({MODEL_LEVEL:.0%} interval {first.low:.0%} to {first.high:.0%}, {first.name}; over "
        f"{len(model)} priors {lows:.0%} to {highs:.0%}); {undecided} of them "
        f"({undecided / n:.0%}) are not yet verifiable.{sampled} Without any model the bounds are "
        f"{bounds.low:.1%} to {bounds.high:.1%}."
    )
