"""Audit the register's records against what the field has found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fieldproof.adapters.register import EntityRow, Register
from fieldproof.audit.batch import BatchFigure, batch_figure
from fieldproof.audit.evidence import FindInput, SearchInput, build_evidence
from fieldproof.audit.prior import REFERENCE, Prior
from fieldproof.audit.status import Thresholds
from fieldproof.audit.verdict import Verdict, judge, not_locatable
from fieldproof.locate.budget import ErrorBudget
from fieldproof.model.codes import DeviceClass, SearchMethod
from fieldproof.model.rows import Value
from fieldproof.workflows.locate_records import RecordOnGround, locate_records
from fieldproof.workflows.progress_port import Progress, silent


@dataclass(frozen=True, slots=True)
class AuditResult:
    """An audit of all records of a register.

    Attributes:
        records: each record on the ground with its verdict, in the order of their ids.
        figure: the figure of the batch, with its definition and its denominator.
        thresholds: the thresholds in force.
        prior: the prior in force.
        seed: the seed; the same register, thresholds, prior and seed give the same result.
        head: line and hash of the ledger that the audit rests on.

    """

    records: list[tuple[RecordOnGround, Verdict]]
    figure: BatchFigure
    thresholds: Thresholds
    prior: Prior
    seed: int
    head: tuple[int, str]


def audit_batch(
    register: Register,
    *,
    sampled_ids: frozenset[str] | None = None,
    thresholds: Thresholds | None = None,
    prior: Prior = REFERENCE,
    budget: ErrorBudget | None = None,
    as_of: str | None = None,
    seed: int = 1,
    progress: Progress = silent,
) -> AuditResult:
    """Locate and judge every record, and work out the figure of the batch.

    Args:
        register: where records, searches and finds are.
        sampled_ids: records that were drawn at random for verification; None where no random
            sample was drawn, and then there is no exact interval.
        thresholds: limits of the statuses; printed with every result.
        prior: named prior of the model.
        budget: error budget of locating.
        as_of: judge on what was known on this day, `YYYY-MM-DD`.
        seed: of every random number.
        progress: told how far it is.

    """
    thresholds = Thresholds() if thresholds is None else thresholds
    placed = locate_records(register, as_of=as_of, budget=budget, seed=seed, progress=progress)
    searches = [_search(row) for row in register.rows("searches", as_of=as_of) if row.geometry]
    finds = [_find(row) for row in register.rows("finds", as_of=as_of) if row.geometry]
    judged = []
    for i, record in enumerate(placed):
        progress(i, len(placed), "judging records")
        judged.append((record, _judge(record, searches, finds, thresholds, prior, seed + i)))
    progress(len(placed), len(placed), "judging records")
    figure = batch_figure(
        [verdict for _, verdict in judged], sampled_ids=sampled_ids, seed=seed,
    )
    return AuditResult(judged, figure, thresholds, prior, seed, register.head())


def _judge(
    record: RecordOnGround, searches: list[SearchInput], finds: list[FindInput],
    thresholds: Thresholds, prior: Prior, seed: int,
) -> Verdict:
    located = record.located
    if not located.located:
        return not_locatable(located.record_id, located.problems, thresholds, prior)
    evidence = build_evidence(
        located, searches, finds, record.assembled.devices_recorded,
        laid_on=record.assembled.paper.laid_on, seed=seed,
    )
    return judge(evidence, thresholds, prior)


def _search(row: EntityRow) -> SearchInput:
    values = row.values
    return SearchInput(
        search_id=row.entity_id,
        polygon=row.geometry,
        method=SearchMethod(str(values["method"])),
        pod=None if values.get("pod") is None else float(values["pod"]),  # type: ignore[arg-type]
        started_on=_date(values.get("started_on")),
        ended_on=_date(values.get("ended_on")),
        device_class=_device_class(values.get("device_class")),
    )


def _find(row: EntityRow) -> FindInput:
    values = row.values
    sigma = values.get("position_accuracy_m")
    return FindInput(
        find_id=row.entity_id,
        lonlat=(row.geometry.x, row.geometry.y),  # type: ignore[union-attr]
        sigma_m=None if sigma is None else float(sigma),
        found_on=_date(values.get("found_on")),
        device_class=_device_class(values.get("device_class")),
    )


def _device_class(value: Value) -> DeviceClass | None:
    return None if value is None else DeviceClass(str(value))


def _date(value: Value) -> date | None:
    return None if value is None else date.fromisoformat(str(value))
