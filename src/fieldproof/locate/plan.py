"""What of a record leads where: from the legs and points of a form to chains of legs.

A part of a record is plotted from its legs where one of its corners has a place (by a tie from a
landmark with coordinates, or by coordinates of its own), and from the coordinates of its corners
otherwise. Every further way to a corner (a second tie, coordinates beside the legs) is a condition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from fieldproof.locate.corners import CornerGraph, corner_graph
from fieldproof.locate.sketch import MARKS, REPEATED, LegSketch, PointSketch, Sketch
from fieldproof.locate.traverse import Chain, Topology
from fieldproof.model.codes import LegKind, PointType


@dataclass(frozen=True, slots=True)
class PartPlan:
    """How one piece of a record is plotted.

    Attributes:
        part: number.
        first: its first corner among those of the record.
        last: behind its last corner.
        ring: test of the topology that its ring closes; None: it has none.
        agreement: test that its several ways to corners agree; None: there is one way.
        extent: it is a corner or a side of an area whose front and depth are on the form.

    """

    part: int
    first: int
    last: int
    ring: int | None = None
    agreement: int | None = None
    extent: bool = False


@dataclass(frozen=True, eq=False)
class Plan:
    """How a record is plotted. Texts have `{n[i]}` for the name with the number i.

    Attributes:
        marks: indices of the record's points that chains start from.
        legs: indices of the record's legs that are used.
        leg_marks: for each leg the mark (position in `marks`) that it is nearest to.
        topology: of all parts together.
        parts: in their order.
        assumptions: in words.
        problems: in words.

    """

    marks: tuple[int, ...]
    legs: tuple[int, ...]
    leg_marks: tuple[int, ...]
    topology: Topology
    parts: tuple[PartPlan, ...]
    assumptions: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(slots=True)
class _Build:
    """A plan in the making."""

    sketch: Sketch
    marks: dict[int, int] = field(default_factory=dict)  # index of a point -> position
    legs: dict[int, int] = field(default_factory=dict)  # index of a leg -> position
    leg_marks: list[int] = field(default_factory=list)
    corners: list[Chain] = field(default_factory=list)
    conditions: list[tuple[Chain, Chain]] = field(default_factory=list)
    tests: list[tuple[int, ...]] = field(default_factory=list)
    parts: list[PartPlan] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def mark(self, point: int) -> int:
        return self.marks.setdefault(point, len(self.marks))

    def leg(self, leg: int, mark: int) -> int:
        if leg not in self.legs:
            self.legs[leg] = len(self.legs)
            self.leg_marks.append(mark)
        return self.legs[leg]

    def test(self, pairs: Sequence[tuple[Chain, Chain]]) -> int | None:
        if not pairs:
            return None
        first = len(self.conditions)
        self.conditions += pairs
        self.tests.append(tuple(range(first, len(self.conditions))))
        return len(self.tests) - 1


@lru_cache(maxsize=4096)
def make_plan(sketch: Sketch) -> Plan:
    """Plan every part of the records that have this sketch."""
    build = _Build(sketch)
    for point in sketch.points:
        if point.fault and point.fault != REPEATED:
            build.problems.append(f"point {{n[{point.name}]}} has {point.fault}: not used")
    parts = sorted({leg.part for leg in sketch.legs}
                   | {p.part for p in sketch.points if p.type not in MARKS})
    for part in parts:
        _plan_part(build, part)
    if not parts:
        build.problems.append("no legs and no corners: nothing to plot")
    topology = Topology(len(build.legs), len(build.marks), tuple(build.corners),
                        tuple(build.conditions), tuple(build.tests))
    return Plan(tuple(build.marks), tuple(build.legs), tuple(build.leg_marks), topology,
                tuple(build.parts), tuple(build.assumptions), tuple(build.problems))


def _plan_part(build: _Build, part: int) -> None:
    legs = [(i, leg) for i, leg in enumerate(build.sketch.legs) if leg.part == part]
    legs.sort(key=lambda pair: pair[1].sequence)
    own = [(i, p) for i, p in enumerate(build.sketch.points)
           if p.part == part and p.type not in MARKS and not p.fault]
    own.sort(key=lambda pair: pair[1].sequence)
    corners = [(i, p) for i, p in own if p.type is not PointType.DEVICE]
    devices = [i for i, p in own if p.type is PointType.DEVICE]
    graph = _graph(build, part, legs, corners)
    if isinstance(graph, CornerGraph):
        _from_legs(build, part, graph)
    elif corners:
        if graph and legs:
            build.assumptions.append(f"{graph}; part {part} plotted from its coordinates")
        _from_points(build, part, [i for i, _ in corners])
    elif devices:
        if legs:
            build.problems.append(graph)
        for device in devices:
            _from_points(build, part, [device], device=True)
        return
    else:
        build.problems.append(graph)
        return
    if devices:
        build.assumptions.append(
            f"part {part}: {len(devices)} device(s) with coordinates are no corners of it"
        )


def _graph(
    build: _Build, part: int, legs: list[tuple[int, LegSketch]],
    corners: list[tuple[int, PointSketch]],
) -> CornerGraph | str:
    """The corners that the legs lead to, or why they lead nowhere."""
    if not legs:
        return f"part {part} has no legs and no corner that can be placed"
    if not build.sketch.unit_known:
        return "unit of the angles unknown: no direction can be plotted"
    for _, leg in legs:
        if leg.fault and leg.kind is LegKind.PERIMETER:
            return f"part {part}: side {leg.sequence} has {leg.fault}"
    sides = [(i, leg) for i, leg in legs if leg.kind is LegKind.PERIMETER]
    ties, left_out = _usable_ties(build, legs)
    graph = corner_graph(part, ties, sides, corners)
    if isinstance(graph, CornerGraph):
        build.assumptions += [f"part {part}: {text}: left out" for text in left_out]
        return graph
    return "; ".join([f"part {part}: {text}" for text in left_out] or [graph])


def _usable_ties(
    build: _Build, legs: list[tuple[int, LegSketch]]
) -> tuple[list[tuple[int, LegSketch, int]], list[str]]:
    """(leg, its sketch, point it starts from) of each tie that can be plotted; why the rest not."""
    places = {p.name: i for i, p in enumerate(build.sketch.points) if not p.fault}
    marks = [i for i, p in enumerate(build.sketch.points) if p.type in MARKS and not p.fault]
    usable, left_out = [], []
    for i, leg in legs:
        if leg.kind is not LegKind.TIE:
            continue
        start = places.get(leg.start)
        if leg.start < 0 and len(marks) == 1:
            start = marks[0]  # a form with one landmark need not name it
        if leg.fault:
            left_out.append(f"tie {leg.sequence} has {leg.fault}")
        elif start is None:
            name = f"{{n[{leg.start}]}}" if leg.start >= 0 else "without a name"
            left_out.append(f"tie {leg.sequence}: landmark {name} has no place that can be used")
        else:
            usable.append((i, leg, start))
    return usable, left_out


def _from_legs(build: _Build, part: int, graph: CornerGraph) -> None:
    build.assumptions += [f"part {part}: {text}" for text in graph.assumptions]
    build.problems += [f"part {part}: {text}" for text in graph.problems]
    ways: list[tuple[int, Chain]] = []
    for anchor in graph.anchors:
        mark = build.mark(anchor.point)
        legs = () if anchor.tie is None else ((build.leg(anchor.tie, mark), 1),)
        ways.append((anchor.corner, (mark, legs)))
    base_corner, (mark, tie) = ways[0]
    sides = [build.leg(side, mark) for side in graph.sides]

    def chain(corner: int) -> Chain:
        forth = tuple((leg, 1) for leg in sides[base_corner:corner])
        back = tuple((leg, -1) for leg in sides[corner:base_corner])
        return mark, (*tie, *forth, *back)

    if graph.sides:
        corners = [chain(i) for i in range(graph.n_corners)]
        if _is_two_sides_of_four(build.sketch, graph):
            corners.append((mark, (*corners[0][1], (sides[1], 1))))
            build.assumptions.append(
                f"part {part}: two sides given, with front and depth: completed to four"
            )
        rivals = [(way, chain(corner)) for corner, way in ways[1:]]
    else:
        first = dict(reversed(ways))
        corners = [first[i] for i in range(graph.n_corners)]
        rivals = [(way, first[corner]) for corner, way in ways if way is not first[corner]]
    whole: Chain = (mark, tuple((leg, 1) for leg in sides))
    ring = build.test([(whole, (mark, ()))] if graph.closed else [])
    _add_part(build, part, corners, ring, build.test(rivals))


def _is_two_sides_of_four(sketch: Sketch, graph: CornerGraph) -> bool:
    return len(graph.sides) == 2 and sketch.has_front and sketch.has_depth


def _from_points(build: _Build, part: int, points: list[int], *, device: bool = False) -> None:
    _add_part(build, part, [(build.mark(i), ()) for i in points], device=device)


def _add_part(
    build: _Build, part: int, corners: list[Chain], ring: int | None = None,
    agreement: int | None = None, *, device: bool = False,
) -> None:
    first = len(build.corners)
    build.corners += corners
    sketch = build.sketch
    extent = not device and (
        (len(corners) == 1 and sketch.has_front and sketch.has_depth)
        or (len(corners) == 2 and sketch.has_depth)
    )
    if extent:
        build.problems.append(
            f"part {part}: front and depth are on the form, but not where they lie from the "
            f"{'corner' if len(corners) == 1 else 'side'} that is given; the outline reaches out "
            "to every place where the area can be"
        )
    elif len(corners) == 1 and not device and not sketch.one_device:
        build.problems.append(
            f"part {part}: one corner only; how far the area reaches is not on the form"
        )
    build.parts.append(PartPlan(part, first, len(build.corners), ring, agreement, extent))
