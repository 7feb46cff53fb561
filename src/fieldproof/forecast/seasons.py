"""How stated months differ over the year: clearance stops where the ground freezes or floods."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from fieldproof.forecast.figures import WHOLE, Figure, Part


@dataclass(frozen=True, slots=True)
class Season:
    """What was stated for one month of the year, over all years.

    Attributes:
        month: 1 to 12.
        n: months with a statement; few of them say little.
        lowest: hectares.
        median: hectares.
        highest: hectares.
        inputs: names of the statements.

    """

    month: int
    n: int
    lowest: float
    median: float
    highest: float
    inputs: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self) | {"inputs": list(self.inputs)}


def seasons(figures: Sequence[Figure], part: Part = WHOLE) -> list[Season]:
    """Hectares cleared by month of the year, as stated; a month with no statement is left out.

    Pace rises over the years too, so this is what was stated and not an effect of the season alone.
    """
    months: defaultdict[int, dict[Any, Figure]] = defaultdict(dict)
    for f in figures:
        if f.scope == "monthly" and f.part == part and f.start and "hectares_cleared" in f.values:
            months[f.start.month].setdefault((f.start, f.end, f.values["hectares_cleared"]), f)
    out = []
    for month, chosen in sorted(months.items()):
        values = [f.values["hectares_cleared"] for f in chosen.values()]
        out.append(Season(month, len(values), min(values), round(median(values), 4), max(values),
                          tuple(f.figure_id for f in chosen.values())))
    return out
