"""Columns of text become columns of values.

Nothing is guessed: what can be read in two ways is refused, with both readings named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np

from fieldproof.adapters.exchange.synonyms import CODE_SYNONYMS, plain
from fieldproof.model.rows import Value
from fieldproof.model.schema import Field, FieldType

DateOrder = Literal["dmy", "mdy"] | None
EMPTY: Final = frozenset({"", "-", "–", "n/a", "na", "none", "null"})
#: Days before spreadsheets' day 0; serials are read between these years only.
EXCEL_EPOCH: Final = date(1899, 12, 30)
EXCEL_SERIALS: Final = range(20_000, 60_000)
YES: Final = frozenset({"yes", "y", "true", "1", "да", "bəli", "x"})
NO: Final = frozenset({"no", "n", "false", "0", "нет", "xeyr"})

_ISO: Final = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$")
_DOTTED: Final = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$")
_SLASHED: Final = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})$")
_THOUSANDS: Final = re.compile(r"^[-+]?\d{1,3}(?:[ \u00a0\u202f']\d{3})+(?:[.,]\d+)?$")
_PLAIN_NUMBER: Final = re.compile(r"^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A value that cannot be taken."""

    problem: str
    right: str


Parsed = Value | Unreadable


def parse_column(
    field: Field, texts: Sequence[str | None], date_order: DateOrder = None
) -> tuple[list[Value], dict[int, Unreadable]]:
    """Values of a column, and what could not be read, by index. Unreadable values are None.

    Each distinct text is read once.
    """
    if field.type is FieldType.NUMBER and (fast := _plain_numbers(field, texts)) is not None:
        return fast, {}
    read = reader_of(field, date_order)
    cache: dict[str | None, Parsed] = {None: None}
    out: list[Value] = []
    bad: dict[int, Unreadable] = {}
    for i, text in enumerate(texts):
        try:
            value = cache[text]
        except KeyError:
            value = cache[text] = _read(field, read, text or "")
        if isinstance(value, Unreadable):
            bad[i] = value
            value = None
        out.append(value)
    return out, bad


def _plain_numbers(field: Field, texts: Sequence[str | None]) -> list[Value] | None:
    """All values, where each is a plain finite number in range; None where one is not."""
    if None in texts:
        return None
    try:
        numbers = list(map(float, texts))  # type: ignore[arg-type]
    except ValueError:
        return None
    array = np.asarray(numbers)
    if not np.isfinite(array).all() or "_" in "".join(texts):  # type: ignore[arg-type]
        return None
    low = field.minimum is not None and len(array) and array.min() < field.minimum
    high = field.maximum is not None and len(array) and array.max() > field.maximum
    return None if low or high else list(numbers)


def _read(field: Field, read: Callable[[str], Parsed], text: str) -> Parsed:
    text = text.strip()
    if text.lower() in EMPTY:
        return None
    value = read(text)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _in_range(field, value)
    return value


def _in_range(field: Field, value: float) -> Parsed:
    if field.minimum is not None and value < field.minimum:
        return Unreadable(f"{value:g} is too small", f"{field.minimum:g} or more")
    if field.maximum is not None and value > field.maximum:
        return Unreadable(f"{value:g} is too large", f"{field.maximum:g} or less")
    return value


def reader_of(field: Field, date_order: DateOrder = None) -> Callable[[str], Parsed]:
    """The function that reads one text of a field."""
    if field.type is FieldType.CODE:
        codes = code_words(field)
        return lambda text: codes.get(plain(text)) or Unreadable(
            "not in the code list", f"one of: {', '.join(field.code_list.values())}"
        )
    if field.type is FieldType.DATE:
        return lambda text: read_date(text, date_order)
    return {
        FieldType.TEXT: _text, FieldType.NUMBER: read_number, FieldType.INTEGER: read_integer,
        FieldType.BOOLEAN: read_boolean,
    }[field.type]


def code_words(field: Field) -> dict[str, str]:
    """Every way in which a code may be typed -> the code."""
    code_list = field.code_list
    words = {plain(word): code for word, code in CODE_SYNONYMS.get(code_list.name, {}).items()}
    words |= {plain(code.name): str(code) for code in code_list.codes}
    return words | {plain(code): code for code in code_list.values()}


def _text(text: str) -> Parsed:
    return text


def read_number(text: str) -> Parsed:
    """A number; decimal point or comma, blanks between thousands."""
    if _PLAIN_NUMBER.match(text):
        return float(text)
    if _THOUSANDS.match(text):
        return float(re.sub(r"[ \u00a0\u202f']", "", text).replace(",", "."))
    if "," in text and "." in text:
        return _mixed(text)
    if re.match(r"^[-+]?[1-9]\d{0,2}(?:,\d{3})+$", text):
        whole, decimal = text.replace(",", ""), text.replace(",", ".", 1)
        return Unreadable(f"{text!r} can be read as {whole} or as {decimal}",
                          f"{whole} or {decimal}, without the comma")
    if re.match(r"^[-+]?\d+,\d+$", text):
        return float(text.replace(",", "."))
    return Unreadable("not a number", "a number such as 12.5")


def _mixed(text: str) -> Parsed:
    """A number with commas and points: the last sign is the decimal one."""
    decimal = max(".,", key=text.rfind)
    thousands = "," if decimal == "." else "."
    if re.match(rf"^[-+]?\d{{1,3}}(?:\{thousands}\d{{3}})*\{decimal}\d+$", text):
        return float(text.replace(thousands, "").replace(decimal, "."))
    return Unreadable("not a number", "a number such as 1234.5")


def read_integer(text: str) -> Parsed:
    """A whole number."""
    value = read_number(text)
    if isinstance(value, Unreadable):
        return value
    if not isinstance(value, float) or not value.is_integer():
        return Unreadable(f"{text!r} is not a whole number", "a whole number")
    return int(value)


def read_boolean(text: str) -> Parsed:
    """Yes or no."""
    word = text.lower()
    if word in YES:
        return True
    if word in NO:
        return False
    return Unreadable("neither yes nor no", "yes or no")


def read_date(text: str, order: DateOrder = None) -> Parsed:
    """`YYYY-MM-DD` of a written date: ISO, day.month.year, slashes, or a spreadsheet's serial.

    With slashes the order of day and month is not known where both are 12 or less; it has to be
    given.
    """
    if match := _ISO.match(text):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DOTTED.match(text):
        return _date(int(match[3]), int(match[2]), int(match[1]))
    if match := _SLASHED.match(text):
        return _slashed(text, int(match[1]), int(match[2]), int(match[3]), order)
    if re.match(r"^\d{5}(?:\.0+)?$", text) and int(float(text)) in EXCEL_SERIALS:
        return (EXCEL_EPOCH + timedelta(days=int(float(text)))).isoformat()
    return Unreadable("not a date", "a date such as 2021-11-30")


def _slashed(text: str, first: int, second: int, year: int, order: DateOrder) -> Parsed:
    if order is None and first <= 12 and second <= 12 and first != second:
        return Unreadable(
            f"{text} can be read as {year}-{second:02d}-{first:02d} or as "
            f"{year}-{first:02d}-{second:02d}",
            "an ISO date, or the order of the file: --date-order",
        )
    day_first = order == "dmy" or (order is None and second <= 12)
    return _date(year, second, first) if day_first else _date(year, first, second)


def _date(year: int, month: int, day: int) -> Parsed:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return Unreadable("no such day", "a date such as 2021-11-30")
