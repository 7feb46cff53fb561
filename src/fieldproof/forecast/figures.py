"""Stated figures: what somebody said of a period, with who said it and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

from fieldproof.model.rows import Value

#: What a statement can give a number of, with its unit.
MEASURES: Final[dict[str, str]] = {
    "hectares_cleared": "ha", "ap_mines": "items", "at_mines": "items", "uxo": "items",
    "items": "items", "killed": "people", "injured": "people", "casualties": "people",
}
CASUALTIES: Final = ("killed", "injured", "casualties")

#: Operator, area and land use that a statement covers; None: not named.
Part: TypeAlias = tuple[str | None, str | None, str | None]
WHOLE: Final[Part] = (None, None, None)


@dataclass(frozen=True, slots=True)
class Figure:
    """A statement on a period.

    Attributes:
        figure_id: its name.
        start: first day covered; None: not stated.
        end: last day covered.
        scope: kind of period.
        operator: whose work it covers; None: all, as far as it says.
        area: place that it covers; None: all.
        land_use: land use that it covers; None: all.
        values: measure -> number.
        stated_by: who states it.
        stated_on: when, `YYYY-MM-DD`; None: not known.
        url: page.
        note: what is odd about it.

    """

    figure_id: str
    start: date | None
    end: date
    scope: str
    operator: str | None
    area: str | None
    land_use: str | None
    values: Mapping[str, float]
    stated_by: str
    stated_on: str | None
    url: str | None
    note: str | None

    @property
    def part(self) -> Part:
        """What of the whole it covers; all None: the whole."""
        return self.operator, self.area, self.land_use

    @property
    def days(self) -> int | None:
        """Days of the period, first and last included."""
        return None if self.start is None else (self.end - self.start).days + 1

    def reference(self, measure: str) -> dict[str, Any]:
        """Value and source, JSON-ready."""
        return {
            "figure_id": self.figure_id, "value": self.values.get(measure), "measure": measure,
            "period": f"{self.start or '?'} to {self.end}", "scope": self.scope,
            "covers": ", ".join(p for p in self.part if p) or None,
            "stated_by": self.stated_by, "stated_on": self.stated_on, "url": self.url,
            "note": self.note,
        }


def figure_from(values: Mapping[str, Value], figure_id: str, stated_by: str,
                stated_on: str | None) -> Figure:
    """A figure out of a row of the table `progress_figures`."""

    def text(name: str) -> str | None:
        value = values.get(name)
        return None if value is None else str(value)

    start = text("period_start")
    return Figure(
        figure_id, None if start is None else date.fromisoformat(start),
        date.fromisoformat(str(values["period_end"])), str(values["scope"]),
        text("operator_scope"), text("area"), text("land_use"),
        {m: float(v) for m in MEASURES if (v := values.get(m)) is not None},
        stated_by, stated_on, text("source_url"), text("note"),
    )
