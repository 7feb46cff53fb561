"""The command line: parses, calls a workflow, prints. One module a command."""

from __future__ import annotations

import sys
from importlib import import_module

import typer

from fieldproof import __version__
from fieldproof.cli.console import err, out
from fieldproof.errors import FieldproofError

#: Modules of this package that each hold a `register(app)` which adds their command.
COMMANDS: tuple[str, ...] = ("import_", "progress", "register_", "audit", "quarantine")

app = typer.Typer(
    name="fieldproof", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="How far each handed-over minefield record holds, and proof of each statement.",
)


def _version(value: bool) -> None:
    if value:
        out.print(f"fieldproof {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version and end."
    ),
) -> None:
    """Take the options that stand before a command."""


for _name in COMMANDS:
    import_module(f"fieldproof.cli.{_name}").register(app)


def main() -> None:
    """Run the command line; a mistake we can name ends with its own exit code, no traceback."""
    try:
        app()
    except FieldproofError as error:
        err.print(f"[bold red]error:[/] {error}")
        sys.exit(error.exit_code)
