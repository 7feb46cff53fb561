"""Published figures on records against the ground, and the arithmetic that they allow."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fieldproof.audit import mine_ledger
from fieldproof.errors import InputError

FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    name: getattr(mine_ledger, name)
    for name in ("total_from_share", "surplus", "recorded_total", "unrecorded_share", "shortfall",
                 "forecast_ratio", "density_per_km2")
} | {
    "sum": lambda *values: sum(values),
    "difference": lambda a, b: a - b,
    "ratio": lambda a, b: a / b,
}


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A figure as it was published.

    Attributes:
        figure_id: its name.
        case: country or study.
        what: what it is.
        value: the number.
        unit: of the number.
        as_of: when it held.
        source: where it was read.
        note: what else to know.

    """

    figure_id: str
    case: str
    what: str
    value: float
    unit: str
    as_of: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Computed:
    """A number that follows from published figures.

    Attributes:
        computation_id: its name.
        case: country or study.
        what: what it is.
        value: as computed.
        unit: of the number.
        formula: function and the names of its inputs.
        expected: what the sources, or our reading of them, say; None: nothing.
        agrees: whether `value` is that, to the digits given.

    """

    computation_id: str
    case: str
    what: str
    value: float
    unit: str
    formula: str
    expected: float | None
    agrees: bool | None


def published_records(folder: Path) -> tuple[list[PublishedFigure], list[Computed]]:
    """Read a folder of published figures, and compute what they allow.

    Raises:
        InputError: a computation that names an unknown figure or function.

    """
    figures = [
        PublishedFigure(r["figure_id"], r["case"], r["what"], float(r["value"]), r["unit"],
                        r["as_of"], r["source"], r["note"])
        for r in _rows(folder / "figures.csv")
    ]
    known = {f.figure_id: f.value for f in figures}
    computed = []
    for row in _rows(folder / "computations.csv"):
        result = _compute(row, known)
        known[result.computation_id] = result.value
        computed.append(result)
    return figures, computed


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        raise InputError(f"{path} is no file")
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _compute(row: dict[str, str], known: dict[str, float]) -> Computed:
    name, _, part = row["function"].partition(".")
    inputs = row["inputs"].split()
    missing = [i for i in inputs if i not in known]
    if name not in FUNCTIONS or missing:
        raise InputError(f"computations.csv, {row['computation_id']}: unknown "
                         f"{', '.join(missing) or name}")
    result = FUNCTIONS[name](*(known[i] for i in inputs))
    value = float(result[int(part)] if part else result)
    expected = float(row["expected"]) if row["expected"] else None
    agrees = None if expected is None else round(value, int(row["digits"])) == expected
    return Computed(row["computation_id"], row["case"], row["what"], value, row["unit"],
                    f"{row['function']}({', '.join(inputs)})", expected, agrees)
