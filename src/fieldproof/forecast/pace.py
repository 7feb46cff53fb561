"""The pace of clearance that statements show, and how long the rest takes at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from fieldproof.forecast.consistency import cumulative_series
from fieldproof.forecast.figures import WHOLE, Figure, Part

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Pace:
    """Hectares a year over a window.

    Attributes:
        name: which window.
        start: of the window.
        end: of the window.
        hectares_per_year: slope.
        basis: how it was reached.
        n: statements that it rests on.

    """

    name: str
    start: date
    end: date
    hectares_per_year: float
    basis: str
    n: int

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"name": self.name, "start": self.start.isoformat(), "end": self.end.isoformat(),
                "hectares_per_year": round(self.hectares_per_year, 1), "basis": self.basis,
                "n": self.n}


def paces(figures: Sequence[Figure], part: Part = WHOLE) -> list[Pace]:
    """Pace by stated years, and by the median slope of cumulative totals since each two years.

    The slope is Theil and Sen's [sen-1968]: the median over all pairs of statements, which one
    wrong total does not move. Two stated figures of one year are both given where they differ.

    Args:
        figures: the statements.
        part: operator, area and land use whose pace it is; the whole where not given.

    """
    out = [
        Pace(f"stated for {f.end.year}", f.start, f.end, f.values["hectares_cleared"],
             "stated annual figure", 1)
        for f in figures
        if f.scope == "annual" and f.part == part and f.start and "hectares_cleared" in f.values
    ]
    out = list({(p.end.year, round(p.hectares_per_year, -1)): p for p in out}.values())
    series = cumulative_series(figures, "hectares_cleared", part)
    if len(series) < 3:
        return out
    last = series[-1].end
    for name, since in (("since the first total", series[0].end),
                        ("last two years", last - timedelta(days=730))):
        window = [f for f in series if f.end >= since]
        if len(window) >= 3 and window[-1].end > window[0].end:
            out.append(Pace(name, window[0].end, last, _slope(window) * DAYS_PER_YEAR,
                            "median slope of cumulative totals", len(window)))
    return out


def _slope(series: Sequence[Figure]) -> float:
    days = np.array([f.end.toordinal() for f in series], dtype=float)
    hectares = np.array([f.values["hectares_cleared"] for f in series])
    i, j = np.triu_indices(len(series), 1)
    apart = days[j] > days[i]
    return float(np.median((hectares[j] - hectares[i])[apart] / (days[j] - days[i])[apart]))
