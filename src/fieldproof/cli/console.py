"""What all commands share: console, progress bars, the register option, exit codes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

#: Width of what goes to a file or another program, where there is no screen to fit.
FILE_WIDTH = 160

out = Console(highlight=False, width=None if sys.stdout.isatty() else FILE_WIDTH)
err = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else FILE_WIDTH)

RegisterOption = Annotated[
    Path,
    typer.Option("--register", "-r", envvar="FIELDPROOF_REGISTER",
                 help="Folder of the register."),
]
DEFAULT_REGISTER = Path("register.fieldproof")


def listing(*titles: str, title: str | None = None) -> Table:
    """A table whose cells are folded where they are too long: nothing is cut off."""
    made = Table(title=title, show_edge=False, title_justify="left")
    for name in titles:
        made.add_column(name, overflow="fold")
    return made


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """Progress bars on standard error; silent where it is not a terminal but for a last line."""
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        TimeElapsedColumn(), TimeRemainingColumn(), console=err, transient=False,
    ) as bars:
        yield bars


@contextmanager
def track() -> Iterator[Callable[[int, int | None, str], None]]:
    """A progress function that keeps one bar for each kind of work."""
    with progress_bars() as bars:
        tasks: dict[str, TaskID] = {}

        def progress(done: int, total: int | None, text: str) -> None:
            if text not in tasks:
                tasks[text] = bars.add_task(text, total=total)
            bars.update(tasks[text], completed=done, total=total)

        yield progress
