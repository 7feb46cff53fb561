"""Check rows against the default schema: good ones become a batch, bad ones say why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Final

from fieldproof.adapters.exchange.landmarks import Landmarks
from fieldproof.adapters.exchange.mapping import (
    WKT_FIELD,
    ColumnMapping,
    derives_id,
    fields_of,
)
from fieldproof.adapters.exchange.places import as_wkt, places_of
from fieldproof.adapters.exchange.problems import WITHHELD, Problem
from fieldproof.adapters.exchange.readers import Chunk
from fieldproof.adapters.exchange.synonyms import held_back, is_made_up_column
from fieldproof.adapters.exchange.values import YES, DateOrder, parse_column
from fieldproof.model.rows import RowBatch, Value
from fieldproof.model.schema import LOCATION_FIELDS, GeometryKind, Table
from fieldproof.model.tables import STATEMENT_FIELDS, TABLES

_STATEMENT: Final = tuple(f.name for f in STATEMENT_FIELDS)
#: Pairs of dates that have an order.
ORDERED_DATES: Final = (
    ("started_on", "ended_on"), ("laid_on", "laid_until"), ("period_start", "period_end"),
    ("valid_from", "valid_to"),
)
#: Of a quarantined row: cells beyond the headings, and the feature's bytes as they came.
SURPLUS: Final = "cells beyond the headings"
RAW_WKB: Final = "geometry_wkb_hex"
#: With one of these, a file may state the same thing twice: as it was at two times.
_TIMES: Final = ("known_on", "valid_from")
_LOCATION: Final = frozenset(f.name for f in LOCATION_FIELDS)


@dataclass(slots=True)
class Checked:
    """A chunk after checking.

    Attributes:
        batch: the rows that can be taken in.
        rejected: row number -> column -> text, of the rows that cannot.
        problems: all problems, of both.

    """

    batch: RowBatch
    rejected: dict[int, dict[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a file's rows are checked with.

    Attributes:
        file: its name, for problems.
        sha256: of its bytes, for derived ids.
        mapping: of its columns.
        crs: of its features.
        date_order: of dates with slashes.
        landmarks: where bearings may start; learns those of the file.
        made_up: whether the rows are taken as simulated; None: whatever they say of themselves.
        seen: ids of the rows so far.

    """

    file: str
    sha256: str
    mapping: ColumnMapping
    crs: str | None = None
    date_order: DateOrder = None
    landmarks: Landmarks = field(default_factory=Landmarks)
    made_up: bool | None = None
    seen: set[object] = field(default_factory=set)


class _Notes:
    """Problems by row; a row with an error is bad."""

    def __init__(self, terms: Terms, table: Table, chunk: Chunk) -> None:
        self._terms, self._chunk = terms, chunk
        self._personal = set(table.personal_fields)
        self._column_of = {f: c for c, f in terms.mapping.columns.items()}
        self.problems: list[Problem] = []
        self.bad: set[int] = set()

    def add(self, index: int, name: str, problem: str, right: str,
            severity: str = "error") -> None:
        column = self._column_of.get(name, name)
        texts = self._chunk.columns.get(column)
        value = "" if texts is None else texts[index] or ""
        if name in self._personal and value:
            value, problem = WITHHELD, "cannot be read"
        if severity == "error":
            self.bad.add(index)
        self.problems.append(Problem(
            self._terms.file, self._chunk.row_numbers[index], name, problem, right, value,
            "error" if severity == "error" else "warning",
        ))


def check_chunk(chunk: Chunk, terms: Terms) -> Checked:
    """Check some rows of a file."""
    table = TABLES[terms.mapping.table]
    n = len(chunk.row_numbers)
    notes = _Notes(terms, table, chunk)
    columns = _parse(chunk, terms, table, notes)
    _derive_ids(table, columns, terms, chunk.row_numbers)
    _require(table, columns, n, notes)
    _check_dates(columns, notes)
    _check_cells(chunk, terms, notes)
    wkb, bounds = _places(chunk, terms, table, columns, notes)
    _check_ids(table, columns, terms, notes)
    keep = None if not notes.bad else [i not in notes.bad for i in range(n)]
    batch = _batch(chunk, terms, table, columns, wkb, bounds, keep)
    rejected = {chunk.row_numbers[i]: _raw(chunk, terms, i) for i in sorted(notes.bad)}
    return Checked(batch, rejected, notes.problems)


def _parse(
    chunk: Chunk, terms: Terms, table: Table, notes: _Notes
) -> dict[str, Sequence[Value]]:
    fields = {f.name: f for f in fields_of(table)}
    columns: dict[str, Sequence[Value]] = {}
    for column, name in terms.mapping.columns.items():
        if name == WKT_FIELD or column not in chunk.columns:
            continue
        values, bad = parse_column(fields[name], chunk.columns[column], terms.date_order)
        columns[name] = values
        for index, unreadable in bad.items():
            notes.add(index, name, unreadable.problem, unreadable.right)
    return columns


def _derive_ids(
    table: Table, columns: dict[str, Sequence[Value]], terms: Terms, rows: Sequence[int]
) -> None:
    """Give rows without an id one that says where they came from."""
    if not derives_id(table):
        return
    name = table.key[0]
    given = columns.get(name) or [None] * len(rows)
    if None in given:
        columns[name] = [
            value if value is not None else f"{terms.sha256[:12]}:{row}"
            for value, row in zip(given, rows, strict=True)
        ]


def _require(
    table: Table, columns: dict[str, Sequence[Value]], n: int, notes: _Notes
) -> None:
    bad_already = {(p.row, p.field) for p in notes.problems}
    for f in table:
        if not f.required:
            continue
        values = columns.get(f.name)
        if values is None or None not in values:
            continue
        right = f"one of: {', '.join(f.code_list.values())}" if f.codes else f.description
        for i in range(n):
            row = notes._chunk.row_numbers[i]
            if values[i] is None and (row, f.name) not in bad_already:
                notes.add(i, f.name, "missing", right)


def _check_dates(columns: dict[str, Sequence[Value]], notes: _Notes) -> None:
    for first, last in ORDERED_DATES:
        if first not in columns or last not in columns:
            continue
        for i, (a, b) in enumerate(zip(columns[first], columns[last], strict=True)):
            if a is not None and b is not None and str(a) > str(b):
                notes.add(i, last, f"{b} is before {first} {a}", f"{a} or later")


def _check_cells(chunk: Chunk, terms: Terms, notes: _Notes) -> None:
    """Refuse rows that may be shifted, and rows that are not of the kind they are taken for."""
    for i, cells in chunk.surplus.items():
        notes.add(i, "", f"{len(chunk.columns) + len(cells)} cells under {len(chunk.columns)} "
                  "headings", "a cell for each heading; quote a cell that holds the delimiter")
    column = next((c for c in chunk.columns if is_made_up_column(c)), None)
    if column is None or terms.made_up is None:
        return
    for i, text in enumerate(chunk.columns[column]):
        if ((text or "").strip().lower() in YES) is not terms.made_up:
            notes.add(i, column, "made-up rows and others in one file",
                      "a file of its own for each, or --simulated for all")


def _check_ids(
    table: Table, columns: dict[str, Sequence[Value]], terms: Terms, notes: _Notes
) -> None:
    """Refuse a row whose id stood in the file before: it would overrule the other unseen."""
    if any(name in columns for name in _TIMES):
        return
    parts = [columns[name] for name in table.key]
    ids: Sequence[object] = parts[0] if len(parts) == 1 else list(zip(*parts, strict=True))
    if not notes.bad:
        fresh = set(ids)
        if len(fresh) == len(ids) and terms.seen.isdisjoint(fresh):
            terms.seen.update(fresh)
            return
    for i, key in enumerate(ids):
        if i in notes.bad:
            continue
        if key in terms.seen:
            notes.add(i, table.key[-1], "stands in this file before",
                      "an id of its own, or a column known_on that tells the two apart")
        terms.seen.add(key)


def _places(
    chunk: Chunk, terms: Terms, table: Table, columns: dict[str, Sequence[Value]], notes: _Notes
) -> tuple[list[bytes | None] | None, list[tuple[float, float, float, float] | None] | None]:
    if table.geometry is GeometryKind.NONE:
        return None, None
    wkt_column = next((c for c, f in terms.mapping.columns.items() if f == WKT_FIELD), None)
    places = places_of(
        len(chunk.row_numbers), columns, table.geometry,
        feature_wkb=chunk.geometry, crs=terms.crs,
        wkt=chunk.columns[wkt_column] if wkt_column else None, landmark=terms.landmarks,
    )
    # a location that could not be read has been told of; that there is none follows from it
    told = {p.row for p in notes.problems if p.severity == "error" and p.field in _LOCATION}
    for index, name, problem, right, severity in places.notes:
        if chunk.row_numbers[index] not in told:
            notes.add(index, name, problem, right, severity)
    noted = {index for index, *_ in places.notes} | notes.bad
    if not any(places.wkb) and not noted:
        notes.add(0, "geometry", "no row of these has a place", "places, where they are known",
                  "warning")
    elif None in places.wkb:
        for i, shape in enumerate(places.wkb):
            if shape is None and i not in noted:
                notes.add(i, "geometry", "no place given", "a place, where one is known",
                          "warning")
    return places.wkb, places.bounds


def _batch(
    chunk: Chunk, terms: Terms, table: Table, columns: dict[str, Sequence[Value]],
    wkb: list[bytes | None] | None, bounds: list[tuple[float, float, float, float] | None] | None,
    keep: list[bool] | None,
) -> RowBatch:
    def kept(column: Sequence[object]) -> list[object]:
        return list(column) if keep is None else list(compress(column, keep))

    names = {f.name for f in table}
    return RowBatch(
        table.name,
        kept(chunk.row_numbers),  # type: ignore[arg-type]
        {n: kept(c) for n, c in columns.items() if n in names},  # type: ignore[misc]
        None if wkb is None else kept(wkb),  # type: ignore[arg-type]
        None if bounds is None else kept(bounds),  # type: ignore[arg-type]
        **{n: kept(columns[n]) for n in _STATEMENT if n in columns},  # type: ignore[arg-type]
        extras=_extras(chunk, terms, keep),
    )


def _extras(
    chunk: Chunk, terms: Terms, keep: list[bool] | None
) -> list[dict[str, Value]] | None:
    """Columns that lead to no field, kept as they are, but for those that may be of people."""
    table = TABLES[terms.mapping.table]
    unmapped = [c for c in chunk.columns if c not in terms.mapping.columns]
    held = held_back(unmapped, people=bool(table.personal_fields))
    names = [c for c in unmapped if c not in held]
    if not names:
        return None
    columns = [chunk.columns[c] for c in names]
    rows: list[dict[str, Value]] = [
        {n: v for n, v in zip(names, row, strict=True) if v is not None}
        for row in zip(*columns, strict=True)
    ]
    return rows if keep is None else list(compress(rows, keep))


def _raw(chunk: Chunk, terms: Terms, index: int) -> dict[str, str]:
    raw = {c: v[index] or "" for c, v in chunk.columns.items()}
    if cells := chunk.surplus.get(index):
        raw[SURPLUS] = " | ".join(cells)
    if chunk.geometry is not None and (wkb := chunk.geometry[index]) is not None:
        raw[RAW_WKB] = wkb.hex()
        if (wkt := as_wkt(wkb, terms.crs)) is not None:
            raw.setdefault(WKT_FIELD, wkt)
    return raw


def count_by_kind(problems: Sequence[Problem]) -> dict[tuple[str, str, str], int]:
    """(severity, field, problem) -> how often."""
    counts: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    for p in problems:
        counts[p.severity, p.field, p.problem] += 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))
