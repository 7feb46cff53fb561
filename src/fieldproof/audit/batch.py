"""The figure of a batch: never without its definition, its denominator and its three numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fieldproof.audit.sampling import exact_interval, worst_case_bounds
from fieldproof.audit.status import DECIDED, Thresholds
from fieldproof.audit.verdict import UNVERIFIED, Verdict
from fieldproof.errors import ModelError
from fieldproof.model.codes import RecordStatus

FloatArray = npt.NDArray[np.float64]

LEVEL: Final = 0.95
MODEL_LEVEL: Final = 0.90
NO_SAMPLE: Final = (
    "no records were drawn at random for verification, so there is no exact interval; records "
    "that were searched because they were chosen say nothing of those that were not"
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


@dataclass(frozen=True, slots=True)
class BatchFigure:
    """The share of accurate records in a batch.

    Attributes:
        definition: what "accurate" means here.
        n_records: denominator.
        counts: status -> records, "not yet verifiable" among them.
        n_sampled: records drawn at random; None: no random sample.
        exact: from the random sample; None where there is none.
        exact_refused: why there is none.
        bounds: with no assumption at all.
        model: one interval for each prior.
        shares: status -> mean share under the first prior, undecided records included.
        other_definitions: what the figure would be under other definitions, in words -> share.
        sentence: the figure in one sentence.

    """

    definition: str
    n_records: int
    counts: dict[RecordStatus, int]
    n_sampled: int | None
    exact: Interval | None
    exact_refused: str | None
    bounds: Interval
    model: tuple[Interval, ...]
    shares: dict[RecordStatus, float]
    other_definitions: dict[str, float | None]
    sentence: str

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        def interval(i: Interval | None) -> dict[str, Any] | None:
            return None if i is None else {
                "name": i.name, "value": i.value, "low": i.low, "high": i.high, "level": i.level,
            }

        return {
            "definition": self.definition,
            "n_records": self.n_records,
            "counts": {str(k): v for k, v in self.counts.items()},
            "n_sampled": self.n_sampled,
            "exact": interval(self.exact),
            "exact_refused": self.exact_refused,
            "bounds": interval(self.bounds),
            "model": [interval(i) for i in self.model],
            "shares": {str(k): round(v, 6) for k, v in self.shares.items()},
            "other_definitions": self.other_definitions,
            "sentence": self.sentence,
            "model_warning": UNVERIFIED,
        }


def definition_of(thresholds: Thresholds) -> str:
    """What "accurate" means under some thresholds."""
    return (
        f"a record is accurate when at least {thresholds.rho_present:.0%} of the devices it lists "
        f"lie within {thresholds.shift_m:g} m of where it puts them, and unrecorded devices around "
        f"are fewer than {thresholds.eta_incomplete:.0%} of its number, with probability "
        f"{thresholds.decide:.0%} or more"
    )


def batch_figure(
    verdicts: Sequence[Verdict],
    likelihoods: Mapping[str, FloatArray],
    thresholds: Thresholds,
    *,
    sampled_ids: frozenset[str] | None = None,
    seed: int = 1,
) -> BatchFigure:
    """Work out the figure of a batch.

    Args:
        verdicts: of all its records, those that cannot be judged included.
        likelihoods: prior's name -> (n, 5) evidence of each record alone; the first is the
            reference.
        thresholds: in force.
        sampled_ids: records that were drawn at random; None: none were.
        seed: of the sampler.

    """
    if not verdicts:
        raise ModelError("a batch without records has no figure")
    counts = dict.fromkeys(RecordStatus, 0)
    for verdict in verdicts:
        counts[verdict.status] += 1
    n = len(verdicts)
    n_accurate = counts[RecordStatus.ACCURATE]
    n_other = n - n_accurate - counts[RecordStatus.NOT_YET_VERIFIABLE]
    draws = {name: finite_population_shares(table, seed) for name, table in likelihoods.items()}
    model = tuple(_model_interval(name, shares[:, 0]) for name, shares in draws.items())
    first = next(iter(draws.values()))
    exact, refused = _exact(verdicts, sampled_ids)
    low, high = worst_case_bounds(n_accurate, n_other, n)
    bounds = Interval("no assumption", None, low, high, None)
    return BatchFigure(
        definition_of(thresholds), n, counts,
        None if sampled_ids is None else len(sampled_ids), exact, refused, bounds, model,
        dict(zip(DECIDED, map(float, first.mean(axis=0)), strict=True)),
        other_definitions(verdicts), _sentence(n, exact, bounds, model[0], counts),
    )


def finite_population_shares(
    likelihoods: FloatArray, seed: int, sweeps: int = 3000, burn_in: int = 300
) -> FloatArray:
    """(sweeps, 5) draws of the share of each status among these very records.

    Gibbs sampling of the labels and of the mix they come from, which is Dirichlet(1, …, 1). A
    record that was never searched has flat evidence, and takes what the others teach of the mix.

    Args:
        likelihoods: (n, 5), any scale for each record.
        seed: of the sampler.
        sweeps: draws that are kept.
        burn_in: draws that are not.

    """
    rng = np.random.default_rng(seed)
    n, k = likelihoods.shape
    scaled = likelihoods / likelihoods.max(axis=1, keepdims=True)
    mix = np.full(k, 1.0 / k)
    out = np.empty((sweeps, k))
    for sweep in range(sweeps + burn_in):
        held = np.cumsum(scaled * mix, axis=1)
        labels = (rng.random((n, 1)) * held[:, -1:] > held).sum(axis=1)
        sizes = np.bincount(np.minimum(labels, k - 1), minlength=k)
        mix = rng.dirichlet(1.0 + sizes)
        if sweep >= burn_in:
            out[sweep - burn_in] = sizes / n
    return out


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
        name += f", {undecided} undecided counted both ways"
    value = accurate / len(sample) if not undecided else None
    return Interval(name, value, low, high, LEVEL), None


def other_definitions(verdicts: Sequence[Verdict]) -> dict[str, float | None]:
    """The share of "reliable" records under definitions that public statements may have meant."""
    seen = [v for v in verdicts if v.searched_share is not None and v.searched_share > 0]
    with_finds = [v for v in seen if v.finds_in_reach]
    decided = [v for v in verdicts if v.decided]

    def share(chosen: Sequence[bool]) -> float | None:
        return sum(chosen) / len(chosen) if chosen else None

    return {
        "any device found inside the mapped area, of searched records":
            share([v.finds_inside > 0 for v in seen]),
        "more than half of the recorded number found inside, of searched records":
            share([v.finds_inside > (v.devices_recorded or 0) / 2 for v in seen]),
        "most finds in reach lie inside, of records with finds":
            share([v.finds_inside > v.finds_in_reach / 2 for v in with_finds]),
        "accurate, of the records that could be decided":
            share([v.status is RecordStatus.ACCURATE for v in decided]),
    }


def _sentence(n: int, exact: Interval | None, bounds: Interval, model: Interval,
              counts: Mapping[RecordStatus, int]) -> str:
    undecided = counts[RecordStatus.NOT_YET_VERIFIABLE]
    sampled = "" if exact is None else (
        f" The {exact.name} alone says {exact.low:.0%} to {exact.high:.0%} (95%, exact)."
    )
    return (
        f"Of N = {n} records, {model.value:.0%} are accurate under the definition given "
        f"(90% interval {model.low:.0%} to {model.high:.0%}, {model.name}); "
        f"{undecided} records ({undecided / n:.0%}) are not yet verifiable.{sampled} "
        f"Without any model the bounds are {bounds.low:.0%} to {bounds.high:.0%}."
    )
