"""Audit the register's records against what the field has found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from fieldproof.adapters.register import EntityRow, Register
from fieldproof.audit import (
    PRIORS,
    BatchFigure,
    FindInput,
    Ground,
    SearchInput,
    Thresholds,
    Verdict,
    batch_figure,
    gather,
    judge_under,
    not_judged,
)
from fieldproof.audit.prior import Prior
from fieldproof.audit.status import DECIDED
from fieldproof.errors import ModelError
from fieldproof.locate import ErrorBudget
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
        thresholds: in force.
        priors: in force; verdicts are under the first.
        budget: error budget of locating.
        sampled_ids: records drawn at random for verification; None: none were.
        seed: of every random number; the same register and parameters give the same result.
        head: line and hash of the ledger that the audit rests on.
        simulated: a record is made up.

    """

    records: list[tuple[RecordOnGround, Verdict]]
    figure: BatchFigure
    thresholds: Thresholds
    priors: tuple[Prior, ...]
    budget: ErrorBudget
    sampled_ids: frozenset[str] | None
    seed: int
    head: tuple[int, str]
    simulated: bool


def audit_batch(
    register: Register,
    *,
    sampled_ids: frozenset[str] | None = None,
    thresholds: Thresholds | None = None,
    priors: tuple[Prior, ...] = PRIORS,
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
        thresholds: limits of the statuses.
        priors: the first one gives the verdicts, all of them the figure.
        budget: error budget of locating.
        as_of: judge on what was known on this day, `YYYY-MM-DD`.
        seed: of every random number.
        progress: told how far it is.

    Raises:
        ModelError: no records in the register.

    """
    thresholds, budget = thresholds or Thresholds(), budget or ErrorBudget()
    placed = locate_records(register, as_of=as_of, budget=budget, seed=seed, progress=progress)
    if not placed:
        raise ModelError("no minefield records in the register; `fieldproof import` takes them in")
    searches = [_search(row, row.geometry) for row in register.rows("searches", as_of=as_of)
                if row.geometry is not None]
    finds = [_find(row, row.geometry) for row in register.rows("finds", as_of=as_of)
             if row.geometry is not None]
    ground, judged = Ground(searches, finds), []
    for i, record in enumerate(placed):
        progress(i, len(placed), "judging records")
        others = [r.containment for r in placed if r is not record and r.containment is not None]
        judged.append((record, _judge(record, ground, others, thresholds, priors, seed)))
    progress(len(placed), len(placed), "judging records")
    # a record that could not be judged teaches nothing, under whatever prior
    flat = np.ones(len(DECIDED))
    evidence = {p.name: np.array([v.evidence.get(p.name, flat) for _, v in judged])
                for p in priors}
    figure = batch_figure(
        [v for _, v in judged], evidence, thresholds, sampled_ids=sampled_ids, seed=seed,
        groups=[str(r.assembled.row.values.get("batch_id") or "none") for r in placed],
    )
    return AuditResult(judged, figure, thresholds, priors, budget, sampled_ids, seed,
                       register.head(), any(r.located.simulated for r in placed))


def _judge(
    record: RecordOnGround, ground: Ground, others: list[BaseGeometry], thresholds: Thresholds,
    priors: tuple[Prior, ...], seed: int,
) -> Verdict:
    """The verdict under the first prior, which holds the evidence under all of them."""
    located, assembled = record.located, record.assembled
    if not located.located:
        return not_judged(
            located.record_id, located.problems, assembled.devices_recorded,
            thresholds=thresholds, prior=priors[0], assumptions=located.assumptions,
            simulated=located.simulated,
        )
    evidence = gather(
        located, ground, assembled.devices_recorded, laid_on=assembled.paper.laid_on,
        device_classes=assembled.device_classes, others=others, seed=seed,
    )
    return judge_under(evidence, thresholds, priors)[0]


def _search(row: EntityRow, polygon: BaseGeometry) -> SearchInput:
    values = row.values
    return SearchInput(
        search_id=row.entity_id,
        polygon=polygon,
        method=SearchMethod(str(values["method"])),
        pod=None if (pod := values.get("pod")) is None else float(pod),
        started_on=_date(values.get("started_on")),
        ended_on=_date(values.get("ended_on")),
        device_class=_device_class(values.get("device_class")),
    )


def _find(row: EntityRow, place: BaseGeometry) -> FindInput:
    values = row.values
    lon, lat = shapely.get_coordinates(place)[0]
    sigma = values.get("position_accuracy_m")
    return FindInput(
        find_id=row.entity_id,
        lonlat=(float(lon), float(lat)),
        sigma_m=None if sigma is None else float(sigma),
        found_on=_date(values.get("found_on")),
        device_class=_device_class(values.get("device_class")),
    )


def _device_class(value: Value) -> DeviceClass | None:
    return None if value is None else DeviceClass(str(value))


def _date(value: Value) -> date | None:
    return None if value is None else date.fromisoformat(str(value))
