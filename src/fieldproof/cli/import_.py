"""`fieldproof import`: take files of the field into the register."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from fieldproof.adapters.exchange.import_report import import_report_html, import_report_json
from fieldproof.adapters.exchange.mapping import ColumnMapping
from fieldproof.adapters.register import Register
from fieldproof.cli.console import DEFAULT_REGISTER, RegisterOption, err, listing, out, track
from fieldproof.errors import InputError, MappingError
from fieldproof.workflows.import_files import ImportOptions, ImportResult, import_files

SHOWN_PROBLEMS = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(import_command)


def import_command(
    files: Annotated[list[Path], typer.Argument(help="CSV, XLSX, GeoJSON, GeoPackage, SHP, KML.")],
    folder: RegisterOption = DEFAULT_REGISTER,
    table: Annotated[str | None, typer.Option(help="Table that the files hold; else guessed.")
                     ] = None,
    template: Annotated[Path | None, typer.Option(help="Mapping to use, as saved by "
                                                  "--save-template.")] = None,
    save_template: Annotated[str | None, typer.Option(help="Save the mapping of the file in the "
                                                      "register under this name.")] = None,
    mapping: Annotated[list[str] | None, typer.Option("--map", help="COLUMN=FIELD, overrules the "
                                                      "guess; may be given again.")] = None,
    stated_by: Annotated[str, typer.Option(help="Who states the rows that do not say it.")
                         ] = "unknown",
    known_on: Annotated[str | None, typer.Option(help="When they knew it, YYYY-MM-DD.")] = None,
    simulated: Annotated[bool, typer.Option(help="The rows are made up; it is shown wherever "
                                            "they are.")] = False,
    date_order: Annotated[str | None, typer.Option(help="dmy or mdy, for dates with slashes.")
                          ] = None,
    crs: Annotated[str | None, typer.Option(help="System of features whose file states none, "
                                            "such as EPSG:28408.")] = None,
    dry_run: Annotated[bool, typer.Option(help="Check and show; take nothing in.")] = False,
    strict: Annotated[bool, typer.Option(help="Take nothing of a file that has an error.")
                      ] = False,
    report: Annotated[list[Path] | None, typer.Option(help="Write the report, .html or .json.")
                      ] = None,
) -> None:
    """Take files in: each whole or not at all; rows with errors wait in the quarantine."""
    if date_order not in {None, "dmy", "mdy"}:
        raise InputError(f"--date-order {date_order}; dmy or mdy would be right")
    with Register.open_or_create(folder) as store, track() as progress:
        chosen = _template(store, template)
        results = import_files(store, files, ImportOptions(
            table, chosen, _pairs(mapping or []), stated_by, known_on, simulated,
            date_order, crs, dry_run, strict,  # type: ignore[arg-type]
        ), progress=progress)
        if save_template and results:
            target = folder / "templates" / f"{save_template}.json"
            target.parent.mkdir(exist_ok=True)
            target.write_text(results[0].mapping.to_json(), encoding="utf-8")
            out.print(f"mapping saved: {target}")
    for result in results:
        _show(result)
    for path in report or []:
        _write(path, results)
    if any(r.refused for r in results):
        raise typer.Exit(InputError.exit_code)


def _template(store: Register, path: Path | None) -> ColumnMapping | None:
    if path is None:
        return None
    named = store.path / "templates" / f"{path}.json"
    for candidate in (path, named):
        if candidate.is_file():
            return ColumnMapping.from_json(candidate.read_text(encoding="utf-8"))
    raise MappingError(f"no template {path}, neither a file nor saved in the register")


def _pairs(texts: list[str]) -> dict[str, str]:
    pairs = {}
    for text in texts:
        column, sign, field = text.rpartition("=")
        if not sign:
            raise MappingError(f"--map {text}; COLUMN=FIELD would be right")
        pairs[column] = field
    return pairs


def summary(result: ImportResult) -> str:
    """What became of a file, in one sentence."""
    if result.already is not None:
        return f"already in the register since line {result.already}; nothing was added"
    if result.refused:
        return f"refused: {result.rejected} rows with errors, nothing was taken in (--strict)"
    verb = "would be taken in" if result.dry_run else "taken in"
    counts = result.counts
    detail = "" if result.dry_run else (
        f" ({counts.new} new, {counts.changed} changed, {counts.unchanged} unchanged)"
    )
    return (f"{result.rows - result.rejected} of {result.rows} rows {verb}{detail}, "
            f"{result.rejected} in quarantine")


def _show(result: ImportResult) -> None:
    name = result.file if result.sheet in result.file else f"{result.file} [{result.sheet}]"
    out.print(f"[bold]{escape(name)}[/] → {result.mapping.table} "
              f"({result.mapping.score:.0%} of its columns lead to a field): {summary(result)}")
    if result.already is not None:
        return
    pairs = ", ".join(f"{c} → {f}" for c, f in result.mapping.columns.items() if c != f)
    if pairs:
        out.print(f"  columns: {escape(pairs)}")
    if result.mapping.guessed:
        alike = escape(", ".join(result.mapping.guessed))
        out.print(f"  [yellow]guessed by likeness: {alike}[/]")
    if result.mapping.unmapped:
        out.print(f"  led to no field: {escape(', '.join(result.mapping.unmapped))}")
    if not result.problems:
        return
    shown = listing("row", "field", "value", "problem", "what would be right")
    for p in result.problems[:SHOWN_PROBLEMS]:
        style = "red" if p.severity == "error" else "yellow"
        shown.add_row(str(p.row) if p.row else "file", escape(p.field), escape(p.value),
                      f"[{style}]{escape(p.problem)}[/]", escape(p.right))
    err.print(shown)
    if result.n_problems > SHOWN_PROBLEMS:
        kinds = Counter(f"{p.field}: {p.problem}" for p in result.problems).most_common(8)
        err.print(f"  {result.n_problems} problems in all; most often: "
                  + escape("; ".join(f"{text} ({n})" for text, n in kinds)))


def _write(path: Path, results: list[ImportResult]) -> None:
    files: list[dict[str, Any]] = [
        {"file": r.file, "sheet": r.sheet, "table": r.mapping.table, "sha256": r.sha256,
         "summary": summary(r), "columns": r.mapping.columns,
         "unmapped": list(r.mapping.unmapped), "n_problems": r.n_problems,
         "problems": [p.to_dict() for p in r.problems]}
        for r in results
    ]
    if path.suffix == ".html":
        path.write_text(import_report_html(files), encoding="utf-8")
    else:
        path.write_bytes(import_report_json(files))
    out.print(f"report: {path}")
