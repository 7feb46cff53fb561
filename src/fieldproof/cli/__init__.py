"""The command line: parses, calls a workflow, prints. A module holds what belongs together."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

import typer
from rich.markup import escape

from fieldproof import __version__
from fieldproof.cli.console import err, out
from fieldproof.errors import FieldproofError

#: Module -> the commands that its `register(app)` adds. Only the module of the command that is
#: asked for is imported: most commands need a fraction of the libraries.
COMMANDS: Final[dict[str, tuple[str, ...]]] = {
    "import_": ("import",),
    "register_": ("status", "history", "as-of", "undo", "ledger"),
    "quarantine": ("quarantine", "schema"),
    "progress": ("progress", "published"),
    "audit": ("locate", "audit", "report", "export", "simulate", "demo"),
}


def _version(value: bool) -> None:
    if value:
        out.print(f"fieldproof {__version__}")
        raise typer.Exit


def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version and end."
    ),
) -> None:
    """How far each handed-over minefield record holds, and proof of each statement."""


def build_app(command: str | None = None) -> typer.Typer:
    """The program with all its commands, or with those of the module that holds `command`."""
    app = typer.Typer(
        name="fieldproof", no_args_is_help=True, add_completion=False,
        pretty_exceptions_enable=False, callback=_root,
    )
    wanted = [name for name, commands in COMMANDS.items() if command in commands]
    for name in wanted or COMMANDS:
        import_module(f"fieldproof.cli.{name}").register(app)
    return app


def main() -> None:
    """Run the command line; a mistake we can name ends with its own exit code, no traceback."""
    command = sys.argv[1] if len(sys.argv) > 1 else None
    if command == "--version":
        out.print(f"fieldproof {__version__}")
        return
    try:
        build_app(command)()
    except FieldproofError as error:
        err.print(f"[bold red]error:[/] {escape(str(error))}")
        sys.exit(error.exit_code)
