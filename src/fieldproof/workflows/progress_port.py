"""How long work tells how far it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

#: Called with what was done, the total (None where it is not known) and what is being done.
Progress: TypeAlias = Callable[[int, int | None, str], None]


def silent(done: int, total: int | None, text: str) -> None:
    """Tell nobody."""
