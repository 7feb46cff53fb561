"""Locate every record of the register."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from shapely.geometry.base import BaseGeometry

from fieldproof.adapters.register import Register
from fieldproof.locate import ErrorBudget, containment_outline, locate_many, recorded_shape
from fieldproof.locate.types import LocatedRecord
from fieldproof.workflows.assemble import AssembledRecord, assemble_records
from fieldproof.workflows.progress_port import Progress, silent

#: The level of the outline that safety statements use.
CONTAINMENT_LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class RecordOnGround:
    """A record with its place.

    Attributes:
        assembled: the record as the register holds it.
        located: where it lies, and how surely.
        outline: best reading of the recorded area, WGS 84; None where it cannot be located.
        containment: the outline that holds the whole recorded area with probability
            `CONTAINMENT_LEVEL` under the error budget, WGS 84; None as above.

    """

    assembled: AssembledRecord
    located: LocatedRecord
    outline: BaseGeometry | None
    containment: BaseGeometry | None


def locate_records(
    register: Register,
    *,
    as_of: str | None = None,
    budget: ErrorBudget | None = None,
    seed: int = 1,
    n_draws: int = 1000,
    progress: Progress = silent,
) -> list[RecordOnGround]:
    """Locate every record, with both its outlines; the same seed gives the same outlines."""
    assembled = assemble_records(register, as_of=as_of)
    located = locate_many([record.paper for record in assembled], budget)
    out = []
    for i, (record, place) in enumerate(zip(assembled, located, strict=True)):
        progress(i, len(assembled), "locating records")
        # a stream of its own, so that a record's outline does not depend on its neighbours
        rng = np.random.default_rng([seed, i])
        out.append(_on_ground(record, place, rng, n_draws))
    progress(len(assembled), len(assembled), "locating records")
    return out


def _on_ground(
    record: AssembledRecord, located: LocatedRecord, rng: np.random.Generator, n_draws: int
) -> RecordOnGround:
    located = replace(
        located,
        datum_operation=located.datum_operation or record.datum_operation,
        datum_sigma_m=located.datum_sigma_m or record.datum_sigma_m,
        assumptions=(*located.assumptions, *record.warnings),
        problems=(*record.problems, *located.problems),
        simulated=record.row.simulated,
    )
    if not located.located:
        return RecordOnGround(record, located, None, None)
    outline = located.frame.shape_to_lonlat(recorded_shape(located.parts))
    containment = containment_outline(
        located, level=CONTAINMENT_LEVEL, n_draws=n_draws, rng=rng
    )
    return RecordOnGround(record, located, outline, located.frame.shape_to_lonlat(containment))
