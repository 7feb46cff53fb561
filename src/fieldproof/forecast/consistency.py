"""Where statements do not agree, with both sources, deciding nothing.

A disagreement can come of rounding, of another scope, of a slip of a separator or of a correction
that nobody announced. It is shown with its size; which statement is right is not for a program.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from statistics import median
from typing import Any, Final

from fieldproof.forecast.figures import CASUALTIES, MEASURES, WHOLE, Figure, Part

SHORT: Final = ("weekly", "monthly", "quarterly", "annual", "other")


@dataclass(frozen=True, slots=True)
class Tolerances:
    """What still counts as agreement. Printed with the result.

    Attributes:
        relative: difference of two figures of the same thing, as a share of the larger.
        rounding: fall of a cumulative total that rounding explains, as a share.
        neighbours: ratio to the median of the weeks around from which a week stands out.
        around_days: how far those weeks lie away.
        magnitude: ratio from which two figures differ in their order of magnitude.
        edge_days: days that a period and the totals around it may lie apart.

    """

    relative: float = 0.005
    rounding: float = 0.01
    neighbours: float = 5.0
    around_days: int = 60
    magnitude: float = 5.0
    edge_days: int = 1


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """Two statements, or the parts of one, that do not agree.

    Attributes:
        kind: which check.
        text: what does not agree, in neutral words.
        left: one source with its value.
        right: the other.
        size: difference as a share of the larger value.

    """

    kind: str
    text: str
    left: dict[str, Any]
    right: dict[str, Any]
    size: float

    @property
    def id(self) -> str:
        """Stable name: the check and what it compares."""
        sides = (f"{s['figure_id']}.{s['measure']}" for s in (self.left, self.right))
        return f"{self.kind}:{':'.join(sides)}"

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"id": self.id, "kind": self.kind, "text": self.text, "left": self.left,
                "right": self.right, "size": round(self.size, 4)}


def find_inconsistencies(
    figures: Sequence[Figure], tolerances: Tolerances | None = None
) -> list[Inconsistency]:
    """Every disagreement among statements, the largest first within each kind."""
    limits = tolerances or Tolerances()
    checks: tuple[Callable[[Sequence[Figure], Tolerances], Iterator[Inconsistency]], ...] = (
        _sums_within, _same_period, _swapped, _falling_totals, _parts_of_periods,
        _against_totals, _parts_above_totals, _breakdowns, _outstanding_weeks, _odd_periods,
    )
    found = {i.id: i for check in checks for i in check(figures, limits)}
    return sorted(found.values(), key=lambda i: (i.kind, -i.size, i.id))


def _apart(a: float, b: float) -> float:
    larger = max(abs(a), abs(b))
    return 0.0 if larger == 0 else abs(a - b) / larger


def _number(value: float) -> str:
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def _sums_within(figures: Sequence[Figure], limits: Tolerances) -> Iterator[Inconsistency]:
    """Killed and injured against casualties, inside one statement."""
    del limits
    for f in figures:
        if not all(m in f.values for m in CASUALTIES):
            continue
        killed, injured, stated = (f.values[m] for m in CASUALTIES)
        if killed + injured != stated:
            left = f.reference("casualties")
            right = f.reference("killed") | {"value": killed + injured, "measure": "killed+injured"}
            yield Inconsistency(
                "sum_within_statement",
                f"{_number(killed)} killed and {_number(injured)} injured are "
                f"{_number(killed + injured)}; {_number(stated)} casualties are stated",
                left, right, _apart(killed + injured, stated),
            )


def _same_period(figures: Sequence[Figure], limits: Tolerances) -> Iterator[Inconsistency]:
    """Different values of one measure for the same period."""
    groups: defaultdict[Any, list[Figure]] = defaultdict(list)
    for f in figures:
        groups[f.start, f.end, f.scope, f.part].append(f)
    for group in groups.values():
        for a, b in combinations(group, 2):
            for m in sorted(set(a.values) & set(b.values)):
                x, y = a.values[m], b.values[m]
                size = _apart(x, y)
                if size <= limits.relative:
                    continue
                ratio = max(x, y) / max(min(x, y), 1e-9)
                extra = ", apart by an order of magnitude" if ratio >= limits.magnitude else ""
                yield Inconsistency(
                    "same_period", f"{m} of the same period: {_number(x)} and {_number(y)}{extra}",
                    a.reference(m), b.reference(m), size,
                )


def _swapped(figures: Sequence[Figure], limits: Tolerances) -> Iterator[Inconsistency]:
    """AP and AT mines that change places between two statements of one period."""
    del limits
    for a, b in combinations(figures, 2):
        if (a.start, a.end, a.part) != (b.start, b.end, b.part):
            continue
        pair = [f.values.get(m) for f in (a, b) for m in ("ap_mines", "at_mines")]
        if None not in pair and pair[0] == pair[3] != pair[1] == pair[2]:
            yield Inconsistency(
                "swapped_kinds", f"AP and AT mines change places: {_number(pair[0] or 0)} and "
                f"{_number(pair[1] or 0)}", a.reference("ap_mines"), b.reference("at_mines"), 0.0,
            )


def _totals(figures: Sequence[Figure]) -> dict[tuple[Any, str], list[Figure]]:
    """Cumulative statements by what they cover and measure, in the order of their ends."""
    groups: defaultdict[tuple[Any, str], list[Figure]] = defaultdict(list)
    for f in figures:
        if f.scope == "cumulative":
            for m in f.values:
                groups[f.part, m].append(f)
    return {k: sorted(v, key=lambda f: (f.end, f.figure_id)) for k, v in groups.items()}


def _falling_totals(figures: Sequence[Figure], limits: Tolerances) -> Iterator[Inconsistency]:
    """A cumulative total below one that was stated for an earlier day."""
    for (_, m), series in _totals(figures).items():
        for i, later in enumerate(series):
            before = [f for f in series[:i] if f.end < later.end]
            if not before:
                continue
            highest = max(before, key=lambda f: f.values[m])
            x, y = highest.values[m], later.values[m]
            if y < x * (1 - limits.rounding):
                yield Inconsistency(
                    "falling_total",
                    f"cumulative {m} falls from {_number(x)} to {_number(y)} "
                    f"between {highest.end} and {later.end}",
                    highest.reference(m), later.reference(m), _apart(x, y),
                )


def _parts_of_periods(figures: Sequence[Figure], limits: Tolerances) -> Iterator[Inconsistency]:
    """Shorter periods inside a longer one that sum to more than it."""
    for longer, shorter in (("monthly", "weekly"), ("quarterly", "monthly"), ("annual", "monthly"),
                            ("annual", "quarterly")):
        for whole in (f for f in figures if f.scope == longer and f.start):
            for m, total in whole.values.items():
                if m in CASUALTIES:
                    continue
                parts = _distinct([f for f in figures if f.scope == shorter and m in f.values
                                   and f.part == whole.part and f.start and whole.start
                                   and f.start >= whole.start and f.end <= whole.end], m)
                summed = sum(f.values[m] for f in parts)
                if parts and summed > total * (1 + limits.relative):
                    largest = max(parts, key=lambda f: f.values[m])
                    right = largest.reference(m) | {"sum_of_parts": summed, "parts": len(parts)}
                    yield Inconsistency(
                        "parts_exceed_whole",
                        f"{len(parts)} {shorter} figures of {m} inside the {longer} period sum to "
                        f"{_number(summed)}; {_number(total)} is stated for the whole",
                        whole.reference(m), right, _apart(summed, total),
                    )


def _distinct(parts: Sequence[Figure], measure: str) -> list[Figure]:
    """One statement for each period: the smallest, so that a sum is not too large by a slip."""
    chosen: dict[Any, Figure] = {}
    for f in sorted(parts, key=lambda f: f.values[measure]):
        chosen.setdefault((f.start, f.end), f)
    ordered = sorted(chosen.values(), key=lambda f: (f.end, f.figure_id))
    out: list[Figure] = []
    for f in ordered:  # periods that overlap would be counted twice
        if not out or (f.start is not None and f.start > out[-1].end):
            out.append(f)
    return out


def _against_totals(figures: Sequence[Figure], limits: Tolerances) -> Iterator[Inconsistency]:
    """A period's figure against the rise of the cumulative totals on both its sides.

    Above the rise it never fits. Below it, only totals that touch the period can tell.
    """
    totals = _totals(figures)
    for f in figures:
        if f.scope not in SHORT or f.start is None:
            continue
        for m, value in f.values.items():
            series = totals.get((f.part, m), [])
            before = [t for t in series if t.end < f.start]
            after = [t for t in series if t.end >= f.end]
            if not before or not after or m in CASUALTIES:
                continue
            first, last = before[-1], after[0]
            rise = last.values[m] - first.values[m]
            if rise < 0:
                continue  # shown as a falling total
            slack = limits.rounding * last.values[m] + limits.relative * value
            kind = "period_exceeds_rise" if value > rise + slack else None
            before_days, after_days = (f.start - first.end).days - 1, (last.end - f.end).days
            if f.days and max(before_days, after_days) <= limits.edge_days:
                uncovered = value * (before_days + after_days) / f.days
                kind = "period_below_rise" if value + uncovered < rise - slack else kind
            if kind is not None:
                left = f.reference(m)
                right = last.reference(m) | {"rise": rise, "since": first.reference(m)}
                yield Inconsistency(
                    kind,
                    f"{_number(value)} of {m} from {f.start} to {f.end}; the totals of {first.end} "
                    f"and {last.end} rise by {_number(rise)}",
                    left, right, _apart(value, rise),
                )


def _parts_above_totals(figures: Sequence[Figure], limits: Tolerances) -> Iterator[Inconsistency]:
    """One part's cumulative total above a later total that names no part."""
    totals = _totals(figures)
    for (part, m), series in totals.items():
        if not any(part):
            continue
        for whole in totals.get((WHOLE, m), []):
            earlier = [f for f in series if f.end <= whole.end]
            if not earlier:
                continue
            highest = max(earlier, key=lambda f: f.values[m])
            x, y = highest.values[m], whole.values[m]
            if x > y * (1 + limits.rounding):
                yield Inconsistency(
                    "part_exceeds_total",
                    f"cumulative {m} of {', '.join(p for p in part if p)} alone to {highest.end}: "
                    f"{_number(x)}; to {whole.end}, with no part named: {_number(y)}",
                    highest.reference(m), whole.reference(m), _apart(x, y),
                )


def _breakdowns(figures: Sequence[Figure], limits: Tolerances) -> Iterator[Inconsistency]:
    """Parts of a whole (agencies, districts, land uses) that do not sum to it."""
    for (start, end, _name, m), parts in breakdowns(figures).items():
        whole = [f for f in figures if (f.start, f.end) == (start, end)
                 and not any(f.part) and m in f.values and f.scope != "cumulative"]
        if not whole:
            continue
        summed = sum(f.values[m] for f in parts)
        total = whole[0].values[m]
        if _apart(summed, total) > limits.relative:
            right = parts[0].reference(m) | {"sum_of_parts": summed, "parts": len(parts)}
            yield Inconsistency(
                "breakdown", f"{len(parts)} parts sum to {_number(summed)} of {m}; "
                f"{_number(total)} is stated for the whole",
                whole[0].reference(m), right, _apart(summed, total),
            )


def breakdowns(figures: Sequence[Figure]) -> dict[tuple[Any, Any, int, str], list[Figure]]:
    """(start, end, which dimension, measure) -> the parts, where there are at least three."""
    groups: defaultdict[tuple[Any, Any, int, str], list[Figure]] = defaultdict(list)
    for f in figures:
        named = [k for k, name in enumerate(f.part) if name]
        if f.scope != "cumulative" and len(named) == 1:
            for m in f.values:
                groups[f.start, f.end, named[0], m].append(f)
    return {k: v for k, v in groups.items() if len(v) >= 3}


def _outstanding_weeks(figures: Sequence[Figure], limits: Tolerances) -> Iterator[Inconsistency]:
    """A week whose area stands out from those around it by an order of magnitude."""
    m = "hectares_cleared"
    weeks = sorted((f for f in figures if f.scope == "weekly" and f.values.get(m)),
                   key=lambda f: f.end)
    for f in weeks:
        around = [g for g in weeks if (g.start, g.end) != (f.start, f.end) and g.part == f.part
                  and abs((g.end - f.end).days) <= limits.around_days]
        if len(around) < 3:
            continue
        usual = median(g.values[m] for g in around)
        ratio = f.values[m] / usual
        if ratio > limits.neighbours or ratio < 1 / limits.neighbours:
            nearest = min(around, key=lambda g: abs((g.end - f.end).days))
            yield Inconsistency(
                "outstanding_week",
                f"{_number(f.values[m])} ha in a week; the median of {len(around)} weeks around is "
                f"{_number(usual)} ha",
                f.reference(m), nearest.reference(m), _apart(f.values[m], usual),
            )


def _odd_periods(figures: Sequence[Figure], limits: Tolerances) -> Iterator[Inconsistency]:
    """Periods of another length than their name says, or that end before they begin."""
    del limits
    lengths = {"weekly": (5, 7), "monthly": (26, 31), "quarterly": (89, 92), "annual": (365, 366)}
    for f in figures:
        if f.days is None or not f.values:
            continue
        low, high = lengths.get(f.scope, (1, 100_000))
        if not low <= f.days <= high:
            m = next(iter(f.values))
            yield Inconsistency(
                "odd_period", f"a {f.scope} figure that covers {f.days} days",
                f.reference(m), f.reference(m), 0.0,
            )


def cumulative_series(figures: Sequence[Figure], measure: str, part: Part = WHOLE
                      ) -> list[Figure]:
    """Cumulative statements on the whole, or on one part of it, by their ends."""
    if measure not in MEASURES:
        raise KeyError(measure)
    return _totals(figures).get((part, measure), [])


def rises(series: Sequence[Figure], measure: str) -> list[tuple[Figure, Figure, float]]:
    """Each two neighbouring statements of a series with the rise between them."""
    return [(a, b, b.values[measure] - a.values[measure]) for a, b in pairwise(series)]
