"""Checked rows on their way from a file into the register, and statements on their way out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

#: A value of a field: what JSON can hold, dates as `YYYY-MM-DD`. None is "not stated".
Value: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it came, and the terms on which its rows are stated.

    Attributes:
        sha256: lower-case hex of the file's bytes.
        name: file name without folders.
        size_bytes: length.
        stated_by: who states the rows that do not say it themselves.
        known_on: `YYYY-MM-DD`; when the maker knew, for rows that do not say it themselves.
        simulated: the rows are made up; every page and export that shows one says so.
        mapping: how the columns were read, as JSON text; part of what makes an import the same.
        restricted: the file holds personal data.

    """

    sha256: str
    name: str
    size_bytes: int
    stated_by: str
    known_on: str | None
    simulated: bool = False
    mapping: str = "{}"
    restricted: bool = False


@dataclass(slots=True)
class RowBatch:
    """Checked rows of one table, column by column; all sequences have the same length n.

    Attributes:
        table: name of the table.
        row_numbers: (n,) row of each in the file; the first data row is 1.
        columns: field name -> (n,) parsed values; an absent field is not stated by any row.
        geometry_wkb: (n,) WGS 84 longitude-latitude WKB or None; None for tables without.
        bounds: (n,) of (west, south, east, north) in degrees, None where there is no geometry.
        known_on: (n,) per-row overrides, or None.
        valid_from: as known_on.
        valid_to: as known_on.
        stated_by: as known_on.
        extras: (n,) columns of the file that lead to no field, as JSON-ready dictionaries.

    """

    table: str
    row_numbers: Sequence[int]
    columns: dict[str, Sequence[Value]]
    geometry_wkb: Sequence[bytes | None] | None = None
    bounds: Sequence[tuple[float, float, float, float] | None] | None = None
    known_on: Sequence[str | None] | None = None
    valid_from: Sequence[str | None] | None = None
    valid_to: Sequence[str | None] | None = None
    stated_by: Sequence[str | None] | None = None
    extras: Sequence[dict[str, Value]] | None = None

    def __len__(self) -> int:
        return len(self.row_numbers)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of the ledger about one entity, with everything a reader may ask of it.

    Attributes:
        seq: line of the ledger.
        table: table of the entity.
        entity_id: its key, parts joined by `/`.
        values: field -> value as stated.
        stated_by: who says it.
        known_on: when its maker knew; None is not known.
        valid_from: first day it holds; None is open.
        valid_to: last day it holds; None is open.
        recorded_at: when it entered the register, ISO 8601 UTC.
        file_sha256: the file it came from.
        file_name: that file's name.
        row: row in the file, first data row is 1.
        simulated: made up.

    """

    seq: int
    table: str
    entity_id: str
    values: dict[str, Value]
    stated_by: str
    known_on: str | None
    valid_from: str | None
    valid_to: str | None
    recorded_at: str
    file_sha256: str
    file_name: str
    row: int
    simulated: bool = False
    extras: dict[str, Value] = field(default_factory=dict)
