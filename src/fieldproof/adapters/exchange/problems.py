"""What was wrong with a row, and what would be right."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from fieldproof.model.rows import Value

Severity = Literal["error", "warning"]
WITHHELD = "(withheld: personal data)"


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of one value.

    Attributes:
        file: name of the file.
        row: row of the file, first data row is 1; 0 for the file as a whole.
        field: field, or column where it leads to no field.
        problem: what was wrong.
        right: what would be right.
        value: the value as typed; withheld where it is personal.
        severity: a row with an error is quarantined, one with a warning is taken in.

    """

    file: str
    row: int
    field: str
    problem: str
    right: str
    value: str = ""
    severity: Severity = "error"

    def to_dict(self) -> dict[str, Value]:
        """JSON-ready."""
        return asdict(self)
