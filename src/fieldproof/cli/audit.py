"""Commands of the main job: locate, audit, report, export, simulate, demo."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import orjson
import typer

from fieldproof.adapters.clock import now_iso
from fieldproof.adapters.register import Register
from fieldproof.audit import Thresholds
from fieldproof.cli.console import DEFAULT_REGISTER, RegisterOption, listing, out, track
from fieldproof.model.codes import RecordStatus
from fieldproof.workflows.audit_batch import AuditResult, audit_batch
from fieldproof.workflows.build_report import write_report
from fieldproof.workflows.demo import run_demo
from fieldproof.workflows.export_register import export_register
from fieldproof.workflows.locate_records import locate_records
from fieldproof.workflows.record_findings import record_findings
from fieldproof.workflows.show_progress import show_progress
from fieldproof.workflows.simulate_district import read_sample, write_district

SampleOption = Annotated[
    Path | None,
    typer.Option(help="CSV of the record ids that were drawn at random for verification."),
]
SeedOption = Annotated[int, typer.Option(help="Seed of every random number.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for name, command in (("locate", locate_command), ("audit", audit_command),
                          ("report", report_command), ("export", export_command),
                          ("simulate", simulate_command), ("demo", demo_command)):
        app.command(name)(command)


def locate_command(
    folder: RegisterOption = DEFAULT_REGISTER,
    as_of: Annotated[str | None, typer.Option(help="On what was known then.")] = None,
    seed: SeedOption = 1,
) -> None:
    """Plot every record from its form, with its error."""
    with Register.open(folder) as store, track() as progress:
        placed = locate_records(store, as_of=as_of, seed=seed, progress=progress)
    if not placed:
        out.print("No minefield records. `fieldproof import` takes them in.")
        return
    shown = listing("record", "corners", "first corner (lat, lon)", "1 sigma m", "declination",
                  "closure p", "assumptions and problems")
    for record in placed:
        located = record.located
        notes = "; ".join((*located.problems, *located.assumptions))
        if not located.located:
            shown.add_row(located.record_id, "0", "not located", "", "", "", notes)
            continue
        first = located.parts[0]
        lon, lat = located.frame.to_lonlat(first.vertices[0])
        closure = "" if first.closure is None else f"{first.closure.p_value:.2g}"
        bend = "" if located.declination_deg is None else f"{located.declination_deg:.2f}°"
        sigma = (first.covariance[0, 0] + first.covariance[1, 1]) ** 0.5
        shown.add_row(located.record_id, str(sum(len(p.vertices) for p in located.parts)),
                      f"{lat:.5f}, {lon:.5f}", f"{sigma:.0f}", bend, closure, notes)
    out.print(shown)


def audit_command(
    folder: RegisterOption = DEFAULT_REGISTER,
    sample: SampleOption = None,
    shift_m: Annotated[float, typer.Option(help="Displaced beyond this, metres.")] = 60.0,
    decide: Annotated[float, typer.Option(help="Probability that a verdict needs.")] = 0.80,
    as_of: Annotated[str | None, typer.Option(help="On what was known then.")] = None,
    seed: SeedOption = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
    record_by: Annotated[str | None, typer.Option(help="Put the verdicts into the register as "
                                                  "findings, stated by this person or body.")
                         ] = None,
) -> None:
    """Judge every record against what was searched and found; give the batch its figure."""
    with Register.open(folder) as store, track() as progress:
        result = audit_batch(
            store, sampled_ids=read_sample(sample) if sample else None,
            thresholds=Thresholds(shift_m=shift_m, decide=decide), as_of=as_of, seed=seed,
            progress=progress,
        )
        if record_by is not None:
            record_findings(store, result, stated_by=record_by, recorded_at=now_iso())
    if as_json:
        out.print_json(orjson.dumps({
            "figure": result.figure.to_dict(), "thresholds": result.thresholds.to_dict(),
            "records": [v.to_dict() for _, v in result.records], "simulated": result.simulated,
        }).decode())
        return
    _print_audit(result)


def _print_audit(result: AuditResult) -> None:
    if result.simulated:
        out.print("[bold red]SIMULATED records are among these[/]")
    shown = listing("record", "verdict", "probability", "searched", "finds in / reach", "recorded")
    for _, v in result.records:
        best = max(v.probabilities.values(), default=None)
        shown.add_row(
            v.record_id, str(v.status).replace("_", " "),
            "" if best is None else f"{best:.0%}",
            "not known" if v.searched_share is None else f"{v.searched_share:.0%}",
            f"{v.finds_inside} / {v.finds_in_reach}",
            "not stated" if v.devices_recorded is None else str(v.devices_recorded),
        )
    out.print(shown)
    counts = ", ".join(f"{str(s).replace('_', ' ')} {result.figure.counts[s]}"
                       for s in RecordStatus)
    out.print(f"[bold]{counts}[/]")
    out.print(result.figure.sentence)
    out.print(f"Definition: {result.figure.definition}.")
    if result.figure.exact_refused:
        out.print(f"[yellow]No exact interval: {result.figure.exact_refused}.[/]")
    out.print("No verdict shrinks a hazard area; 'unsupported' is not 'no mines'.")


def report_command(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write to.")] = Path(
        "report"),
    folder: RegisterOption = DEFAULT_REGISTER,
    sample: SampleOption = None,
    claims: Annotated[Path | None, typer.Option(help="CSV of public claims.")] = None,
    title: Annotated[str, typer.Option(help="Title of the report.")] = "How far the records hold",
    seed: SeedOption = 1,
) -> None:
    """Audit the register and write report.html, report.json and fieldproof.gpkg."""
    with Register.open(folder) as store, track() as progress:
        audit = audit_batch(store, sampled_ids=read_sample(sample) if sample else None,
                            seed=seed, progress=progress)
        figures = show_progress(store, claims=claims) if store.count("progress_figures") else None
        page, content = write_report(output, store, audit, figures, title=title,
                                     generated_at=now_iso()[:10])
        export_register(store, output / "fieldproof.gpkg", audit=audit, progress=progress)
    for path in (page, content, output / "fieldproof.gpkg"):
        out.print(str(path))


def export_command(
    output: Annotated[Path, typer.Argument(help="x.gpkg, x.geojson, or a folder for CSV.")],
    table: Annotated[list[str] | None, typer.Option(help="Only this table; may be given again.")
                     ] = None,
    folder: RegisterOption = DEFAULT_REGISTER,
    as_of: Annotated[str | None, typer.Option(help="What was known then.")] = None,
) -> None:
    """Write tables with the provenance of each row. Personal data stays in the register."""
    with Register.open(folder) as store, track() as progress:
        written = export_register(store, output, tables=table, as_of=as_of, progress=progress)
    for name, n in written.items():
        out.print(f"{name}: {n} rows")
    out.print(f"written: {output} (personal data is never exported)")


def simulate_command(
    output: Annotated[Path, typer.Argument(help="A new folder.")],
    seed: SeedOption = 1,
    records: Annotated[int, typer.Option(help="How many records.", min=1, max=10_000)] = 60,
) -> None:
    """Make up a district, labelled as simulated, as files that would come from the field."""
    for path in write_district(output, seed=seed, n_records=records):
        out.print(str(path))
    out.print("SIMULATED: import these with --simulated. The truth is in the folder truth.")


def demo_command(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write to.")] = Path(
        "demo-output"),
    seed: SeedOption = 1,
    examples: Annotated[Path, typer.Option(help="Folder of the examples.")] = Path("examples"),
) -> None:
    """Take in real public figures and a simulated district, audit it, and write one report."""
    with track() as progress:
        result = run_demo(output, examples / "azerbaijan-public", seed=seed, progress=progress)
    out.print(f"\n[bold]Public figures (real):[/] {result.n_statements} statements, "
              f"{result.n_inconsistencies} that do not agree; pace {result.pace_text}")
    out.print("[bold]Records (SIMULATED):[/] " + ", ".join(
        f"{n} {name.replace('_', ' ')}" for name, n in result.counts.items() if n))
    out.print(result.sentence)
    out.print("\n[bold]Look at:[/]")
    for path, words in result.look_at:
        out.print(f"  {path}  [dim]{words}[/]", soft_wrap=True)
    out.print(f"ledger head: {result.head}")
