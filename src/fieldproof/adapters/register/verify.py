"""Recompute everything that can be recomputed, and name what was touched.

The chain shows any change of a line, and any line that is missing between others. A ledger that
was cut at its end is known by the head that its writer left; one that was rewritten from its
first line to its last only by a head that somebody wrote down elsewhere.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import shapely
import sqlalchemy as sa

from fieldproof.adapters.register import files, lines, schema
from fieldproof.adapters.register.boxes import Boxes
from fieldproof.adapters.register.replay import Line, fold, parse
from fieldproof.adapters.register.types import Touched, Verification
from fieldproof.errors import LedgerTouchedError, RegisterError
from fieldproof.model.tables import TABLES

Ticker = Callable[[int, int | None, str], None]

#: A register that is touched all over is not listed line by line.
MOST_TOUCHED = 100


def verify(engine: sa.Engine, folder: Path, progress: Ticker | None = None) -> Verification:
    """Verify the ledger, the projections and the kept files."""
    tick: Ticker = progress or (lambda _done, _total, _text: None)
    check = _Check(tick)
    try:
        with engine.connect() as connection:
            check.ledger(connection)
            if not check.touched:
                for table in TABLES:
                    check.projection(connection, table)
                check.loose_statements()
                check.structure(connection)
    except RegisterError as error:
        if not isinstance(error, LedgerTouchedError):
            raise
        check.touch("register.db", str(error))
    except (TypeError, ValueError, KeyError, AttributeError, shapely.errors.GEOSException) as error:
        # a value of another type, or one that is no JSON or no geometry: no program wrote it
        check.touch("register.db", f"a value in it cannot be what was written: {error}")
    check.files(folder)
    return Verification(check.lines, check.rows, check.n_files, check.head.hex(),
                        tuple(check.touched))


class _Check:
    """State of a verification."""

    def __init__(self, tick: Ticker) -> None:
        self.tick = tick
        self.touched: list[Touched] = []
        self.lines = self.rows = self.n_files = 0
        self.head = lines.NO_HASH
        self.opened: dict[int, dict[str, Any]] = {}
        self.events: dict[int, str] = {}
        self.retracted: set[int] = set()
        self.statements: Counter[int] = Counter()
        self.linked: Counter[int] = Counter()

    def touch(self, where: str, what: str, seq: int | None = None) -> None:
        if len(self.touched) < MOST_TOUCHED:
            self.touched.append(Touched(where, what, seq))

    def ledger(self, connection: sa.Connection) -> None:
        """Walk the chain; stop at the first line that does not hold, as all after it hang on it."""
        total = connection.exec_driver_sql("SELECT count(*) FROM ledger").scalar_one()
        rows = connection.execution_options(yield_per=10_000).exec_driver_sql(
            "SELECT seq, body, hash FROM ledger ORDER BY seq"
        )
        for expected, (seq, body, digest) in enumerate(rows, start=1):
            if seq != expected:
                self.touch(f"ledger line {expected}", "the line is missing", expected)
                return
            computed = self._hash(body)
            if computed is None or computed != digest:
                self.touch(f"ledger line {seq}", _what(connection, seq, computed, digest), seq)
                return
            self.head, self.lines = computed, expected
            self._note(expected, body)
            if expected % 10_000 == 0:
                self.tick(expected, int(total), "reading the ledger")
        self.tick(self.lines, int(total), "reading the ledger")
        self._compare_head(connection)
        self._compare_events(connection)

    def _hash(self, body: Any) -> bytes | None:
        """What the next line's hash must be, given its bytes; None where they are no bytes."""
        return hashlib.sha256(self.head + body).digest() if isinstance(body, bytes) else None

    def _note(self, seq: int, body: bytes) -> None:
        line = parse(body)
        if line["kind"] == "import":
            self.opened[seq] = line
            self.events[seq] = "import"
        elif line["kind"] == "retraction":
            self.retracted.add(int(line["import"]))
            self.events[seq] = "retraction"
        elif line["kind"] == "statement":
            self.statements[line["import"]] += 1

    def _compare_head(self, connection: sa.Connection) -> None:
        left = connection.exec_driver_sql(
            "SELECT value FROM register_meta WHERE key = 'head'"
        ).scalar_one_or_none()
        if left != f"{self.lines} {self.head.hex()}":
            self.touch(f"ledger line {self.lines + 1}",
                       f"the ledger ends at line {self.lines}, its writer left it at {left}",
                       self.lines + 1)

    def _compare_events(self, connection: sa.Connection) -> None:
        rows = connection.exec_driver_sql("SELECT seq, kind FROM ledger_events")
        noted: dict[int, str] = {seq: kind for seq, kind in rows}  # noqa: C416  (rows, not pairs)
        for seq in sorted(self.events.keys() | noted.keys()):
            if self.events.get(seq) != noted.get(seq):
                self.touch(f"ledger line {seq}", f"the list of events has it as {noted.get(seq)}, "
                           f"the ledger as {self.events.get(seq)}", seq)

    def projection(self, connection: sa.Connection, table: str) -> None:
        """Fold the statements of each entity, and compare with its row."""
        projection = schema.projections[table]
        names = [f.name for f in schema.stored_fields(TABLES[table])]
        more = self._further(connection, table)
        boxes = Boxes(connection, table) if schema.has_geometry(TABLES[table]) else None
        total = connection.execute(
            sa.select(sa.func.count()).select_from(projection)).scalar_one()
        query = (
            sa.select(projection, schema.ledger.c.body.label("body"))
            .outerjoin(schema.ledger, schema.ledger.c.seq == projection.c.first_seq)
            .order_by(projection.c.row_id).execution_options(yield_per=10_000)
        )
        seen = 0
        for row in connection.execute(query).mappings():
            told = self._told(connection, table, row, more.pop(row["row_id"], []))
            where = f"{table} {row['entity_id']}"
            if told is None:
                self.touch(where, "no statement of the ledger leads to this row")
                continue
            self._compare_row(where, row, told, names, boxes)
            for line in told:
                self.linked[line.body["import"]] += 1
            self.rows += 1
            seen += 1
            if seen % 10_000 == 0:
                self.tick(seen, int(total), f"comparing {table}")
        if boxes is not None and boxes.left:
            self.touch(table, f"the spatial index has {boxes.left} rows too many")
        if more:
            self.touch(table, f"{len(more)} rows that are not there have further statements")
        self.tick(int(total), int(total), f"comparing {table}")

    def _further(self, connection: sa.Connection, table: str) -> dict[int, list[int]]:
        more: dict[int, list[int]] = {}
        for row_id, seq in connection.execute(
            sa.select(schema.further.c.row_id, schema.further.c.seq)
            .where(schema.further.c.table_name == table)
        ):
            more.setdefault(int(row_id), []).append(int(seq))
        return more

    def _told(self, connection: sa.Connection, table: str, row: Any, more: list[int]
              ) -> list[Line] | None:
        """The statements that a row says it rests on; None where one of them is not about it."""
        bodies = [(int(row["first_seq"]), row["body"])]
        for seq in more:
            found = connection.exec_driver_sql("SELECT body FROM ledger WHERE seq = ?", (seq,))
            bodies.append((seq, found.scalar_one_or_none()))
        told = []
        for seq, body in bodies:
            line = parse(bytes(body)) if body is not None else {}
            opened = self.opened.get(line.get("import", 0), {})
            fits = line.get("id") == row["entity_id"] and opened.get("table") == table
            if line.get("kind") != "statement" or not fits or line["import"] in self.retracted:
                return None
            told.append(Line(seq, line, opened))
        return told

    def _compare_row(
        self, where: str, row: Any, told: list[Line], names: list[str],
        boxes: Boxes | None,
    ) -> None:
        held = fold(told)
        for name in names:
            if row[f"f_{name}"] != held.values.get(name):
                self.touch(where, f"field {name} is not what the ledger says")
        if bool(row["simulated"]) != held.simulated:
            self.touch(where, "the mark of simulated data is not what the ledger says")
        if [line.seq for line in told] != sorted({line.seq for line in told}):
            self.touch(where, "it does not rest on its first statement")
        box = None if boxes is None else boxes.take(int(row["row_id"]))
        if row["geometry"] != held.geometry:
            self.touch(where, "the geometry is not what the ledger says")
        elif boxes is not None and held.geometry is not None:
            w, s, e, n = shapely.from_wkb(held.geometry).bounds
            if box is None or box[0] > w or box[1] > s or box[2] < e or box[3] < n:
                self.touch(where, "the spatial index does not hold it")
        elif box is not None:
            self.touch(where, "the spatial index holds a place that it has not")

    def loose_statements(self) -> None:
        """Every statement that counts must be behind a row."""
        for seq, n in self.statements.items():
            expected = 0 if seq in self.retracted else n
            if self.linked[seq] != expected:
                self.touch(f"import {seq}", f"{expected} statements in the ledger, "
                           f"{self.linked[seq]} behind projected rows", seq)

    def structure(self, connection: sa.Connection) -> None:
        """Indexes must lead to the rows that they index: SQLite checks its own trees."""
        self.tick(0, None, "checking the indexes")
        checks = ["PRAGMA integrity_check(5)"] + [
            f"SELECT rtreecheck('rtree_{name}')"
            for name, table in TABLES.items() if schema.has_geometry(table)
        ]
        for check in checks:
            for (said,) in connection.exec_driver_sql(check):
                if said != "ok":
                    self.touch("register.db", str(said))

    def files(self, folder: Path) -> None:
        """Hash every kept file again; every file that an import names must be there."""
        wanted = {line["source"]["sha256"] for line in self.opened.values()}
        present = dict(_hashed(folder))
        for i, (path, digest) in enumerate(present.items()):
            self.tick(i, len(present), "hashing kept files")
            if digest != path.name:
                self.touch(f"file {path.name}", "its bytes were changed")
        self.n_files = len(present)
        for sha256 in sorted(wanted - {p.name for p in present}):
            self.touch(f"file {sha256}", "the kept file is missing")


def _hashed(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in files.kept(folder):
        yield path, files.sha256_of(path)[0]


def _what(connection: sa.Connection, seq: int, computed: bytes | None, stored: Any) -> str:
    """What was changed of a line: the next line's hash was made over the true one."""
    following = connection.exec_driver_sql(
        "SELECT body, hash FROM ledger WHERE seq = ?", (seq + 1,)).first()
    if following is not None and isinstance(following[0], bytes):
        def leads_on(digest: Any) -> bool:
            return (isinstance(digest, bytes)
                    and hashlib.sha256(digest + following[0]).digest() == following[1])

        if leads_on(stored):
            return "its bytes were changed"
        if leads_on(computed):
            return "its hash was changed"
    return "its bytes or its hash were changed"
