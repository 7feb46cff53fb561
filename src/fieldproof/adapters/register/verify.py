"""Recompute everything that can be recomputed, and name what was touched.

The chain shows any change of a line, and any line that is missing between others. A ledger that
was cut at its end is known by the head that its writer left; one that was rewritten from its
first line to its last only by a head that somebody wrote down elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import shapely
import sqlalchemy as sa

from fieldproof.adapters.register import files, lines, schema
from fieldproof.adapters.register.replay import Line, fold, parse
from fieldproof.adapters.register.types import Touched, Verification
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
                check.loose_statements(connection)
    except sa.exc.DatabaseError as error:
        check.touch("register.db", f"the database cannot be read: {error.orig}")
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
        self.retracted: set[int] = set()
        self.statements: dict[str, int] = {}
        self.linked: dict[str, int] = {}

    def touch(self, where: str, what: str, seq: int | None = None) -> None:
        if len(self.touched) < MOST_TOUCHED:
            self.touched.append(Touched(where, what, seq))

    def ledger(self, connection: sa.Connection) -> None:
        """Walk the chain; stop at the first line that does not hold, as all after it hang on it."""
        total = connection.exec_driver_sql("SELECT count(*) FROM ledger").scalar_one()
        expected = 1
        rows = connection.execution_options(yield_per=10_000).exec_driver_sql(
            "SELECT seq, body, hash FROM ledger ORDER BY seq"
        )
        for seq, body, digest in rows:
            if seq != expected:
                self.touch(f"ledger line {expected}", "the line is missing", expected)
                return
            computed = None
            if isinstance(body, bytes):
                computed = hashlib.sha256(self.head + body).digest()
            if computed is None or computed != digest:
                self.touch(f"ledger line {seq}", "its bytes or its hash were changed", seq)
                return
            self.head = computed
            self._note(int(seq), body)
            expected += 1
            if seq % 10_000 == 0:
                self.tick(int(seq), int(total), "reading the ledger")
        self.lines = expected - 1
        self.tick(self.lines, int(total), "reading the ledger")
        self._compare_head(connection)
        self._compare_events(connection)

    def _note(self, seq: int, body: bytes) -> None:
        line = parse(body)
        if line["kind"] == "import":
            self.opened[seq] = line
        elif line["kind"] == "retraction":
            self.retracted.add(int(line["import"]))
        elif line["kind"] == "statement":
            key = int(line["import"])
            self.statements[str(key)] = self.statements.get(str(key), 0) + 1

    def _compare_head(self, connection: sa.Connection) -> None:
        left = connection.exec_driver_sql(
            "SELECT value FROM register_meta WHERE key = 'head'"
        ).scalar_one_or_none()
        if left != f"{self.lines} {self.head.hex()}":
            self.touch(f"ledger line {self.lines + 1}",
                       f"the ledger ends at line {self.lines}, its writer left it at {left}",
                       self.lines + 1)

    def _compare_events(self, connection: sa.Connection) -> None:
        noted = {int(s) for (s,) in connection.exec_driver_sql("SELECT seq FROM ledger_events")}
        for seq in sorted(set(self.opened) - noted):
            self.touch(f"ledger line {seq}", "the list of events lacks it", seq)

    def projection(self, connection: sa.Connection, table: str) -> None:
        """Fold the statements of each entity, and compare with its row."""
        projection = schema.projections[table]
        names = [f.name for f in schema.stored_fields(TABLES[table])]
        more = self._further(connection, table)
        boxes = self._boxes(connection, table)
        total = connection.execute(
            sa.select(sa.func.count()).select_from(projection)).scalar_one()
        query = (
            sa.select(projection, schema.ledger.c.body.label("body"))
            .outerjoin(schema.ledger, schema.ledger.c.seq == projection.c.first_seq)
            .order_by(projection.c.first_seq).execution_options(yield_per=10_000)
        )
        seen = 0
        for row in connection.execute(query).mappings():
            told = self._told(connection, table, row, more.get(row["row_id"], []))
            where = f"{table} {row['entity_id']}"
            if told is None:
                self.touch(where, "no statement of the ledger leads to this row")
                continue
            self._compare_row(where, row, told, names, boxes)
            for line in told:
                key = str(line.body["import"])
                self.linked[key] = self.linked.get(key, 0) + 1
            self.rows += 1
            seen += 1
            if seen % 10_000 == 0:
                self.tick(seen, int(total), f"comparing {table}")
        if boxes is not None and len(boxes):
            self.touch(f"{table}", f"the spatial index has {len(boxes)} rows too many")
        self.tick(int(total), int(total), f"comparing {table}")

    def _further(self, connection: sa.Connection, table: str) -> dict[int, list[int]]:
        more: dict[int, list[int]] = {}
        for row_id, seq in connection.execute(
            sa.select(schema.further.c.row_id, schema.further.c.seq)
            .where(schema.further.c.table_name == table)
        ):
            more.setdefault(int(row_id), []).append(int(seq))
        return more

    def _boxes(
        self, connection: sa.Connection, table: str
    ) -> dict[int, tuple[float, float, float, float]] | None:
        if not schema.has_geometry(TABLES[table]):
            return None
        rows = connection.exec_driver_sql(
            f"SELECT row_id, west, south, east, north FROM rtree_{table}"  # noqa: S608
        )
        return {int(r): (w, s, e, n) for r, w, s, e, n in rows}

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
        boxes: dict[int, tuple[float, float, float, float]] | None,
    ) -> None:
        held = fold(told)
        for name in names:
            if row[f"f_{name}"] != held.values.get(name):
                self.touch(where, f"field {name} is not what the ledger says")
        if row["geometry"] != held.geometry:
            self.touch(where, "the geometry is not what the ledger says")
        if bool(row["simulated"]) != held.simulated:
            self.touch(where, "the mark of simulated data is not what the ledger says")
        box = None if boxes is None else boxes.pop(int(row["row_id"]), None)
        if boxes is None or row["geometry"] is None:
            return
        w, s, e, n = _bounds(row["geometry"])
        if box is None or box[0] > w or box[1] > s or box[2] < e or box[3] < n:
            self.touch(where, "the spatial index does not hold it")

    def loose_statements(self, connection: sa.Connection) -> None:
        """Every statement that counts must be behind a row."""
        del connection
        for key, n in self.statements.items():
            expected = 0 if int(key) in self.retracted else n
            if self.linked.get(key, 0) != expected:
                self.touch(f"import {key}", f"{expected} statements in the ledger, "
                           f"{self.linked.get(key, 0)} behind projected rows", int(key))

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


def _bounds(wkb: bytes) -> tuple[float, float, float, float]:
    w, s, e, n = shapely.from_wkb(wkb).bounds
    return float(w), float(s), float(e), float(n)


