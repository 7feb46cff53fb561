"""What was stated in public: series, pace, contradictions and what the claims imply."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from fieldproof.adapters.register import Register
from fieldproof.adapters.report.plots import cumulative_plot, period_plot
from fieldproof.errors import InputError
from fieldproof.forecast.consistency import Tolerances, find_inconsistencies
from fieldproof.forecast.figures import Figure, figure_from
from fieldproof.forecast.implied import Claim, implied_figures
from fieldproof.forecast.pace import paces
from fieldproof.forecast.seasons import seasons

CLAIM_COLUMNS = ("claim_id", "claim", "value", "unit", "stated_by", "stated_on", "source_url",
                 "note")


def show_progress(
    register: Register, *, claims: Path | None = None, area: str | None = None,
    operator: str | None = None, since: date | None = None, until: date | None = None,
    plots: bool = True,
) -> dict[str, Any]:
    """Everything that the stated figures of a register show, JSON-ready.

    Args:
        register: its tables `progress_figures` and `information_events`.
        claims: a CSV of public claims, for what they imply.
        area: only statements on this place.
        operator: only statements on this operator's work.
        since: only periods that end on this day or later.
        until: only periods that end on this day or before.
        plots: draw them.

    Returns:
        `title`, `simulated`, `n_statements`, `periods` (week, month, quarter, year), `cumulative`,
        `breakdowns`, `pace`, `seasons` (months of the year), `inconsistencies` (each with both
        sources), `tolerances`, `claims`, `implied`, `events`, `plots` (SVG with its words).

    """
    rows = list(register.rows("progress_figures"))
    figures = [_figure(register, row.entity_id, row.values) for row in rows]
    chosen = [f for f in figures if _wanted(f, area, operator, since, until)]
    read = read_claims(claims) if claims is not None else []
    tolerances, part = Tolerances(), (operator, area, None)
    cumulative = [_row(f) for f in sorted(chosen, key=lambda f: f.end) if f.scope == "cumulative"]
    periods = [_row(f) for f in sorted(chosen, key=lambda f: f.end)
               if f.scope != "cumulative" and not any(f.part[1:])]
    return {
        "title": "Public figures, as stated",
        "simulated": any(row.simulated for row in rows),
        "n_statements": len(chosen),
        "periods": periods,
        "cumulative": cumulative,
        "breakdowns": [_row(f) for f in chosen if any(f.part) and f.scope != "cumulative"],
        "pace": [p.to_dict() for p in paces(chosen, part)],
        "seasons": [s.to_dict() for s in seasons(chosen, part)],
        "inconsistencies": [i.to_dict() for i in find_inconsistencies(chosen, tolerances)],
        "tolerances": asdict(tolerances),
        "claims": [c.to_dict() for c in read],
        "implied": [i.to_dict() for i in implied_figures(read, chosen)],
        "events": [row.values for row in register.rows("information_events")],
        "plots": _plots(cumulative, periods) if plots and chosen else [],
    }


def _figure(register: Register, entity_id: str, values: dict[str, Any]) -> Figure:
    statement = register.statements("progress_figures", entity_id)[-1]
    return figure_from(values, entity_id, statement.stated_by, statement.known_on)


def _wanted(f: Figure, area: str | None, operator: str | None, since: date | None,
            until: date | None) -> bool:
    return (
        (area is None or f.area == area)
        and (operator is None or f.operator == operator)
        and (since is None or f.end >= since)
        and (until is None or f.end <= until)
    )


def _row(f: Figure) -> dict[str, Any]:
    return {
        "figure_id": f.figure_id, "start": None if f.start is None else f.start.isoformat(),
        "end": f.end.isoformat(), "scope": f.scope,
        "covers": ", ".join(p for p in f.part if p) or None, **f.values,
        "stated_by": f.stated_by, "stated_on": f.stated_on, "url": f.url, "note": f.note,
    }


def _plots(cumulative: Sequence[dict[str, Any]], periods: Sequence[dict[str, Any]]
           ) -> list[dict[str, str]]:
    def points(measure: str) -> list[dict[str, Any]]:
        return [{"end": r["end"], "value": r[measure], "covers": r["covers"]}
                for r in cumulative if r.get(measure) is not None]

    months = [r for r in periods if r["scope"] == "monthly" and not r["covers"]]
    return [
        cumulative_plot(points("hectares_cleared"), "ha", "Hectares cleared, cumulative"),
        period_plot(months, ("ap_mines", "at_mines", "uxo"), "Items found by month"),
        cumulative_plot(points("killed"), "people", "People killed, cumulative"),
    ]


def read_claims(path: Path) -> list[Claim]:
    """Public claims out of a CSV with the columns `CLAIM_COLUMNS`."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream)
        missing = set(CLAIM_COLUMNS) - set(rows.fieldnames or ())
        if missing:
            raise InputError(f"{path.name}: no column {', '.join(sorted(missing))}")
        return list(_claims(path.name, rows))


def _claims(name: str, rows: Iterable[dict[str, str]]) -> Iterable[Claim]:
    for number, row in enumerate(rows, start=1):
        try:
            value = float(row["value"]) if row["value"] else None
        except ValueError as error:
            raise InputError(f"{name}, row {number}, value: {row['value']!r} is not a number; "
                             "a plain number or nothing would be right") from error
        yield Claim(row["claim_id"], row["claim"], value, row["unit"], row["stated_by"],
                    row["stated_on"] or None, row["source_url"] or None, row["note"] or None)
