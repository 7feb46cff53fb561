"""`fieldproof progress`: public figures, their pace, their contradictions, what they imply."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.table import Table

from fieldproof.adapters.register import Register
from fieldproof.cli.console import DEFAULT_REGISTER, RegisterOption, listing, out
from fieldproof.errors import InputError
from fieldproof.workflows.published_records import published_records
from fieldproof.workflows.show_progress import show_progress

MEASURES = ("hectares_cleared", "ap_mines", "at_mines", "uxo", "killed", "injured")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("progress")(progress_command)
    app.command("published")(published_command)


def progress_command(
    folder: RegisterOption = DEFAULT_REGISTER,
    claims: Annotated[Path | None, typer.Option(help="CSV of public claims, for what they imply.")
                      ] = None,
    area: Annotated[str | None, typer.Option(help="Only statements on this place.")] = None,
    operator: Annotated[str | None, typer.Option(help="Only statements on this operator's work.")
                        ] = None,
    scope: Annotated[str, typer.Option(help="weekly, monthly, quarterly or annual.")] = "monthly",
    since: Annotated[str | None, typer.Option(help="YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option(help="YYYY-MM-DD.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
    plots: Annotated[Path | None, typer.Option(help="Folder to write the plots to, SVG.")] = None,
) -> None:
    """Show what was stated in public, by period; every contradiction with both its sources."""
    with Register.open(folder) as store:
        shown = show_progress(store, claims=claims, area=area, operator=operator,
                              since=_day("--since", since), until=_day("--until", until),
                              plots=plots is not None)
    if plots is not None:
        plots.mkdir(parents=True, exist_ok=True)
        for i, plot in enumerate(shown.pop("plots"), start=1):
            (plots / f"progress-{i}.svg").write_text(plot["svg"], encoding="utf-8")
            out.print(f"{plots / f'progress-{i}.svg'}: {plot['alt']}")
    if as_json:
        out.print_json(orjson.dumps(shown).decode())
        return
    if not shown["n_statements"]:
        out.print("No stated figures. `fieldproof import` takes in a table of progress figures.")
        return
    _print(shown, scope)


def _day(name: str, text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{name} {text}; a date such as 2021-11-30 would be right") from error


def _print(shown: dict[str, Any], scope: str) -> None:
    if shown["simulated"]:
        out.print("[bold red]SIMULATED figures are among these[/]")
    out.print(f"[bold]{shown['n_statements']} statements[/], nothing corrected")
    out.print(_figures([r for r in shown["periods"] if r["scope"] == scope], scope))
    out.print(_figures(shown["cumulative"][-12:], "cumulative, the last 12"))
    if shown["breakdowns"]:
        out.print(_figures(shown["breakdowns"], "by agency, land use and district"))
    for pace in shown["pace"]:
        out.print(f"pace {pace['name']}: {pace['hectares_per_year']:,.0f} ha a year "
                  f"({pace['basis']}, {pace['n']} statements)")
    apart = listing("kind", "what", "one source", "the other",
                    title=f"{len(shown['inconsistencies'])} statements that do not agree; which is "
                          "right is not decided here")
    for i in shown["inconsistencies"]:
        apart.add_row(i["kind"], i["text"], _source(i["left"]), _source(i["right"]))
    out.print(apart)
    for item in shown["implied"]:
        out.print(f"{item['text']}: [bold]{item['value']:,.4g} {item['unit']}[/] "
                  f"= {item['formula']}")


def _figures(rows: list[dict[str, Any]], title: str) -> Table:
    table = listing("period", "covers", title=title)
    for measure in MEASURES:
        table.add_column(measure.replace("_", " "), justify="right")
    for r in rows:
        table.add_row(f"{r['start'] or '?'} – {r['end']}", r["covers"] or "",
                      *("" if r.get(m) is None else f"{r[m]:,.6g}" for m in MEASURES))
    return table


def _source(side: dict[str, Any]) -> str:
    who = " ".join(str(v) for v in (side["stated_by"], side["stated_on"]) if v)
    return f"{side['figure_id']}: {side['value']:,.6g} ({who}) {side['url'] or 'page not known'}"


def published_command(
    folder: Annotated[Path, typer.Argument(help="Folder with figures.csv, computations.csv.")
                      ] = Path("examples/published-records"),
) -> None:
    """Show what is published on records against the ground elsewhere, and what follows from it."""
    figures, computed = published_records(folder)
    by_id = {f.figure_id: f for f in figures}
    table = listing("case", "what", "value", "from", "sources")
    for c in computed:
        inputs = [by_id[i] for i in c.formula.partition("(")[2].rstrip(")").split(", ")
                  if i in by_id]
        sources = "; ".join(dict.fromkeys(f.source for f in inputs))
        table.add_row(c.case, c.what, f"{c.value:,.6g} {c.unit}", c.formula, sources)
    out.print(table)
    out.print("What is not accounted for is not thereby absent. Coverage is not accuracy.")
