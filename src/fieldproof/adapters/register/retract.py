"""Taking an import back: a further line of the ledger, never a change of an old one."""

from __future__ import annotations

import sqlalchemy as sa

from fieldproof.adapters.register import lines
from fieldproof.adapters.register.project import project
from fieldproof.adapters.register.replay import parse
from fieldproof.adapters.register.schema import further, has_geometry, ledger, projections
from fieldproof.adapters.register.session import note_event
from fieldproof.errors import RegisterError
from fieldproof.model.tables import TABLES


def retract(
    connection: sa.Connection, head: tuple[int, bytes], import_seq: int, *,
    reason: str, by: str, at: str,
) -> tuple[int, bytes]:
    """Append a retraction and project the entities that it touches anew; the new head."""
    table, last = import_extent(connection, import_seq, head[0])
    body = lines.retraction_line(import_seq, reason, by, at)
    (digest,) = lines.chain(head[1], [body])
    seq = head[0] + 1
    connection.execute(sa.insert(ledger), {"seq": seq, "body": body, "hash": digest})
    note_event(connection, seq, "retraction")
    _forget(connection, table, import_seq + 1, last)
    return seq, digest


def import_extent(connection: sa.Connection, import_seq: int, head: int) -> tuple[str, int]:
    """Table of an import and the last of its statements, which follow its line without a gap."""
    kinds: dict[int, str] = {int(seq): str(kind) for seq, kind in connection.exec_driver_sql(
        "SELECT seq, kind FROM ledger_events WHERE seq >= ? ORDER BY seq", (import_seq,)
    )}
    if kinds.get(import_seq) != "import":
        raise RegisterError(f"line {import_seq} is no import; `fieldproof status` lists them")
    found = connection.execute(sa.select(ledger.c.body).where(ledger.c.seq == import_seq))
    table = str(parse(bytes(found.scalar_one()))["table"])
    retracted = connection.exec_driver_sql(
        "SELECT l.body FROM ledger_events e JOIN ledger l ON l.seq = e.seq "
        "WHERE e.kind = 'retraction'"
    )
    if any(parse(bytes(body))["import"] == import_seq for (body,) in retracted):
        raise RegisterError(f"import {import_seq} was taken back already")
    later = [seq for seq in kinds if seq > import_seq]
    return table, min(later) - 1 if later else head


def _forget(connection: sa.Connection, table: str, first: int, last: int) -> None:
    """Drop statements from `first` to `last`, and project what they were about anew."""
    mine = (further.c.table_name == table, further.c.seq.between(first, last))
    again = set(connection.execute(sa.select(further.c.row_id).where(*mine)).scalars())
    connection.execute(sa.delete(further).where(*mine))
    again |= _hand_on(connection, table, first, last)
    again -= _drop(connection, table, first, last)
    project(connection, table, sorted(again))


def _hand_on(connection: sa.Connection, table: str, first: int, last: int) -> set[int]:
    """Let rows that these statements opened rest on the next one about them; those rows."""
    projection = projections[table]
    opened = sa.select(projection.c.row_id).where(projection.c.first_seq.between(first, last))
    heirs = [
        (int(row_id), int(seq)) for row_id, seq in connection.execute(
            sa.select(further.c.row_id, sa.func.min(further.c.seq))
            .where(further.c.table_name == table, further.c.row_id.in_(opened))
            .group_by(further.c.row_id))
    ]
    if heirs:
        connection.exec_driver_sql(
            "DELETE FROM further_statements WHERE table_name = ? AND row_id = ? AND seq = ?",
            [(table, row_id, seq) for row_id, seq in heirs],
        )
        connection.exec_driver_sql(
            f"UPDATE {table} SET first_seq = ? WHERE row_id = ?",  # noqa: S608  (own table name)
            [(seq, row_id) for row_id, seq in heirs],
        )
    return {row_id for row_id, _ in heirs}


def _drop(connection: sa.Connection, table: str, first: int, last: int) -> set[int]:
    """Drop rows that rest on nothing else; those rows."""
    projection = projections[table]
    here = projection.c.first_seq.between(first, last)
    dropped = set(connection.execute(sa.select(projection.c.row_id).where(here)).scalars())
    if dropped and has_geometry(TABLES[table]):
        connection.exec_driver_sql(
            f"DELETE FROM rtree_{table} WHERE row_id = ?",  # noqa: S608
            [(row_id,) for row_id in dropped],
        )
    connection.execute(sa.delete(projection).where(here))
    return dropped
