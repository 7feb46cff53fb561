"""Locate records: each part's corners with their covariance, and what was assumed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from scipy.stats import chi2

from fieldproof.geo.frame import LocalFrame
from fieldproof.geo.magnetism import FIRST_YEAR, LAST_YEAR, declinations_deg
from fieldproof.locate.budget import ErrorBudget
from fieldproof.locate.directions import Correction, clockwise_deg, needs_model, true_correction
from fieldproof.locate.network import Solution, Topology, solve
from fieldproof.locate.plan import LegPlan, RecordPlan, plan_record
from fieldproof.locate.types import (
    Closure,
    LocatedPart,
    LocatedRecord,
    PaperPoint,
    PaperRecord,
)

FloatArray = npt.NDArray[np.float64]


@dataclass(slots=True)
class _Work:
    """A record on its way."""

    record: PaperRecord
    plan: RecordPlan
    frame: LocalFrame
    correction: Correction
    parts: list[LocatedPart]


def locate(record: PaperRecord, budget: ErrorBudget | None = None) -> LocatedRecord:
    """Locate one record. A bad record raises nothing: its `problems` say why it has no place."""
    return locate_many([record], budget)[0]


def locate_many(
    records: Sequence[PaperRecord], budget: ErrorBudget | None = None
) -> list[LocatedRecord]:
    """Locate records, in their order; equals `locate` of each.

    Records of the same build (corners, ties, landmarks) are solved together, so the cost is a few
    array operations for each build and grows linearly with the records.
    """
    budget = ErrorBudget() if budget is None else budget
    declinations = _declinations(records)
    works = [
        _start(record, budget, declinations.get(i)) for i, record in enumerate(records)
    ]
    groups: defaultdict[Topology, list[tuple[_Work, LegPlan]]] = defaultdict(list)
    for work in works:
        for leg_plan in work.plan.by_legs:
            groups[leg_plan.topology].append((work, leg_plan))
        for part, points in work.plan.by_points.items():
            work.parts.append(_by_points(work, part, points, budget))
    for topology, members in groups.items():
        _solve_group(topology, members, budget)
    return [_finish(work) for work in works]


def _declinations(records: Sequence[PaperRecord]) -> dict[int, tuple[float, float]]:
    """Record index -> declination and its sigma, for all that need the model, in one evaluation."""
    wanted = [
        (i, origin, record.laid_on) for i, record in enumerate(records)
        if (origin := _origin(record)) is not None and record.laid_on is not None
        and FIRST_YEAR <= record.laid_on.year < LAST_YEAR and needs_model(record)
    ]
    if not wanted:
        return {}
    value, sigma = declinations_deg(
        [w[1][0] for w in wanted], [w[1][1] for w in wanted], [w[2] for w in wanted]
    )
    return {w[0]: (float(value[k]), float(sigma[k])) for k, w in enumerate(wanted)}


def _origin(record: PaperRecord) -> tuple[float, float] | None:
    """The first point of the record: the origin of its plane."""
    return record.points[0].lonlat if record.points else None


def _start(
    record: PaperRecord, budget: ErrorBudget, declination: tuple[float, float] | None
) -> _Work:
    plan = plan_record(record)
    origin = _origin(record) or (0.0, 0.0)
    correction = (
        true_correction(record, origin, budget, declination) if plan.by_legs
        else Correction(0.0, 0.0)
    )
    return _Work(record, plan, LocalFrame(*origin), correction, [])


def _solve_group(
    topology: Topology, members: Sequence[tuple[_Work, LegPlan]], budget: ErrorBudget
) -> None:
    """Solve all parts of one build, and add each to its record."""
    azimuth = np.array([
        [clockwise_deg(leg.azimuth, work.record.angle_unit, work.record.angle_sense)
         + work.correction.add_deg for leg in plan.legs]
        for work, plan in members
    ])
    distance = np.array([[leg.distance_m for leg in plan.legs] for _, plan in members])
    landmarks = np.array([
        [_xy(work.frame, mark.lonlat) for mark in plan.landmarks] for work, plan in members
    ])
    sigma = _sigma(members, distance, budget)
    solution = solve(topology, landmarks, np.radians(azimuth), distance, sigma)
    for k, (work, plan) in enumerate(members):
        work.parts.append(_part(solution, k, plan, work))


def _xy(frame: LocalFrame, lonlat: tuple[float, float]) -> FloatArray:
    if lonlat == (frame.lon0, frame.lat0):
        return np.zeros(2)  # spares the projection where a record has one landmark, the origin
    return frame.to_xy(lonlat)


def _sigma(
    members: Sequence[tuple[_Work, LegPlan]], distance: FloatArray, budget: ErrorBudget
) -> FloatArray:
    """(m, 2 + 2n + 2l) 1 sigma of the parameters of `network.solve`."""
    m, n = distance.shape
    shared = np.array([[np.hypot(budget.rotation_deg, work.correction.sigma_deg)]
                       for work, _ in members])
    own = np.array([[leg.distance_sigma_m or 0.0 for leg in plan.legs] for _, plan in members])
    ratio = np.maximum(budget.distance, budget.distance_floor_m / distance)
    ratio = np.where(own > 0, own / distance, ratio)
    marks = np.array([
        [s for mark in plan.landmarks for s in [point_sigma_m(mark, budget)] * 2]
        for _, plan in members
    ])
    return np.hstack([
        np.radians(shared), np.full((m, 1), budget.scale),
        np.full((m, n), np.radians(budget.angle_deg)), ratio, marks,
    ])


def point_sigma_m(point: PaperPoint, budget: ErrorBudget) -> float:
    """1 sigma per axis of a point: its own where known, and that it is the point that is meant."""
    base = point.sigma_m
    if base is None:
        base = budget.surveyed_landmark_m if point.surveyed else budget.landmark_m
    return float(np.hypot(base, budget.landmark_identity_m))


def _part(solution: Solution, k: int, plan: LegPlan, work: _Work) -> LocatedPart:
    corners, closure = solution.corners[k], None
    if plan.topology.conditions:
        freedom = solution.misclosure.shape[1]
        w = solution.misclosure[k]
        closure = Closure(
            (float(w[0]), float(w[1])), float(solution.chi_square[k]),
            float(chi2.sf(solution.chi_square[k], freedom)),
        )
        if closure.p_value < 0.001:
            work.plan.problems.append(
                f"part {plan.part}: legs and ties disagree by {np.hypot(*w[:2]):.0f} m or more, "
                f"far beyond their errors (p = {closure.p_value:.1g}): a blunder on the form or "
                "in its transcription"
            )
    return LocatedPart(plan.part, corners, solution.covariance[k], closure)


def _by_points(
    work: _Work, part: int, points: Iterable[PaperPoint], budget: ErrorBudget
) -> LocatedPart:
    """A part from coordinates; the points of one map share a part of their errors."""
    ordered = sorted(points, key=lambda p: p.sequence)
    vertices = np.array([work.frame.to_xy(p.lonlat) for p in ordered])
    sigma = np.repeat([point_sigma_m(p, budget) for p in ordered], 2)
    same_axis = np.tile(np.eye(2), (len(ordered), len(ordered)))
    share = budget.shared_point_share
    covariance = np.outer(sigma, sigma) * same_axis * share
    covariance[np.diag_indices(len(sigma))] = sigma**2
    return LocatedPart(part, vertices, covariance)


def _finish(work: _Work) -> LocatedRecord:
    parts = tuple(sorted(work.parts, key=lambda p: p.part))
    for part in parts:
        if len(part.vertices) >= 3 and not shapely.is_valid(shapely.polygons(part.vertices)):
            work.plan.problems.append(f"part {part.part}: the perimeter crosses itself")
    shift = shift_covariance(parts) if parts else np.zeros((2, 2))
    return LocatedRecord(
        record_id=work.record.record_id,
        frame=work.frame,
        parts=parts,
        shift_covariance=shift,
        declination_deg=work.correction.declination_deg,
        convergence_deg=work.correction.convergence_deg,
        assumptions=(*work.correction.assumptions, *work.plan.assumptions),
        problems=tuple(work.plan.problems),
    )


def shift_covariance(parts: Sequence[LocatedPart]) -> FloatArray:
    """(2, 2) m²: covariance of the mean corner, averaged over parts by their corners."""
    n = sum(len(p.vertices) for p in parts)
    total = np.zeros((2, 2))
    for part in parts:
        k = len(part.vertices)
        blocks = part.covariance.reshape(k, 2, k, 2)
        total += blocks.mean(axis=(0, 2)) * k / n
    return total
