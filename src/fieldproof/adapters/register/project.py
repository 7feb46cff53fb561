"""From what is stated of entities to their rows: recompute rows, many at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import orjson
import shapely
import sqlalchemy as sa

from fieldproof.adapters.register.gather import told
from fieldproof.adapters.register.replay import Held, fold
from fieldproof.adapters.register.schema import has_geometry, projections, stored_fields
from fieldproof.model.tables import TABLES

#: Rows that are held in memory at once.
ROWS_AT_ONCE: Final = 20_000


def project(connection: sa.Connection, table: str, row_ids: Sequence[int]) -> int:
    """Compute rows anew from all the statements that count; how many of them changed."""
    return sum(
        _project(connection, table, row_ids[start:start + ROWS_AT_ONCE])
        for start in range(0, len(row_ids), ROWS_AT_ONCE)
    )


def _project(connection: sa.Connection, table: str, row_ids: Sequence[int]) -> int:
    before = _rows(connection, table, row_ids)
    changed: list[tuple[int, Held]] = []
    moved: list[tuple[int, Held]] = []
    for row_id, statements in told(connection, table, row_ids):
        held = fold(statements)
        row = before[row_id]
        elsewhere = row["geometry"] != held.geometry
        if elsewhere or any(row[name] != value for name, value in _columns(table, held)):
            changed.append((row_id, held))
        if elsewhere and has_geometry(TABLES[table]):
            moved.append((row_id, held))
    _update(connection, table, changed)
    _reindex(connection, table, moved)
    return len(changed)


def _rows(
    connection: sa.Connection, table: str, row_ids: Sequence[int]
) -> dict[int, Mapping[Any, Any]]:
    projection = projections[table]
    asked = sa.text("SELECT value FROM json_each(:ids)").bindparams(
        ids=orjson.dumps(list(row_ids)).decode())
    query = sa.select(projection).where(projection.c.row_id.in_(asked))
    return {int(row["row_id"]): row for row in connection.execute(query).mappings()}


def _columns(table: str, held: Held) -> Iterator[tuple[str, Any]]:
    """Column -> what it is to hold, the place left out."""
    yield "simulated", held.simulated
    for field in stored_fields(TABLES[table]):
        yield f"f_{field.name}", held.values.get(field.name)


def _update(
    connection: sa.Connection, table: str, changed: Sequence[tuple[int, Held]]
) -> None:
    if not changed:
        return
    names = ["simulated", *(f"f_{f.name}" for f in stored_fields(TABLES[table]))]
    places = ", ".join(f'"{name}" = ?' for name in names)
    connection.exec_driver_sql(
        f"UPDATE {table} SET {places}, geometry = ? WHERE row_id = ?",  # noqa: S608
        [(*(value for _, value in _columns(table, held)), held.geometry, row_id)
         for row_id, held in changed],
    )


def _reindex(connection: sa.Connection, table: str, moved: Sequence[tuple[int, Held]]) -> None:
    if not moved:
        return
    connection.exec_driver_sql(
        f"DELETE FROM rtree_{table} WHERE row_id = ?", [(row_id,) for row_id, _ in moved]  # noqa: S608
    )
    placed = [(row_id, held.geometry) for row_id, held in moved if held.geometry is not None]
    if placed:
        bounds = shapely.bounds(shapely.from_wkb([wkb for _, wkb in placed])).tolist()
        connection.exec_driver_sql(
            f"INSERT INTO rtree_{table} VALUES (?, ?, ?, ?, ?)",  # noqa: S608
            [(row_id, w, e, s, n)
             for (row_id, _), (w, s, e, n) in zip(placed, bounds, strict=True)],
        )
