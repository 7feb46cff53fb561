"""`fieldproof progress`: public figures, their pace, their contradictions, what they imply."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.markup import escape
from rich.table import Table

from fieldproof.adapters.register import Register
from fieldproof.cli.console import DEFAULT_REGISTER, RegisterOption, err, listing, out
from fieldproof.errors import InputError
from fieldproof.workflows.published_records import published_records
from fieldproof.workflows.show_progress import show_progress

MEASURES = ("hectares_cleared", "ap_mines", "at_mines", "uxo", "items", "killed", "injured",
            "casualties")


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
    kind: Annotated[list[str] | None, typer.Option(help="Only this: hectares_cleared, ap_mines, "
                    "at_mines, uxo, items, killed, injured, casualties. May be given again.")
                    ] = None,
    scope: Annotated[str, typer.Option(help="weekly, monthly, quarterly or annual.")] = "monthly",
    since: Annotated[str | None, typer.Option(help="YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option(help="YYYY-MM-DD.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
    plots: Annotated[Path | None, typer.Option(help="Folder to write the plots to, SVG.")] = None,
) -> None:
    """Show what was stated in public, by period; every contradiction with both its sources."""
    kinds = tuple(kind or MEASURES)
    if unknown := [k for k in kinds if k not in MEASURES]:
        raise InputError(f"--kind {unknown[0]}; one of {', '.join(MEASURES)} would be right")
    with Register.open(folder) as store:
        shown = show_progress(store, claims=claims, area=area, operator=operator,
                              since=_day("--since", since), until=_day("--until", until),
                              plots=plots is not None)
    if plots is not None:
        plots.mkdir(parents=True, exist_ok=True)
        for i, plot in enumerate(shown.pop("plots"), start=1):
            (plots / f"progress-{i}.svg").write_text(plot["svg"], encoding="utf-8")
            err.print(escape(f"{plots / f'progress-{i}.svg'}: {plot['alt']}"))
    if as_json:
        out.print_json(orjson.dumps(shown).decode())
        return
    if not shown["n_statements"]:
        out.print("No stated figures. `fieldproof import` takes in a table of progress figures.")
        return
    _print(shown, scope, kinds)


def _day(name: str, text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{name} {text}; a date such as 2021-11-30 would be right") from error


def _print(shown: dict[str, Any], scope: str, kinds: tuple[str, ...]) -> None:
    if shown["simulated"]:
        out.print("[bold red]SIMULATED figures are among these[/]")
    out.print(f"[bold]{shown['n_statements']} statements[/], nothing corrected")
    stated = {name: [r for r in shown[name] if any(r.get(k) is not None for k in kinds)]
              for name in ("periods", "cumulative", "breakdowns")}
    for rows, title in (
        ([r for r in stated["periods"] if r["scope"] == scope], scope),
        (stated["cumulative"][-12:], "cumulative, the last 12"),
        (stated["breakdowns"], "by agency, land use and district"),
    ):
        out.print(_figures(rows, title, kinds) if rows else f"{title}: nothing stated")
    for pace in shown["pace"]:
        out.print(f"pace {pace['name']}: {pace['hectares_per_year']:,.0f} ha a year "
                  f"({pace['basis']}, from {pace['n']})")
    if shown["seasons"]:
        out.print(_seasons(shown["seasons"]))
    out.print(f"{len(shown['inconsistencies'])} statements that do not agree; which is right is "
              "not decided here")
    apart = listing("kind", "what", "one source", "the other")
    for i in shown["inconsistencies"]:
        apart.add_row(i["kind"], escape(i["text"]), _source(i["left"]), _source(i["right"]))
    if shown["inconsistencies"]:
        out.print(apart)
    limits = ", ".join(f"{name} {value:g}" for name, value in shown["tolerances"].items())
    out.print(f"tolerances: {limits}")
    for item in shown["implied"]:
        unit = "" if item["unit"] == "1" else f" {item['unit']}"
        out.print(f"{escape(item['text'])}: [bold]{_value(item['value'])}{unit}[/] = "
                  f"{escape(item['formula'])} (from {', '.join(item['inputs'])})")


def _value(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:,.4g}"


def _seasons(rows: list[dict[str, Any]]) -> Table:
    table = listing("month", title="hectares by month of the year, as stated in all years")
    for name in ("statements", "lowest", "median", "highest"):
        table.add_column(name, justify="right")
    for r in rows:
        table.add_row(str(r["month"]), str(r["n"]),
                      *(f"{r[k]:,.6g}" for k in ("lowest", "median", "highest")))
    return table


def _figures(rows: list[dict[str, Any]], title: str, kinds: tuple[str, ...]) -> Table:
    measures = [m for m in MEASURES if m in kinds and any(r.get(m) is not None for r in rows)]
    table = listing("period", "covers", title=title)
    for measure in measures:
        table.add_column(measure.replace("_", " "), justify="right")
    for r in rows:
        table.add_row(f"{r['start'] or '?'} – {r['end']}", escape(r["covers"] or ""),
                      *("" if r.get(m) is None else f"{r[m]:,.8g}" for m in measures))
    return table


def _source(side: dict[str, Any]) -> str:
    who = " ".join(str(v) for v in (side["stated_by"], side["stated_on"]) if v)
    return escape(f"{side['figure_id']}: {side['value']:,.8g} ({who}) "
                  f"{side['url'] or 'page not known'}")


def _published(value: float, unit: str) -> str:
    return f"{value:,.10g}" if unit == "1" else f"{value:,.10g} {unit}"


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
        table.add_row(c.case, c.what, _published(c.value, c.unit), c.formula, sources)
    out.print(table)
    out.print("What is not accounted for is not thereby absent. Coverage is not accuracy.")
