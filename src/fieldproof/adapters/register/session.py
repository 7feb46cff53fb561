"""One import, in one transaction: its rows become statements of the ledger and projected rows."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from itertools import compress
from typing import Any

import numpy as np
import orjson
import shapely
import sqlalchemy as sa

from fieldproof.adapters.register import lines
from fieldproof.adapters.register.replay import Line, fold, parse
from fieldproof.adapters.register.schema import (
    further,
    has_geometry,
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
        recorded_at: str, head: tuple[int, bytes], read_line: Callable[[int], Line],
    ) -> None:
        """Open the import with its own line of the ledger."""
        self._connection = connection
        self._source = source
        self._table = TABLES[table]
        self._projection = projections[table]
        self._fields = [f.name for f in stored_fields(self._table)]
        self._read_line = read_line
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
        changed = sum(
            self._state_again(known[ids[i]], first + i)
            for i, is_new in enumerate(new) if not is_new
        )
        n_new = sum(new)
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

    def _state_again(self, row_id: int, seq: int) -> bool:
        """Add a statement about a known entity; whether it changes what is held."""
        self._connection.execute(
            sa.insert(further), {"table_name": self._table.name, "row_id": row_id, "seq": seq}
        )
        return project(self._connection, self._table.name, row_id, self._read_line)

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


def statement_seqs(connection: sa.Connection, table: str, row_id: int) -> list[int]:
    """Ledger lines about an entity, the first one first."""
    first = connection.execute(
        sa.select(projections[table].c.first_seq).where(projections[table].c.row_id == row_id)
    ).scalar_one()
    more = connection.execute(
        sa.select(further.c.seq).where(further.c.table_name == table, further.c.row_id == row_id)
        .order_by(further.c.seq)
    )
    return [int(first), *(int(seq) for seq in more.scalars())]


def project(
    connection: sa.Connection, table: str, row_id: int, read_line: Callable[[int], Line]
) -> bool:
    """Compute an entity's row anew from all its statements; whether it changed."""
    held = fold(read_line(seq) for seq in statement_seqs(connection, table, row_id))
    projection = projections[table]
    here = projection.c.row_id == row_id
    before = connection.execute(sa.select(projection).where(here)).mappings().one()
    after: dict[str, Any] = {
        f"f_{f.name}": held.values.get(f.name) for f in stored_fields(TABLES[table])
    }
    after |= {"geometry": held.geometry, "simulated": held.simulated}
    if all(before[name] == value for name, value in after.items()):
        return False
    connection.execute(sa.update(projection).where(here).values(**after))
    if has_geometry(TABLES[table]) and before["geometry"] != held.geometry:
        connection.exec_driver_sql(f"DELETE FROM rtree_{table} WHERE row_id = ?", (row_id,))  # noqa: S608
        if held.geometry is not None:
            w, s, e, n = shapely.from_wkb(held.geometry).bounds
            connection.exec_driver_sql(
                f"INSERT INTO rtree_{table} VALUES (?, ?, ?, ?, ?)", (row_id, w, e, s, n)  # noqa: S608
            )
    return True


def line_reader(connection: sa.Connection) -> Callable[[int], Line]:
    """A function from a ledger line's number to the statement, its import read once."""
    opened: dict[int, dict[str, Any]] = {}

    def body_of(seq: int) -> dict[str, Any]:
        found = connection.exec_driver_sql("SELECT body FROM ledger WHERE seq = ?", (seq,))
        return parse(bytes(found.scalar_one()))

    def read(seq: int) -> Line:
        body = body_of(seq)
        number = int(body["import"])
        if number not in opened:
            opened[number] = body_of(number)
        return Line(seq, body, opened[number])

    return read
