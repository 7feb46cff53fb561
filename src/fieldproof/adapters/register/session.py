"""One import, in one transaction: its rows become statements of the ledger and projected rows."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from itertools import compress
from typing import Any

import numpy as np
import orjson
import sqlalchemy as sa

from fieldproof.adapters.register import lines
from fieldproof.adapters.register.project import project
from fieldproof.adapters.register.schema import (
    personal,
    projections,
    quarantine,
    stored_fields,
)
from fieldproof.adapters.register.types import Counts, QuarantinedRow
from fieldproof.errors import RegisterError
from fieldproof.model.rows import RowBatch, SourceFile, Value
from fieldproof.model.tables import TABLES

Bounds = tuple[float, float, float, float]
#: Boxes that a leaf of SQLite's R*Tree holds, about.
LEAF_BOXES = 50


class ImportSession:
    """Takes the batches of one file into one table. Nothing is there before the session ends."""

    def __init__(
        self, connection: sa.Connection, source: SourceFile, table: str, *,
        recorded_at: str, head: tuple[int, bytes],
    ) -> None:
        """Open the import with its own line of the ledger."""
        self._connection = connection
        self._source = source
        self._table = TABLES[table]
        self._projection = projections[table]
        self._fields = [f.name for f in stored_fields(self._table)]
        self.seq, self._hash = head
        self._append([lines.import_line(source, table, recorded_at)])
        self.import_seq = self.seq
        note_event(connection, self.seq, "import")
        self._next_row_id = self._last_row_id() + 1
        self._was_empty = self._next_row_id == 1
        self._seen: dict[str, int] = {}
        self._insert_sql = self._insert_statement()

    @property
    def head(self) -> tuple[int, bytes]:
        """Number and hash of the last line."""
        return self.seq, self._hash

    def add(self, batch: RowBatch) -> Counts:
        """Take rows in; each becomes a statement, about a new entity or one that is known."""
        if batch.table != self._table.name:
            raise RegisterError(f"rows of {batch.table} in an import of {self._table.name}")
        if not len(batch):
            return Counts()
        ids = self._entity_ids(batch)
        values = self._values(batch)
        refs = self._keep_personal(batch)
        first = self.seq + 1
        self._append(lines.statement_bodies(self.import_seq, ids, values, batch, refs))
        known = self._known(ids)
        new = [entity_id not in known for entity_id in ids]
        # an entity may be known already, or stand twice in the batch itself
        if not all(new) or len(set(ids)) < len(ids):
            new = self._first_mentions(ids, known)
        row_ids = self._insert_new(batch, ids, new, first)
        known.update(row_ids)
        self._seen.update(row_ids)
        n_new = sum(new)
        changed = 0
        if n_new < len(ids):
            changed = self._state_again([
                (known[entity_id], first + i)
                for i, (entity_id, is_new) in enumerate(zip(ids, new, strict=True)) if not is_new
            ])
        return Counts(n_new, changed, len(ids) - n_new - changed)

    def quarantine(self, rows: Sequence[QuarantinedRow]) -> None:
        """Keep rows that could not be taken, as they were typed."""
        if rows:
            self._connection.execute(sa.insert(quarantine), [
                {"table_name": r.table, "row": r.row, "raw": orjson.dumps(r.raw).decode(),
                 "problems": orjson.dumps(r.problems).decode(),
                 "file_sha256": self._source.sha256, "file_name": self._source.name}
                for r in rows
            ])

    def _append(self, bodies: list[bytes]) -> None:
        hashes = lines.chain(self._hash, bodies)
        start = self.seq + 1
        self._connection.exec_driver_sql(
            "INSERT INTO ledger (seq, body, hash) VALUES (?, ?, ?)",
            list(zip(range(start, start + len(bodies)), bodies, hashes, strict=True)),
        )
        self.seq, self._hash = self.seq + len(bodies), hashes[-1]

    def _entity_ids(self, batch: RowBatch) -> list[str]:
        key = [batch.columns[name] for name in self._table.key]
        if len(key) == 1:
            return [str(value) for value in key[0]]
        return ["/".join(map(str, parts)) for parts in zip(*key, strict=True)]

    def _values(self, batch: RowBatch) -> list[dict[str, Value]]:
        """Stated values of each row: no personal ones, and no empty ones."""
        names = [n for n in batch.columns if n in self._fields]
        columns = [batch.columns[n] for n in names]
        if all(None not in column for column in columns):
            return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
        return [
            {n: v for n, v in zip(names, row, strict=True) if v is not None}
            for row in zip(*columns, strict=True)
        ]

    def _keep_personal(self, batch: RowBatch) -> list[str | None]:
        """Put personal values aside; a random reference is all that the ledger learns of them."""
        names = [n for n in self._table.personal_fields if n in batch.columns]
        refs: list[str | None] = [None] * len(batch)
        rows = []
        for i in range(len(batch)) if names else ():
            data = {n: batch.columns[n][i] for n in names if batch.columns[n][i] is not None}
            if data:
                refs[i] = uuid.uuid4().hex
                rows.append({"ref": refs[i], "data": orjson.dumps(data).decode()})
        if rows:
            self._connection.execute(sa.insert(personal), rows)
        return refs

    def _known(self, ids: Sequence[str]) -> dict[str, int]:
        """Entity -> row of those that are there already."""
        known = {i: self._seen[i] for i in ids if i in self._seen}
        if self._was_empty:
            return known
        asked = orjson.dumps(list(ids)).decode()
        rows = self._connection.exec_driver_sql(
            f"SELECT entity_id, row_id FROM {self._table.name} "  # noqa: S608  (own table name)
            "WHERE entity_id IN (SELECT value FROM json_each(?))", (asked,),
        )
        known.update((str(e), int(r)) for e, r in rows)
        return known

    @staticmethod
    def _first_mentions(ids: Sequence[str], known: dict[str, int]) -> list[bool]:
        mentioned = set(known)
        out = []
        for entity_id in ids:
            out.append(entity_id not in mentioned)
            mentioned.add(entity_id)
        return out

    def _insert_statement(self) -> str:
        columns = [c.name for c in self._projection.columns]
        quoted = ", ".join(f'"{c}"' for c in columns)
        marks = ", ".join("?" * len(columns))
        return f"INSERT INTO {self._table.name} ({quoted}) VALUES ({marks})"  # noqa: S608

    def _insert_new(
        self, batch: RowBatch, ids: Sequence[str], new: Sequence[bool], first: int
    ) -> dict[str, int]:
        n, none = len(ids), [None] * len(ids)
        everything: list[Sequence[Any]] = [
            ids, range(first, first + n), [self._source.simulated] * n,
            batch.geometry_wkb if batch.geometry_wkb is not None else none,
            *(batch.columns.get(f, none) for f in self._fields),
        ]
        if not all(new):
            everything = [list(compress(column, new)) for column in everything]
        chosen = everything[0]
        start = self._next_row_id
        self._next_row_id += len(chosen)
        row_ids = range(start, self._next_row_id)
        if not row_ids:
            return {}
        self._connection.exec_driver_sql(
            self._insert_sql, list(zip(row_ids, *everything, strict=True))
        )
        if batch.bounds is not None:
            bounds = batch.bounds if all(new) else list(compress(batch.bounds, new))
            self._index(row_ids, bounds)
        return dict(zip(chosen, row_ids, strict=True))

    def _index(self, row_ids: Sequence[int], bounds: Sequence[Bounds | None]) -> None:
        boxes = [(r, w, e, s, n) for r, (w, s, e, n) in
                 ((r, b) for r, b in zip(row_ids, bounds, strict=True) if b is not None)]
        if boxes:
            self._connection.exec_driver_sql(
                f"INSERT INTO rtree_{self._table.name} VALUES (?, ?, ?, ?, ?)",  # noqa: S608
                _side_by_side(boxes),
            )

    def _state_again(self, stated: Sequence[tuple[int, int]]) -> int:
        """Add statements, each a row and a line, about known entities; how many rows changed."""
        name = self._table.name
        self._connection.exec_driver_sql(
            "INSERT INTO further_statements (table_name, row_id, seq) VALUES (?, ?, ?)",
            [(name, row_id, seq) for row_id, seq in stated],
        )
        return project(self._connection, name, sorted({row_id for row_id, _ in stated}))

    def _last_row_id(self) -> int:
        last = self._connection.execute(sa.select(sa.func.max(self._projection.c.row_id)))
        return int(last.scalar_one() or 0)


def _side_by_side(boxes: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The boxes in strips from west to east, each from south to north.

    Neighbours then go into the same leaf of the R*Tree, which halves the cost of inserting them.
    """
    west, south = (np.array([box[k] for box in boxes]) for k in (1, 3))
    strips = max(int(np.sqrt(len(boxes) / LEAF_BOXES)), 1)
    width = (west.max() - west.min()) / strips or 1.0
    order = np.lexsort((south, ((west - west.min()) / width).astype(np.int64)))
    return [boxes[i] for i in order]


def note_event(connection: sa.Connection, seq: int, kind: str) -> None:
    """Remember where a line stands that is no statement."""
    connection.exec_driver_sql("INSERT INTO ledger_events VALUES (?, ?)", (seq, kind))
