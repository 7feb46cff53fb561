"""`fieldproof quarantine` and `fieldproof schema`: rows to mend, and what tables are made of."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from fieldproof.adapters.register import Register
from fieldproof.cli.console import DEFAULT_REGISTER, RegisterOption, listing, out
from fieldproof.cli.import_ import summary
from fieldproof.workflows.import_files import ImportOptions
from fieldproof.workflows.mend_quarantine import hand_out, take_in
from fieldproof.workflows.schema_docs import write_schema_docs, write_workbook

quarantine = typer.Typer(no_args_is_help=True, help="Rows that could not be taken in.")
schema = typer.Typer(no_args_is_help=True, help="What the tables are made of.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(quarantine, name="quarantine")
    app.add_typer(schema, name="schema")


@quarantine.command("list")
def list_rows(folder: RegisterOption = DEFAULT_REGISTER) -> None:
    """List the rows that wait, and what was wrong with each."""
    with Register.open(folder) as store:
        rows = store.quarantined()
    if not rows:
        out.print("No row waits in the quarantine.")
        return
    shown = listing("id", "file", "row", "table", "problems")
    for row in rows:
        shown.add_row(str(row.id), escape(row.file_name), str(row.row), row.table, escape("; ".join(
            f"{p['field']}: {p['problem']}" for p in row.problems)))
    out.print(shown)


@quarantine.command("export")
def export(
    output: Annotated[Path, typer.Argument(help="Folder to write to.")],
    folder: RegisterOption = DEFAULT_REGISTER,
) -> None:
    """Write the rows that wait as CSV, to be mended. It holds them as typed, people's data too."""
    with Register.open(folder) as store:
        written = hand_out(store, output)
    for path in written:
        out.print(f"{path}: mend it, then `fieldproof quarantine take {path}`")
    if not written:
        out.print("No row waits in the quarantine.")


@quarantine.command("take")
def take(
    file: Annotated[Path, typer.Argument(help="Mended CSV, as it was handed out.")],
    folder: RegisterOption = DEFAULT_REGISTER,
    stated_by: Annotated[str, typer.Option(help="Who states the rows; else who stated the file "
                                           "they came from.")] = "unknown",
    known_on: Annotated[str | None, typer.Option(help="When they knew it, YYYY-MM-DD; else as "
                                                 "that file.")] = None,
    simulated: Annotated[bool, typer.Option(help="The rows are made up; known where that file "
                                            "was.")] = False,
) -> None:
    """Take mended rows in."""
    with Register.open(folder) as store:
        results = take_in(store, file, ImportOptions(stated_by=stated_by, known_on=known_on,
                                                     simulated=simulated))
        waiting = len(store.quarantined())
    for result in results:
        out.print(summary(result))
    out.print(f"{waiting} rows wait in the quarantine")


@quarantine.command("drop")
def drop(
    ids: Annotated[list[int], typer.Argument(help="Numbers of the rows; see list.")],
    reason: Annotated[str, typer.Option(help="Why they are not to be taken in.")],
    folder: RegisterOption = DEFAULT_REGISTER,
) -> None:
    """Settle rows without taking them in. They are kept as they were typed, with the reason."""
    with Register.open(folder) as store:
        store.resolve_quarantine(ids, f"dropped: {reason}")
    out.print(f"{len(ids)} rows settled")


@schema.command("docs")
def docs(
    folder: Annotated[Path, typer.Argument(help="Folder of the reference.")] = Path(
        "docs/reference"),
) -> None:
    """Write the reference page of the tables and their table schemas."""
    out.print(f"{len(write_schema_docs(folder))} files written to {folder}")


@schema.command("template")
def template(
    output: Annotated[Path, typer.Argument(help="x.xlsx")],
    table: Annotated[list[str] | None, typer.Option(help="Only this table; may be given again.")
                     ] = None,
) -> None:
    """Write a workbook to fill in; `fieldproof import` reads it."""
    write_workbook(output, table or [])
    out.print(f"{output}: required fields are bold; hover a heading to read what goes below it")
