"""What the register gives out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from shapely.geometry.base import BaseGeometry

from fieldproof.model.rows import SourceFile, Value


@dataclass(frozen=True, slots=True)
class EntityRow:
    """What the register holds of one entity.

    Attributes:
        table: its table.
        entity_id: its key, parts joined by `/`.
        values: field -> value; fields that nobody stated are absent.
        geometry: WGS 84 longitude-latitude, or None.
        seq: ledger line of the first statement about it.
        simulated: a statement about it is made up.

    """

    table: str
    entity_id: str
    values: dict[str, Value]
    geometry: BaseGeometry | None
    seq: int
    simulated: bool = False


class Counts(NamedTuple):
    """What an import did to the entities of a table."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def plus(self, other: Counts) -> Counts:
        """Add up, field by field."""
        return Counts(self.new + other.new, self.changed + other.changed,
                      self.unchanged + other.unchanged)


@dataclass(frozen=True, slots=True)
class ImportInfo:
    """An import line of the ledger.

    Attributes:
        seq: ledger line.
        source: file and terms.
        table: table that the rows went to.
        recorded_at: ISO 8601 UTC.
        retracted: a later line takes it back.

    """

    seq: int
    source: SourceFile
    table: str
    recorded_at: str
    retracted: bool = False


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """A row that could not be taken, kept as it was typed.

    Attributes:
        table: where it was to go.
        row: row of the file.
        raw: column -> text, as in the file.
        problems: what was wrong with it, JSON-ready.
        file_sha256: file it came from.
        file_name: that file's name.
        id: number in the quarantine; None before it is stored.
        resolved: how it was settled; None while it is open.

    """

    table: str
    row: int
    raw: dict[str, str]
    problems: list[dict[str, Value]]
    file_sha256: str = ""
    file_name: str = ""
    id: int | None = None
    resolved: str | None = None


@dataclass(frozen=True, slots=True)
class Touched:
    """One thing that is not what was once written.

    Attributes:
        where: ledger line, table and entity, or file.
        what: what differs, in words.
        seq: ledger line, where it is one.

    """

    where: str
    what: str
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """Result of verifying a register.

    Attributes:
        lines: ledger lines read.
        rows: projected rows compared.
        files: kept files hashed.
        head: hash of the last line, hex.
        touched: what was touched, the first ledger line first; empty when all is well.

    """

    lines: int
    rows: int
    files: int
    head: str
    touched: tuple[Touched, ...] = field(default=())

    @property
    def intact(self) -> bool:
        """Whether nothing was touched."""
        return not self.touched
