"""The statements of many entities in one pass over the ledger, instead of a query for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

import orjson
import sqlalchemy as sa

from fieldproof.adapters.register.replay import Line, known_by, parse

#: row_id, ledger line, body of the line
Found = tuple[int, int, bytes]


def line_reader(connection: sa.Connection) -> Callable[[int], Line]:
    """A function from a ledger line's number to the statement, its import read once."""
    opening = opening_reader(connection)

    def read(seq: int) -> Line:
        body = parse(body_of(connection, seq))
        return Line(seq, body, opening(int(body["import"])))

    return read


def opening_reader(connection: sa.Connection) -> Callable[[int], dict[str, Any]]:
    """A function from the number of an import's line to that line, each read once."""
    opened: dict[int, dict[str, Any]] = {}

    def opening(number: int) -> dict[str, Any]:
        if number not in opened:
            opened[number] = parse(body_of(connection, number))
        return opened[number]

    return opening


def body_of(connection: sa.Connection, seq: int) -> bytes:
    """Bytes of a ledger line."""
    found = connection.exec_driver_sql("SELECT body FROM ledger WHERE seq = ?", (seq,))
    return bytes(found.scalar_one())


def told(
    connection: sa.Connection, table: str, row_ids: Iterable[int] | None = None
) -> Iterator[tuple[int, list[Line]]]:
    """Rows of a table with the statements that count about each, in the order of the rows.

    Args:
        connection: of the register.
        table: its name.
        row_ids: only these; None: all.

    """
    opening = opening_reader(connection)
    both = merge(_first(connection, table, row_ids), _further(connection, table, row_ids),
                 key=itemgetter(0, 1))
    for row_id, group in groupby(both, key=itemgetter(0)):
        statements = []
        for _, seq, body in group:
            line = parse(body)
            statements.append(Line(seq, line, opening(int(line["import"]))))
        yield row_id, statements


def _first(
    connection: sa.Connection, table: str, row_ids: Iterable[int] | None
) -> Iterator[Found]:
    chosen, arguments = _chosen("p.row_id", row_ids)
    return _stream(connection, (
        f"SELECT p.row_id, p.first_seq, l.body FROM {table} p "  # noqa: S608  (own table name)
        f"CROSS JOIN ledger l ON l.seq = p.first_seq {chosen} ORDER BY p.row_id"
    ), arguments)


def _further(
    connection: sa.Connection, table: str, row_ids: Iterable[int] | None
) -> Iterator[Found]:
    chosen, arguments = _chosen("f.row_id", row_ids)
    return _stream(connection, (
        "SELECT f.row_id, f.seq, l.body FROM further_statements f "  # noqa: S608
        f"CROSS JOIN ledger l ON l.seq = f.seq {chosen} {'AND' if chosen else 'WHERE'} "
        "f.table_name = ? ORDER BY f.row_id, f.seq"
    ), (*arguments, table))


def _chosen(column: str, row_ids: Iterable[int] | None) -> tuple[str, tuple[str, ...]]:
    if row_ids is None:
        return "", ()
    return (f"WHERE {column} IN (SELECT value FROM json_each(?))",  # noqa: S608
            (orjson.dumps(list(row_ids)).decode(),))


def _stream(
    connection: sa.Connection, query: str, arguments: tuple[str, ...]
) -> Iterator[Found]:
    for row_id, seq, body in connection.exec_driver_sql(query, arguments):
        yield int(row_id), int(seq), bytes(body)


def taken_back(
    connection: sa.Connection, table: str, *, from_day: str | None = None
) -> dict[str, list[Line]]:
    """Entity -> its statements that no longer count, in the order of the ledger.

    Args:
        connection: of the register.
        table: its name.
        from_day: only statements that this register still held on that day, `YYYY-MM-DD`.

    """
    events = [(int(seq), str(kind), parse(bytes(body))) for seq, kind, body in
              connection.exec_driver_sql(
                  "SELECT e.seq, e.kind, l.body FROM ledger_events e "
                  "CROSS JOIN ledger l ON l.seq = e.seq ORDER BY e.seq")]
    ended = {int(line["import"]): str(line["recorded_at"])[:10]
             for _, kind, line in events if kind == "retraction"}
    out: dict[str, list[Line]] = {}
    for i, (seq, _, line) in enumerate(events):
        if seq not in ended or line["table"] != table:
            continue
        if from_day is not None and ended[seq] <= from_day:
            continue
        last = events[i + 1][0]  # an import that was taken back is never the last event
        for number, body in connection.exec_driver_sql(
            "SELECT seq, body FROM ledger WHERE seq > ? AND seq < ?", (seq, last)
        ):
            statement = parse(bytes(body))
            out.setdefault(str(statement["id"]), []).append(Line(int(number), statement, line))
    return out


def held_on(
    connection: sa.Connection, table: str, day: str, *, recorded: bool
) -> Iterator[list[Line]]:
    """What counted on a day, `YYYY-MM-DD`: for each entity the statements that were known then.

    With `recorded`, those that this register held then, also if they were taken back since.
    """
    since = taken_back(connection, table, from_day=day) if recorded else {}
    for _, statements in told(connection, table):
        both = sorted(statements + since.pop(str(statements[0].body["id"]), []),
                      key=attrgetter("seq"))
        if known := [s for s in both if known_by(s, day, recorded=recorded)]:
            yield known
    for statements in since.values():
        if known := [s for s in statements if known_by(s, day, recorded=recorded)]:
            yield known
