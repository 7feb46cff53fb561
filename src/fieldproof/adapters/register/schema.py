"""The SQL tables: the ledger, and the projections made from the default schema."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from fieldproof.model.schema import Field, FieldType, GeometryKind, Table
from fieldproof.model.tables import TABLES

SCHEMA_VERSION: Final = "1"

metadata = sa.MetaData()

#: Settings of the register: schema version, and the head that the last writer left.
meta = sa.Table("register_meta", metadata,
                sa.Column("key", sa.Text, primary_key=True), sa.Column("value", sa.Text))

#: The ledger. `hash` is SHA-256 over the hash of the line before and `body`, byte for byte.
ledger = sa.Table("ledger", metadata,
                  sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
                  sa.Column("body", sa.LargeBinary, nullable=False),
                  sa.Column("hash", sa.LargeBinary, nullable=False))

#: Lines of the ledger that are no statements, so that they are found without reading them all.
ledger_events = sa.Table("ledger_events", metadata,
                         sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
                         sa.Column("kind", sa.Text, nullable=False))

#: Statements about an entity after the first, which its projection names itself.
further = sa.Table("further_statements", metadata,
                   sa.Column("table_name", sa.Text, primary_key=True),
                   sa.Column("row_id", sa.Integer, primary_key=True),
                   sa.Column("seq", sa.Integer, primary_key=True),
                   sqlite_with_rowid=False)

#: Personal data, outside the ledger; a statement holds only the random `ref`.
personal = sa.Table("personal", metadata,
                    sa.Column("ref", sa.Text, primary_key=True),
                    sa.Column("data", sa.Text))

quarantine = sa.Table("quarantine", metadata,
                      sa.Column("id", sa.Integer, primary_key=True),
                      sa.Column("table_name", sa.Text, nullable=False),
                      sa.Column("row", sa.Integer, nullable=False),
                      sa.Column("raw", sa.Text, nullable=False),
                      sa.Column("problems", sa.Text, nullable=False),
                      sa.Column("file_sha256", sa.Text, nullable=False),
                      sa.Column("file_name", sa.Text, nullable=False),
                      sa.Column("resolved", sa.Text))

_SQL_TYPES: Final = {
    FieldType.TEXT: sa.Text, FieldType.CODE: sa.Text, FieldType.DATE: sa.Text,
    FieldType.INTEGER: sa.Integer, FieldType.NUMBER: sa.Float, FieldType.BOOLEAN: sa.Boolean,
}


def stored_fields(table: Table) -> tuple[Field, ...]:
    """Fields that a projection has: all but personal ones."""
    return tuple(f for f in table if not f.personal)


def _projection(table: Table) -> sa.Table:
    return sa.Table(
        table.name, metadata,
        sa.Column("row_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("entity_id", sa.Text, nullable=False, unique=True),
        sa.Column("first_seq", sa.Integer, nullable=False),
        sa.Column("simulated", sa.Boolean, nullable=False),
        sa.Column("geometry", sa.LargeBinary),
        *(sa.Column(f"f_{f.name}", _SQL_TYPES[f.type]) for f in stored_fields(table)),
    )


projections: Final = {name: _projection(table) for name, table in TABLES.items()}


def has_geometry(table: Table) -> bool:
    """Whether the rows of a table have a place."""
    return table.geometry is not GeometryKind.NONE


def create(connection: sa.Connection) -> None:
    """Create every table, and an R*Tree for each that has places."""
    metadata.create_all(connection)
    for name, table in TABLES.items():
        if has_geometry(table):
            connection.exec_driver_sql(
                f"CREATE VIRTUAL TABLE IF NOT EXISTS rtree_{name} "
                "USING rtree(row_id, west, east, south, north)"
            )
