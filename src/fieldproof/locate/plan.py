"""What of a record leads where: from the legs and points of a form to chains of legs.

A part of a record is plotted from its legs where it has a tie from a landmark with coordinates,
and from the coordinates of its turning points otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from fieldproof.locate.network import Topology
from fieldproof.locate.types import PaperLeg, PaperPoint, PaperRecord
from fieldproof.model.codes import AngleUnit, LegKind, PointType


@dataclass(frozen=True, slots=True)
class LegPlan:
    """A part that is plotted from legs.

    Attributes:
        part: number.
        legs: ties first, then the perimeter, in order.
        landmarks: those that the ties start from, in order of first use.
        topology: how they lead to the corners.
        closed: the perimeter returns to its start.

    """

    part: int
    legs: tuple[PaperLeg, ...]
    landmarks: tuple[PaperPoint, ...]
    topology: Topology
    closed: bool


@dataclass(slots=True)
class RecordPlan:
    """How each part of a record is plotted, and why a part is not.

    Attributes:
        by_legs: parts plotted from legs.
        by_points: part -> its points in order.
        assumptions: in words.
        problems: in words.

    """

    by_legs: list[LegPlan] = field(default_factory=list)
    by_points: dict[int, tuple[PaperPoint, ...]] = field(default_factory=dict)
    assumptions: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def plan_record(record: PaperRecord) -> RecordPlan:
    """Plan every part of a record."""
    plan = RecordPlan()
    parts = sorted({leg.part for leg in record.legs}
                   | {p.part for p in record.points if p.point_type is not PointType.LANDMARK})
    if not parts:
        plan.problems.append("no legs and no turning points: nothing to plot")
    for part in parts:
        _plan_part(record, part, plan)
    return plan


def _plan_part(record: PaperRecord, part: int, plan: RecordPlan) -> None:
    legs = [leg for leg in record.legs if leg.part == part]
    points = tuple(p for p in record.points
                   if p.part == part and p.point_type is not PointType.LANDMARK)
    legs_problem = _why_not_by_legs(record, legs, part)
    if legs_problem is None:
        plan.by_legs.append(_leg_plan(record, legs, part, plan))
        if points:
            plan.assumptions.append(
                f"part {part} has legs and coordinates: plotted from its legs"
            )
    elif points:
        plan.by_points[part] = points
        if legs:
            plan.assumptions.append(f"{legs_problem}; part {part} plotted from its coordinates")
    else:
        plan.problems.append(legs_problem)


def _why_not_by_legs(record: PaperRecord, legs: list[PaperLeg], part: int) -> str | None:
    ties = [leg for leg in legs if leg.kind is LegKind.TIE]
    if not ties:
        return f"part {part} has no tie from a landmark"
    if record.angle_unit is AngleUnit.UNKNOWN:
        return "unit of the angles unknown: no direction can be plotted"
    known = {p.point_id for p in record.points}
    if not any(tie.from_point in known for tie in ties):
        names = ", ".join(str(tie.from_point) for tie in ties)
        return f"part {part}: landmark {names} has no coordinates that can be read"
    if any(leg.distance_m <= 0 for leg in legs):
        return f"part {part} has a leg without length"
    return None


def _leg_plan(
    record: PaperRecord, legs: list[PaperLeg], part: int, plan: RecordPlan
) -> LegPlan:
    points = {p.point_id: p for p in record.points}
    all_ties = [leg for leg in legs if leg.kind is LegKind.TIE]
    ties = [leg for leg in all_ties if leg.from_point in points]
    if len(ties) < len(all_ties):
        plan.assumptions.append(
            f"part {part}: {len(all_ties) - len(ties)} tie(s) left out, their landmark has no "
            "coordinates that can be read"
        )
    ring = [leg for leg in legs if leg.kind is LegKind.PERIMETER]
    closed = _is_closed(ties[0], ring)
    landmarks = tuple(dict.fromkeys(points[str(tie.from_point)] for tie in ties))
    mark = {p.point_id: i for i, p in enumerate(landmarks)}
    chains = _chains(ties[0], mark, len(ties), ring)
    names = _corner_names(ties[0], ring)
    conditions = []
    if closed:
        conditions.append((chains[-1], chains[0]))
    for i, tie in enumerate(ties[1:], start=1):
        corner = names.get(tie.to_point, 0) if tie.to_point else 0
        conditions.append(((mark[str(tie.from_point)], (i,)), chains[corner]))
    corners = chains[:-1] if closed else chains
    topology = Topology(len(ties) + len(ring), len(landmarks), tuple(corners), tuple(conditions))
    if ring and not closed:
        plan.assumptions.append(f"part {part}: the closing side is not on the form")
    return LegPlan(part, (*ties, *ring), landmarks, topology, closed)


def _chains(
    tie: PaperLeg, mark: dict[str, int], n_ties: int, ring: list[PaperLeg]
) -> list[tuple[int, tuple[int, ...]]]:
    first = mark[str(tie.from_point)]
    return [(first, (0, *range(n_ties, n_ties + i))) for i in range(len(ring) + 1)]


def _corner_names(tie: PaperLeg, ring: list[PaperLeg]) -> dict[str | None, int]:
    names: dict[str | None, int] = {tie.to_point: 0}
    for i, leg in enumerate(ring, start=1):
        names.setdefault(leg.to_point, i)
    return names


def _is_closed(tie: PaperLeg, ring: list[PaperLeg]) -> bool:
    """Whether the last leg is said to lead back to where the tie leads.

    A form that names no corners is taken to list every side, from three sides on.
    """
    if len(ring) < 3:
        return False
    if tie.to_point is None or ring[-1].to_point is None:
        return True
    return ring[-1].to_point == tie.to_point
