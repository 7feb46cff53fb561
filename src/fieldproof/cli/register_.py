"""Commands that look into the register: status, history, as-of, undo, ledger."""

from __future__ import annotations

import csv
import sys
from datetime import date
from typing import Annotated

import orjson
import typer

from fieldproof.adapters.clock import now_iso
from fieldproof.adapters.register import Register
from fieldproof.cli.console import DEFAULT_REGISTER, RegisterOption, err, listing, out, track
from fieldproof.errors import InputError, LedgerTouchedError, RegisterError
from fieldproof.model.tables import TABLES

ledger = typer.Typer(no_args_is_help=True, help="The ledger under the register.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("status")(status)
    app.command("history")(history)
    app.command("as-of")(as_of)
    app.command("undo")(undo)
    app.add_typer(ledger, name="ledger")


def status(folder: RegisterOption = DEFAULT_REGISTER) -> None:
    """Say what the register holds, and where it came from."""
    with Register.open(folder) as store:
        present = store.tables_present()
        if not present:
            out.print("The register is empty. `fieldproof import FILE` takes files in.")
        for table in present:
            out.print(f"{TABLES[table].title}: {store.count(table)}")
        waiting = len(store.quarantined())
        if waiting:
            out.print(f"[yellow]{waiting} rows wait in the quarantine:[/] fieldproof quarantine "
                      "list")
        shown = listing("line", "file", "table", "stated by", "recorded", "")
        for info in store.imports():
            marks = [m for m, on in (("taken back", info.retracted),
                                     ("SIMULATED", info.source.simulated)) if on]
            shown.add_row(str(info.seq), info.source.name, info.table, info.source.stated_by,
                          info.recorded_at[:10], ", ".join(marks))
        if shown.row_count:
            out.print(shown)
        seq, digest = store.head()
    out.print(f"ledger head: line {seq}, {digest}")


def history(
    table: Annotated[str, typer.Argument(help="Table, such as minefield_records.")],
    entity: Annotated[str, typer.Argument(help="Its key, parts joined by /.")],
    folder: RegisterOption = DEFAULT_REGISTER,
) -> None:
    """Show every statement about something: who, when, which file and row."""
    _known(table)
    with Register.open(folder) as store:
        statements = store.statements(table, entity)
        by = {name: s.seq for name, s in store.provenance(table, entity).items()}
    for s in statements:
        mark = " [red]SIMULATED[/]" if s.simulated else ""
        out.print(f"[bold]line {s.seq}[/]{mark}: stated by {s.stated_by}, known on "
                  f"{s.known_on or 'not known'}, recorded {s.recorded_at[:19]}, {s.file_name} row "
                  f"{s.row}, SHA-256 {s.file_sha256}")
        shown = listing("field", "value", "in force")
        for name, value in s.values.items():
            shown.add_row(name, str(value), "yes" if by.get(name) == s.seq else "")
        out.print(shown)


def as_of(
    day: Annotated[str, typer.Argument(help="YYYY-MM-DD.")],
    table: Annotated[str | None, typer.Argument(help="Table; without it, how many of each.")
                     ] = None,
    folder: RegisterOption = DEFAULT_REGISTER,
    recorded: Annotated[bool, typer.Option(help="What this register held then, not what the "
                                           "makers of the statements knew then.")] = False,
    form: Annotated[str, typer.Option("--format", help="table, json or csv.")] = "table",
) -> None:
    """Show what was known on a day."""
    try:
        day = date.fromisoformat(day).isoformat()
    except ValueError as error:
        raise InputError(f"{day} is no date; a date such as 2021-11-30 would be right") from error
    with Register.open(folder) as store:
        if table is None:
            for name in store.tables_present():
                n = sum(1 for _ in store.rows(name, as_of=day, recorded=recorded))
                out.print(f"{TABLES[name].title}: {n}")
            return
        _known(table)
        rows = [{"entity_id": r.entity_id, **r.values}
                for r in store.rows(table, as_of=day, recorded=recorded)]
    if form == "json":
        out.print_json(orjson.dumps(rows).decode())
        return
    names = [n for n in ("entity_id", *(f.name for f in TABLES[table]))
             if any(n in row for row in rows)]
    if form == "csv":
        writer = csv.DictWriter(sys.stdout, names)
        writer.writeheader()
        writer.writerows(rows)
        return
    if not rows:
        out.print(f"Nothing was known of {TABLES[table].title.lower()} on {day}.")
        return
    shown = listing(*names)
    for row in rows:
        shown.add_row(*(str(row.get(n, "")) for n in names))
    out.print(shown)


def undo(
    import_line: Annotated[int, typer.Argument(help="Line of the import; see status.")],
    reason: Annotated[str, typer.Option(help="Why; it stays in the ledger.")],
    by: Annotated[str, typer.Option(help="Who takes it back.")],
    folder: RegisterOption = DEFAULT_REGISTER,
) -> None:
    """Take an import back. The ledger keeps it, and who took it back, and why."""
    with Register.open(folder) as store:
        store.retract(import_line, reason=reason, by=by, at=now_iso())
        seq, _ = store.head()
    out.print(f"import {import_line} taken back by line {seq}; what it stated no longer counts")


@ledger.command("verify")
def verify(
    folder: RegisterOption = DEFAULT_REGISTER,
    head: Annotated[str | None, typer.Option(help="Hash that was written down before; it must be "
                                             "on the ledger.")] = None,
) -> None:
    """Recompute the ledger, every table and every kept file; name the first that was touched."""
    with Register.open(folder) as store, track() as progress:
        result = store.verify(progress)
        anchored = head is None or store.has_hash(head)
    for touched in result.touched:
        err.print(f"[bold red]touched:[/] {touched.where}: {touched.what}")
    if not anchored:
        raise LedgerTouchedError(f"{head} is on no line of this ledger: it was rewritten, or it is "
                                 "another one")
    if not result.intact:
        raise LedgerTouchedError(f"first touched: {result.touched[0].where}")
    out.print(f"intact: {result.lines} lines, {result.rows} rows, {result.files} files")
    out.print(f"head: {result.head}")


def _known(table: str) -> None:
    if table not in TABLES:
        raise RegisterError(f"no table {table!r}; there are {', '.join(TABLES)}")
