"""Which corner each tie, side and coordinate of a part leads to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from fieldproof.locate.sketch import UNNAMED, LegSketch, PointSketch
from fieldproof.model.codes import PointType


@dataclass(frozen=True, slots=True)
class Anchor:
    """A way in which a corner gets its place.

    Attributes:
        corner: number of the corner, from 0.
        point: index of the record's point from which it comes.
        tie: index of the leg between; None: the point is the corner itself.

    """

    corner: int
    point: int
    tie: int | None


@dataclass(frozen=True, slots=True)
class CornerGraph:
    """Corners of a part and what leads to them.

    Attributes:
        n_corners: how many.
        sides: indices of legs; side i leads from corner i to the next.
        closed: the last side leads back to corner 0.
        anchors: at least one; without sides at least one for each corner.
        assumptions: in words.
        problems: in words.

    """

    n_corners: int
    sides: tuple[int, ...]
    closed: bool
    anchors: tuple[Anchor, ...]
    assumptions: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def corner_graph(
    part: int,
    ties: Sequence[tuple[int, LegSketch, int]],
    sides: Sequence[tuple[int, LegSketch]],
    points: Sequence[tuple[int, PointSketch]],
) -> CornerGraph | str:
    """Work out the corners of a part, or say why its legs lead nowhere.

    Args:
        part: its number, for words.
        ties: (index, leg, index of the point it starts from), in order.
        sides: (index, leg), in order.
        points: (index, point) of the corners with coordinates, in order.

    """
    if not ties and not (sides and points):
        return f"part {part} has no tie from a landmark, nor a corner with coordinates"
    return _with_sides(ties, sides, points) if sides else _polar(ties, points)


def _with_sides(
    ties: Sequence[tuple[int, LegSketch, int]],
    sides: Sequence[tuple[int, LegSketch]],
    points: Sequence[tuple[int, PointSketch]],
) -> CornerGraph | str:
    notes: list[str] = []
    names, closed = _ring([leg for _, leg in sides], [leg.end for _, leg, _ in ties], notes)
    by_name = {name: i for i, name in reversed(list(enumerate(names))) if name >= 0}
    anchors = []
    for index, leg, start in ties:
        if leg.end >= 0 and leg.end not in by_name:
            notes.append(f"tie {leg.sequence} leads to {{n[{leg.end}]}}, which no side names: "
                         "taken as the start of the sides")
        anchors.append(Anchor(by_name.get(leg.end, 0), start, index))
    placed = _place_points(points, by_name, len(names))
    anchors += [Anchor(corner, index, None) for corner, index in placed.items()]
    if len(placed) < len(points):
        notes.append(f"{len(points) - len(placed)} corner(s) with coordinates belong to none of "
                     "the sides: left out")
    if not anchors:
        return "no corner of the sides has a place"
    if ties and placed:
        notes.append("legs and coordinates lead to the same corners: adjusted together")
    return CornerGraph(len(names), tuple(i for i, _ in sides), closed, tuple(anchors),
                       tuple(notes))


def _ring(
    sides: list[LegSketch], tie_ends: list[int], notes: list[str]
) -> tuple[list[int], bool]:
    """Name of each corner along the sides, and whether the last side leads back to the first.

    A form that names no corners is taken to list every side, from three sides on.
    """
    n = len(sides)
    names = [sides[0].start]
    for i, side in enumerate(sides):
        following = sides[i + 1].start if i + 1 < n else UNNAMED
        names.append(side.end if side.end >= 0 else following)
    if names[0] < 0:
        inner = names[1:n]
        names[0] = next((end for end in tie_ends if end >= 0 and end not in inner), UNNAMED)
    told = names[0] >= 0 and names[n] >= 0
    closed = n >= 3 and (not told or names[0] == names[n])
    if closed and not told:
        notes.append("the last side is taken to lead back to the first corner")
    if not closed and n >= 2:
        notes.append("the closing side is not on the form")
    if closed:
        last = names.pop()
        names[0] = names[0] if names[0] >= 0 else last
    return names, closed


def _place_points(
    points: Sequence[tuple[int, PointSketch]], by_name: dict[int, int], n_corners: int
) -> dict[int, int]:
    """Corner -> index of the point that gives its coordinates."""
    placed = {by_name[p.name]: i for i, p in points if p.name in by_name}
    if placed:
        return placed
    if len(points) == n_corners:
        return {corner: i for corner, (i, _) in enumerate(points)}
    starts = [i for i, p in points if p.type is PointType.START_POINT]
    if len(starts) == 1:
        return {0: starts[0]}
    return {0: points[0][0]} if len(points) == 1 else {}


def _polar(
    ties: Sequence[tuple[int, LegSketch, int]], points: Sequence[tuple[int, PointSketch]]
) -> CornerGraph:
    """Corners that are each given by a tie of their own.

    Ties without a name: the first of each landmark leads to the first corner, and so on.
    """
    number: dict[int | tuple[int], int] = {}
    seen: Counter[int] = Counter()
    anchors = []
    for index, leg, start in ties:
        key: int | tuple[int] = leg.end if leg.end >= 0 else (seen[start],)
        seen[start] += 1
        anchors.append(Anchor(number.setdefault(key, len(number)), start, index))
    matched = {number[p.name]: i for i, p in points if p.name in number}
    if len(points) == 1 and len(number) == 1:
        matched = {0: points[0][0]}
    if len(matched) < len(points):
        return _rivals(number, anchors, points)
    anchors += [Anchor(corner, index, None) for corner, index in matched.items()]
    notes = ("legs and coordinates lead to the same corners: adjusted together",)
    return CornerGraph(len(number), (), False, tuple(anchors), notes if matched else ())


def _rivals(
    number: dict[int | tuple[int], int], anchors: list[Anchor],
    points: Sequence[tuple[int, PointSketch]],
) -> CornerGraph:
    """Ties and coordinates that lead to corners of different names: the longer list is taken."""
    if len(points) >= len(number):
        anchors = [Anchor(i, index, None) for i, (index, _) in enumerate(points)]
        taken, other = "coordinates", "ties"
    else:
        taken, other = "ties", "coordinates"
    text = (f"its ties and its coordinates lead to different corners: plotted from its {taken}; "
            f"what the {other} add is missing")
    return CornerGraph(max(len(points), len(number)), (), False, tuple(anchors), (), (text,))
