"""The register on one machine: a folder with a SQLite database and the files as they came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson
import shapely
import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from fieldproof.adapters.clock import now_iso
from fieldproof.adapters.register import files, lines, schema
from fieldproof.adapters.register.engine import database, engine_of, unfinished
from fieldproof.adapters.register.gather import body_of, held_on, line_reader, taken_back, told
from fieldproof.adapters.register.replay import Line, fold, known_by, parse
from fieldproof.adapters.register.retract import retract
from fieldproof.adapters.register.session import ImportSession
from fieldproof.adapters.register.types import EntityRow, ImportInfo, QuarantinedRow, Verification
from fieldproof.adapters.register.verify import Ticker, verify
from fieldproof.errors import LedgerTouchedError, RegisterError
from fieldproof.model.rows import SourceFile, Statement, Value
from fieldproof.model.tables import TABLES

Bounds = tuple[float, float, float, float]


class Register:
    """Statements, and the tables projected from them. Open it with `create` or `open`."""

    def __init__(self, path: Path, engine: sa.Engine) -> None:
        """Take an engine whose database is set up; use `create` or `open`."""
        self.path = path
        self._engine = engine
        self._files = path / "files"

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make a new register in a folder that does not exist or is empty."""
        if path.exists() and any(path.iterdir()) and not unfinished(path):
            raise RegisterError(f"{path} is not empty; a register needs a folder of its own")
        path.mkdir(parents=True, exist_ok=True)
        register = cls(path, engine_of(path))
        with register._writing() as connection:
            schema.create(connection)
            body = lines.genesis_line(schema.SCHEMA_VERSION, now_iso())
            (digest,) = lines.chain(lines.NO_HASH, [body])
            connection.execute(sa.insert(schema.ledger), {"seq": 1, "body": body, "hash": digest})
            _write_head(connection, (1, digest))
        return register

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a register that is there."""
        if not database(path).is_file() or unfinished(path):
            raise RegisterError(
                f"no register in {path}; `fieldproof import` makes one, --register names another"
            )
        register = cls(path, engine_of(path))
        files.sweep(register._files)
        with register._engine.connect() as connection:
            version = _version(connection)
        if version != schema.SCHEMA_VERSION:
            raise RegisterError(
                f"{path} has schema {version}, this program {schema.SCHEMA_VERSION}"
            )
        return register

    @classmethod
    def open_or_create(cls, path: Path) -> Self:
        """Open a register, or make it where there is none."""
        there = database(path).is_file() and not unfinished(path)
        return cls.open(path) if there else cls.create(path)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    # -- writing ------------------------------------------------------------------------------

    def keep_file(self, path: Path) -> tuple[str, int]:
        """Keep the bytes of a file; its SHA-256 in hex and its length."""
        return files.keep(self._files, path)

    @contextmanager
    def importing(
        self, source: SourceFile, table: str, *, recorded_at: str
    ) -> Iterator[ImportSession]:
        """Take a file in, whole or not at all: one transaction, undone by any error or kill."""
        if table not in TABLES:
            raise RegisterError(f"no table {table!r}; there are {', '.join(TABLES)}")
        with self._writing() as connection:
            session = ImportSession(
                connection, source, table, recorded_at=recorded_at, head=_head(connection),
            )
            yield session
            _write_head(connection, session.head)

    def retract(self, import_seq: int, *, reason: str, by: str, at: str) -> None:
        """Take an import back by a further line; what it stated no longer counts."""
        with self._writing() as connection:
            _write_head(connection, retract(connection, _head(connection), import_seq,
                                            reason=reason, by=by, at=at))

    def resolve_quarantine(self, ids: Sequence[int], how: str) -> None:
        """Mark rows of the quarantine as settled; they stay there as they were typed."""
        table = schema.quarantine
        with self._writing() as connection:
            connection.execute(
                sa.update(table).where(table.c.id.in_(list(ids))).values(resolved=how)
            )

    def drop_quarantine_of(self, file_sha256: str) -> None:
        """Forget rows that a mended file put in quarantine again: they wait there already."""
        table = schema.quarantine
        with self._writing() as connection:
            connection.execute(sa.delete(table).where(table.c.file_sha256 == file_sha256))

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        """One transaction that nobody else can write beside."""
        with (self._engine.connect().execution_options(writes=True) as connection,
              connection.begin()):
            yield connection

    # -- reading ------------------------------------------------------------------------------

    def head(self) -> tuple[int, str]:
        """Number and hex hash of the last ledger line. Write it down: it anchors all before."""
        with self._engine.connect() as connection:
            seq, digest = _head(connection)
        return seq, digest.hex()

    def has_hash(self, digest: str) -> bool:
        """Whether a line of the ledger has this hash, hex."""
        try:
            wanted = bytes.fromhex(digest)
        except ValueError as error:
            raise RegisterError(f"{digest!r} is no hash; 64 hex digits would be right") from error
        with self._engine.connect() as connection:
            found = connection.execute(
                sa.select(schema.ledger.c.seq).where(schema.ledger.c.hash == wanted)
            )
            return found.first() is not None

    def count(self, table: str) -> int:
        """How many entities a table holds."""
        with self._engine.connect() as connection:
            found = connection.execute(
                sa.select(sa.func.count()).select_from(schema.projections[table])
            )
            return int(found.scalar_one())

    def orphans(self, table: str, field: str, parent: str) -> list[str]:
        """Values of a field that name nothing in the parent table, in order."""
        child, other = schema.projections[table], schema.projections[parent]
        column = child.c[f"f_{field}"]
        query = (
            sa.select(column).distinct().where(
                column.is_not(None), column.not_in(sa.select(other.c.entity_id))
            ).order_by(column)
        )
        with self._engine.connect() as connection:
            return [str(value) for value in connection.execute(query).scalars()]

    def tables_present(self) -> list[str]:
        """Names of the tables that hold something."""
        return [name for name in TABLES if self.count(name)]

    def rows(
        self, table: str, *, bbox: Bounds | None = None, within: BaseGeometry | None = None,
        as_of: str | None = None, recorded: bool = False,
        where: Mapping[str, Value] | None = None,
    ) -> Iterator[EntityRow]:
        """Entities of a table, in the order in which they were first stated.

        Args:
            table: its name.
            bbox: (west, south, east, north), WGS 84 degrees; only what touches it.
            within: WGS 84 area; only what touches it.
            as_of: `YYYY-MM-DD`: what was known then.
            recorded: with `as_of`, what this register held then.
            where: field -> value that it must have.

        """
        area = shapely.box(*bbox) if bbox is not None else within
        if bbox is not None and within is not None:
            area = shapely.intersection(area, within)
        for row in self._candidates(table, area, as_of, recorded=recorded):
            if area is not None and (row.geometry is None or not area.intersects(row.geometry)):
                continue
            if where and any(row.values.get(k) != v for k, v in where.items()):
                continue
            yield row

    def _candidates(
        self, table: str, area: BaseGeometry | None, as_of: str | None, *, recorded: bool
    ) -> Iterator[EntityRow]:
        projection = schema.projections[table]
        query = sa.select(projection).order_by(projection.c.row_id)
        with self._engine.connect() as connection:
            if area is not None and as_of is None:
                query = query.where(projection.c.row_id.in_(_in_box(table, area)))
            if as_of is None:
                for found in connection.execute(query).mappings():
                    yield _entity(table, found)
                return
            for known in held_on(connection, table, as_of, recorded=recorded):
                held = fold(known)
                yield EntityRow(table, known[0].body["id"], held.values,
                                _shape(held.geometry), known[0].seq, held.simulated)

    def statements(self, table: str, entity_id: str) -> list[Statement]:
        """Every statement that counts about an entity, in the order of the ledger."""
        with self._engine.connect() as connection:
            return [line.to_statement() for line in _about(connection, table, entity_id)]

    def taken_back(self, table: str, entity_id: str) -> list[Statement]:
        """Statements about an entity that no longer count, as their import was taken back."""
        with self._engine.connect() as connection:
            lines_ = taken_back(connection, table).get(entity_id, [])
        return [line.to_statement() for line in lines_]

    def provenance(self, table: str, entity_id: str, as_of: str | None = None
                   ) -> dict[str, Statement]:
        """Field -> the statement that its value comes from."""
        with self._engine.connect() as connection:
            about = _about(connection, table, entity_id)
        if as_of is not None:
            about = [line for line in about if known_by(line, as_of, recorded=False)]
        by_seq = {line.seq: line.to_statement() for line in about}
        return {name: by_seq[seq] for name, seq in fold(about).by.items()}

    def statement(self, seq: int) -> Statement:
        """The statement on a line of the ledger."""
        with self._engine.connect() as connection:
            return line_reader(connection)(seq).to_statement()

    def imports(self) -> list[ImportInfo]:
        """Every import, in order, also those that were taken back."""
        with self._engine.connect() as connection:
            return list(_imports(connection))

    def find_import(self, source: SourceFile, table: str) -> int | None:
        """Line of an import of the same bytes, table and mapping that still counts."""
        for info in self.imports():
            same = (info.source.sha256, info.source.mapping) == (source.sha256, source.mapping)
            if same and info.table == table and not info.retracted:
                return info.seq
        return None

    def quarantined(self, *, open_only: bool = True) -> list[QuarantinedRow]:
        """Rows that could not be taken, oldest first."""
        table = schema.quarantine
        query = sa.select(table).order_by(table.c.id)
        if open_only:
            query = query.where(table.c.resolved.is_(None))
        with self._engine.connect() as connection:
            return [
                QuarantinedRow(r["table_name"], r["row"], orjson.loads(r["raw"]),
                               orjson.loads(r["problems"]), r["file_sha256"], r["file_name"],
                               r["id"], r["resolved"])
                for r in connection.execute(query).mappings()
            ]

    def verify(self, progress: Ticker | None = None) -> Verification:
        """Recompute the ledger's chain, every projected row and every kept file."""
        return verify(self._engine, self._files, progress)


def _head(connection: sa.Connection) -> tuple[int, bytes]:
    row = connection.exec_driver_sql("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1")
    seq, digest = row.one()
    return int(seq), bytes(digest)


def _write_head(connection: sa.Connection, head: tuple[int, bytes]) -> None:
    connection.exec_driver_sql(
        "INSERT OR REPLACE INTO register_meta VALUES ('head', ?)", (f"{head[0]} {head[1].hex()}",)
    )


def _version(connection: sa.Connection) -> str:
    """Schema that the first line of the ledger names."""
    try:
        return str(parse(body_of(connection, 1))["schema"])
    except (sa.exc.NoResultFound, KeyError, TypeError) as error:
        raise LedgerTouchedError("the first line of the ledger is not what was written") from error


def _about(connection: sa.Connection, table: str, entity_id: str) -> list[Line]:
    row_id = _row_id(connection, table, entity_id)
    return [line for _, lines_ in told(connection, table, [row_id]) for line in lines_]


def _row_id(connection: sa.Connection, table: str, entity_id: str) -> int:
    projection = schema.projections[table]
    found = connection.execute(
        sa.select(projection.c.row_id).where(projection.c.entity_id == entity_id)
    ).scalar_one_or_none()
    if found is None:
        raise RegisterError(f"no {entity_id!r} in {table}")
    return int(found)


def _in_box(table: str, area: BaseGeometry) -> Any:
    """Rows whose box, rounded outward to 32 bits by the R*Tree, touches that of `area`."""
    w, s, e, n = area.bounds
    return sa.text(
        f"SELECT row_id FROM rtree_{table} WHERE west <= :e AND east >= :w "  # noqa: S608
        "AND south <= :n AND north >= :s"
    ).bindparams(w=w, s=s, e=e, n=n)


def _entity(table: str, found: Mapping[Any, Any]) -> EntityRow:
    values = {
        f.name: found[f"f_{f.name}"] for f in schema.stored_fields(TABLES[table])
        if found[f"f_{f.name}"] is not None
    }
    return EntityRow(table, found["entity_id"], values, _shape(found["geometry"]),
                     found["first_seq"], bool(found["simulated"]))


def _shape(wkb: bytes | None) -> BaseGeometry | None:
    try:
        return None if wkb is None else shapely.from_wkb(wkb)
    except (shapely.errors.GEOSException, TypeError) as error:
        raise LedgerTouchedError("a geometry in the register is none; `fieldproof ledger verify` "
                                 "names it") from error


def _imports(connection: sa.Connection) -> Iterator[ImportInfo]:
    events = connection.exec_driver_sql(
        "SELECT e.seq, e.kind, l.body FROM ledger_events e JOIN ledger l ON l.seq = e.seq "
        "ORDER BY e.seq"
    ).all()
    lines_ = [(int(seq), kind, parse(bytes(body))) for seq, kind, body in events]
    taken_back = {line["import"] for _, kind, line in lines_ if kind == "retraction"}
    for seq, kind, line in lines_:
        if kind == "import":
            yield ImportInfo(seq, SourceFile(**line["source"]), line["table"],
                             line["recorded_at"], seq in taken_back)
