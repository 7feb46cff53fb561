"""A code list: a closed set of values that says where it comes from and whether that was read.

A list whose source text could not be read is marked `verified=False`; every page and export
that shows it says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

CodeT = TypeVar("CodeT", bound=type[StrEnum])


@dataclass(frozen=True, slots=True)
class CodeList:
    """A named code list with its provenance.

    Attributes:
        name: the name used in table schemas.
        codes: the enumeration itself.
        source: where the values come from.
        verified: False where the source text itself could not be read.

    """

    name: str
    codes: type[StrEnum]
    source: str
    verified: bool

    @property
    def title(self) -> str:
        """First line of the enumeration's docstring."""
        return (self.codes.__doc__ or self.name).strip().splitlines()[0]

    def values(self) -> tuple[str, ...]:
        """All codes, in the order of the list."""
        return tuple(str(code) for code in self.codes)


CODE_LISTS: dict[str, CodeList] = {}


def code_list(name: str, *, source: str, verified: bool) -> Callable[[CodeT], CodeT]:
    """Register an enumeration as a code list under `name`."""

    def register(codes: CodeT) -> CodeT:
        if name in CODE_LISTS:
            raise ValueError(f"code list {name!r} is defined twice")
        CODE_LISTS[name] = CodeList(name, codes, source, verified)
        return codes

    return register
