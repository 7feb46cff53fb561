"""The way to the database: how it is opened, locked, and what its errors mean to a person."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from fieldproof.errors import LedgerTouchedError, RegisterError

#: Seconds to wait for another program that reads or writes the same register.
WAIT_S: Final = 60

#: A rollback journal, not a write-ahead log: an import only appends, so hardly a page has to be
#: saved first, and nothing is written twice. 64 MiB of pages are held in memory. What is deleted
#: is overwritten, so that personal data that were erased are gone from the file.
PRAGMAS: Final = ("journal_mode=DELETE", "synchronous=FULL", "cache_size=-65536",
                  "temp_store=MEMORY", "secure_delete=ON")

_DAMAGED: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BUSY: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def database(path: Path) -> Path:
    """The database of the register in a folder."""
    return path / "register.db"


def engine_of(path: Path) -> sa.Engine:
    """An engine whose transactions are real ones, and whose errors are ours.

    The driver by itself opens a transaction only before some statements, and never before it
    creates a table; so it is told to open none, and each begins here. A writer asks for the lock
    at once: what it reads first is then what it writes on. Values never stand in an error's text.
    """
    engine = sa.create_engine(f"sqlite:///{database(path)}", hide_parameters=True,
                              connect_args={"timeout": WAIT_S, "isolation_level": None})

    @sa.event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: Any) -> None:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    @sa.event.listens_for(engine, "handle_error")
    def _name(context: sa.ExceptionContext) -> None:
        error = context.original_exception
        if isinstance(error, sqlite3.DatabaseError):
            raise named(error, path) from error

    return engine


def named(error: sqlite3.DatabaseError, path: Path) -> RegisterError:
    """An error of the database in words that help."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _BUSY:
        return RegisterError(f"another program is using {path}; nothing was changed, try again "
                             "when it has ended")
    if code == sqlite3.SQLITE_FULL:
        return RegisterError(f"no room is left on the disk of {path}; nothing was changed")
    if code in _DAMAGED:
        return LedgerTouchedError(f"{database(path)} cannot be read: {error}")
    return RegisterError(f"{database(path)}: {error}")


def unfinished(path: Path) -> bool:
    """Whether a folder holds a database that was begun and never came to be a register."""
    if not database(path).is_file():
        return False
    engine = engine_of(path)
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
            return int(found.scalar_one()) == 0
    except RegisterError:
        return False
    finally:
        engine.dispose()
