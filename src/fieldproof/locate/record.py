"""Locate records: each part's corners with their covariance, and what was assumed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Proj
from scipy.special import chdtrc

from fieldproof.geo.frame import LocalFrame
from fieldproof.locate.budget import ErrorBudget
from fieldproof.locate.directions import NO_CORRECTION, Correction, clockwise_deg, corrections
from fieldproof.locate.plan import PartPlan, Plan, make_plan
from fieldproof.locate.prior import Group, inflated, prior
from fieldproof.locate.sketch import sketch
from fieldproof.locate.traverse import Solution, solve
from fieldproof.locate.types import (
    Agreement,
    Closure,
    LocatedPart,
    LocatedRecord,
    PaperRecord,
)

FloatArray = npt.NDArray[np.float64]

#: Below this chance, what a form says in two ways is called a blunder and its errors are widened.
BLUNDER_P: Final = 0.001
#: Records solved in one go: keeps the arrays in the processor's cache.
_CHUNK: Final = 512


@dataclass(slots=True)
class _Work:
    """A record on its way: n is its names, in the order of their numbers."""

    record: PaperRecord
    plan: Plan
    names: list[str]
    correction: Correction = NO_CORRECTION
    out: LocatedRecord | None = None


def locate(record: PaperRecord, budget: ErrorBudget | None = None) -> LocatedRecord:
    """Locate one record. A bad record raises nothing: its `problems` say why it has no place."""
    return locate_many([record], budget)[0]


def locate_many(
    records: Sequence[PaperRecord], budget: ErrorBudget | None = None
) -> list[LocatedRecord]:
    """Locate records, in their order; equals `locate` of each.

    Records of one build (corners, ties, landmarks) are solved together, and the field model is
    evaluated once for all, so the cost is a few array operations for each build and grows
    linearly with the records.
    """
    budget = ErrorBudget() if budget is None else budget
    works = []
    for record in records:
        build, names = sketch(record)
        works.append(_Work(record, make_plan(build), names))
    places = [
        w.record.points[w.plan.marks[0]].lonlat if w.plan.legs else None for w in works
    ]
    for work, correction in zip(works, corrections(records, places, budget), strict=True):
        work.correction = correction
    groups: dict[int, list[_Work]] = {}
    for work in works:
        groups.setdefault(id(work.plan), []).append(work)
    for members in groups.values():
        for start in range(0, len(members), _CHUNK):
            _locate_group(members[start:start + _CHUNK], budget)
    return [work.out for work in works if work.out is not None]


def _locate_group(members: Sequence[_Work], budget: ErrorBudget) -> None:
    """Locate records that have one plan."""
    plan = members[0].plan
    if not plan.parts:
        for work in members:
            work.out = _unlocated(work)
        return
    lonlat = np.array([[w.record.points[i].lonlat for i in plan.marks] for w in members])
    group = Group(
        tuple(plan.marks), tuple(plan.legs), [w.record for w in members],
        np.array([w.correction.sigma_deg for w in members]),
    )
    distance = group.distances_m()
    azimuth = _azimuths(members, plan, lonlat)
    sigma = prior(group, distance, budget)
    marks = planes_xy(lonlat)
    solution = solve(plan.topology, marks, azimuth, distance, sigma)
    freedom = [2 * len(test) for test in plan.topology.tests]
    p_values = np.asarray(chdtrc(freedom, solution.chi_square), dtype=np.float64)
    bad = np.flatnonzero((p_values < BLUNDER_P).any(axis=1))
    covariance = solution.covariance
    if len(bad):
        wider = inflated(sigma, plan, solution, p_values, bad, BLUNDER_P)
        again = solve(plan.topology, marks[bad], azimuth[bad], distance[bad], wider)
        solution.corners[bad], covariance[bad] = again.corners, again.covariance
    crossing = _crossing(plan, solution.corners)
    for k, work in enumerate(members):
        frame = LocalFrame(float(lonlat[k, 0, 0]), float(lonlat[k, 0, 1]))
        work.out = _finish(work, frame, solution, p_values, crossing, k)


def _azimuths(members: Sequence[_Work], plan: Plan, lonlat: FloatArray) -> FloatArray:
    """(m, n) radians clockwise from the north of each record's plane."""
    written = np.array([
        [clockwise_deg(w.record.legs[i].azimuth, w.record.angle_unit, w.record.angle_sense)
         + w.correction.add_deg for i in plan.legs]
        for w in members
    ]).reshape(len(members), -1)
    near = lonlat[:, list(plan.leg_marks)]
    # convergence of the plane where the leg starts; 0 at the plane's origin
    turn = (near[..., 0] - lonlat[:, :1, 0]) * np.sin(np.radians(near[..., 1]))
    return np.asarray(np.radians(written - turn))


@lru_cache(maxsize=1)
def _meridian() -> Proj:
    return Proj(proj="tmerc", lon_0=0.0, lat_0=0.0, k=1.0, ellps="WGS84")


def planes_xy(lonlat: FloatArray) -> FloatArray:
    """(m, l, 2) metres of (m, l, 2) degrees, row by row in the `LocalFrame` of its first point.

    A transverse Mercator plane depends on the longitude's distance from its meridian only, and its
    latitude of origin only shifts it, so one projection serves all planes.
    """
    origin = lonlat[:, :1]
    x, y = _meridian()(lonlat[..., 0] - origin[..., 0], lonlat[..., 1])
    _, y0 = _meridian()(np.zeros_like(origin[..., 0]), origin[..., 1])
    return np.stack([np.asarray(x), np.asarray(y) - np.asarray(y0)], axis=-1)


def _crossing(plan: Plan, corners: FloatArray) -> dict[int, npt.NDArray[np.bool_]]:
    """First corner of a part -> (m,) whether its perimeter crosses itself."""
    return {
        part.first: np.logical_not(
            shapely.is_valid(shapely.polygons(corners[:, part.first:part.last]))
        )
        for part in plan.parts if part.last - part.first >= 3
    }


def _unlocated(work: _Work) -> LocatedRecord:
    points = work.record.points
    frame = LocalFrame(*points[0].lonlat) if points else LocalFrame(0.0, 0.0)
    return LocatedRecord(
        work.record.record_id, frame, (), np.zeros((2, 2)),
        assumptions=_texts(work.plan.assumptions, work.names),
        problems=_texts(work.plan.problems, work.names),
    )


def _finish(
    work: _Work, frame: LocalFrame, solution: Solution, p_values: FloatArray,
    crossing: dict[int, npt.NDArray[np.bool_]], k: int,
) -> LocatedRecord:
    plan, correction = work.plan, work.correction
    covariance = solution.covariance[k]
    parts, problems = [], list(_texts(plan.problems, work.names))
    for part in plan.parts:
        closure = _closure(part, plan, solution, p_values, k)
        agreement = _agreement(part, plan, solution, p_values, k)
        rows = slice(2 * part.first, 2 * part.last)
        parts.append(LocatedPart(
            part.part, solution.corners[k, part.first:part.last], covariance[rows, rows],
            closure, agreement, _extent(part, work),
        ))
        problems += _blunders(part.part, closure, agreement)
        if part.first in crossing and crossing[part.first][k]:
            problems.append(f"part {part.part}: the perimeter crosses itself; its outline is that "
                            "of the convex area around it")
    return LocatedRecord(
        record_id=work.record.record_id,
        frame=frame,
        parts=tuple(parts),
        shift_covariance=covariance.reshape(-1, 2, len(covariance) // 2, 2).mean(axis=(0, 2)),
        declination_deg=correction.declination_deg,
        convergence_deg=correction.convergence_deg,
        assumptions=(*correction.assumptions, *_texts(plan.assumptions, work.names)),
        problems=tuple(problems),
        covariance=covariance,
    )


def _texts(templates: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    return tuple(text.format(n=names) for text in templates)


def _extent(part: PartPlan, work: _Work) -> tuple[float, float] | None:
    if not part.extent:
        return None
    record = work.record
    return float(record.front_m or 0.0), float(record.depth_m or 0.0)


def _closure(
    part: PartPlan, plan: Plan, solution: Solution, p_values: FloatArray, k: int
) -> Closure | None:
    if part.ring is None:
        return None
    east, north = solution.misclosure[k, plan.topology.tests[part.ring][0]]
    return Closure((float(east), float(north)), float(solution.chi_square[k, part.ring]),
                   float(p_values[k, part.ring]))


def _agreement(
    part: PartPlan, plan: Plan, solution: Solution, p_values: FloatArray, k: int
) -> Agreement | None:
    if part.agreement is None:
        return None
    conditions = plan.topology.tests[part.agreement]
    off = solution.misclosure[k, list(conditions)]
    return Agreement(
        float(np.hypot(off[:, 0], off[:, 1]).max()), float(solution.chi_square[k, part.agreement]),
        2 * len(conditions), float(p_values[k, part.agreement]),
    )


def _blunders(part: int, closure: Closure | None, agreement: Agreement | None) -> list[str]:
    """What a form says in two ways that its errors cannot explain."""
    out = []
    if closure is not None and closure.p_value < BLUNDER_P:
        out.append(
            f"part {part}: the sides do not close by {np.hypot(*closure.misclosure_m):.0f} m, far "
            f"beyond their errors (p = {closure.p_value:.1g}): a blunder, or a side that is not on "
            "the form; errors widened to fit"
        )
    if agreement is not None and agreement.p_value < BLUNDER_P:
        out.append(
            f"part {part}: its ties and coordinates disagree by {agreement.largest_m:.0f} m, far "
            f"beyond their errors (p = {agreement.p_value:.1g}): a blunder, or another landmark; "
            "errors widened to fit"
        )
    return out
