"""Names of Soviet map sheets, 1:1 000 000 to 1:10 000, and the ground they cover.

Bounds are Pulkovo 1942 degrees. The millionth sheet is 6° by 4°, rows lettered from the equator,
columns counted from 180 W; finer sheets divide it row by row from the north-west. A name typed in
Latin letters can be ambiguous (B stands for Б or, by its look, for В), and so can a bare number
(24 may be a 1:100 000 sheet, or XXIV of the 1:200 000): every reading is given.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import Final

from fieldproof.errors import CoordinateError

ROWS: Final = "ABCDEFGHIJKLMNO"  # to 60 N; farther north sheets are doubled, and not read here
QUARTERS: Final = "АБВГ"
SMALL_QUARTERS: Final = "абвг"
_ONES: Final = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
ROMAN: Final = tuple("X" * (i // 10) + _ONES[i % 10] for i in range(1, 37))
#: What a letter of a quarter may mean. Cyrillic letters mean themselves.
_LATIN: Final = {"A": "А", "B": "БВ", "V": "В", "G": "Г", "a": "а", "b": "бв", "v": "в", "g": "г"}
_ROW_FROM_CYRILLIC: Final = dict(zip("АВСЕНКМО", "ABCEHKMO", strict=True))
#: Divisions on the way from the millionth sheet to each scale.
SCALES: Final[dict[int, tuple[int, ...]]] = {
    1_000_000: (), 500_000: (500_000,), 200_000: (200_000,), 100_000: (100_000,),
    50_000: (100_000, 50_000), 25_000: (100_000, 50_000, 25_000),
    10_000: (100_000, 50_000, 25_000, 10_000),
}
_TOKENS: Final = (*QUARTERS, *SMALL_QUARTERS, *(str(i) for i in range(1, 145)))
#: Cyrillic letters that stand for Roman digits by their look.
_ROMAN_LOOKALIKES: Final = str.maketrans("ХІ", "XI")
_SEPARATORS: Final = re.compile(r"[-–—_\s.]+")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One reading of a sheet's name.

    Attributes:
        name: canonical, quarters in Cyrillic.
        scale: denominator.
        west: Pulkovo 1942 degrees, as the other three.
        south: see west.
        east: see west.
        north: see west.

    """

    name: str
    scale: int
    west: float
    south: float
    east: float
    north: float

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(west, south, east, north)."""
        return self.west, self.south, self.east, self.north

    def holds(self, lon: float, lat: float) -> bool:
        """Whether a Pulkovo 1942 place lies on the sheet, its south-west edges included."""
        return self.west <= lon < self.east and self.south <= lat < self.north

    def _piece(self, suffix: str, scale: int, index: int, n: int) -> Sheet:
        """Piece `index` (from 0, row by row from the north-west) of an n by n division."""
        row, column = divmod(index, n)
        width, height = (self.east - self.west) / n, (self.north - self.south) / n
        west, north = self.west + column * width, self.north - row * height
        return Sheet(f"{self.name}-{suffix}", scale, _edge(west), _edge(north - height),
                     _edge(west + width), _edge(north))


def _edge(degrees: float) -> float:
    """The edge in whole seconds of arc, as all are: neighbours share it to the last bit."""
    return round(degrees * 3600) / 3600


def _million(row: str, column: int) -> Sheet:
    west, south = (column - 31) * 6.0, ROWS.index(row) * 4.0
    return Sheet(f"{row}-{column}", 1_000_000, west, south, west + 6, south + 4)


def _pieces(sheet: Sheet, token: str) -> list[Sheet]:
    """All pieces of `sheet` that `token` may name."""
    token = token.translate(_ROMAN_LOOKALIKES)
    letters = _LATIN.get(token, token if len(token) == 1 else "")
    if sheet.scale == 1_000_000:
        out = [sheet._piece(c, 500_000, QUARTERS.index(c), 2) for c in letters
               if c in QUARTERS]
        if token in ROMAN:
            out.append(sheet._piece(token, 200_000, ROMAN.index(token), 6))
        if token.isdigit() and 1 <= int(token) <= 144:
            out.append(sheet._piece(str(int(token)), 100_000, int(token) - 1, 12))
            if int(token) <= 36:
                roman = ROMAN[int(token) - 1]
                out.append(sheet._piece(roman, 200_000, int(token) - 1, 6))
        return out
    finer = {100_000: (50_000, QUARTERS), 50_000: (25_000, SMALL_QUARTERS)}
    if sheet.scale in finer and token in {*_LATIN, *QUARTERS, *SMALL_QUARTERS}:
        scale, alphabet = finer[sheet.scale]
        return [sheet._piece(c, scale, alphabet.index(c), 2) for c in letters if c in alphabet]
    if sheet.scale == 25_000 and token in {"1", "2", "3", "4"}:
        return [sheet._piece(token, 10_000, int(token) - 1, 2)]
    return []


def read_sheet(name: str) -> tuple[Sheet, ...]:
    """All readings of a sheet's name.

    Raises:
        CoordinateError: no reading.

    """
    tokens = [t for t in _SEPARATORS.split(name.strip()) if t]
    row = tokens[0].upper() if tokens else ""
    row = _ROW_FROM_CYRILLIC.get(row, row)
    if len(tokens) < 2 or len(row) != 1 or row not in ROWS or not tokens[1].isdigit():
        raise CoordinateError(f"{name!r} is not a sheet's name; J-38-12-А-б would be right")
    column = int(tokens[1])
    if not 1 <= column <= 60:
        raise CoordinateError(f"{name!r}: column {column} does not exist; 1 to 60 would be right")
    readings = [_million(row, column)]
    for token in tokens[2:]:
        readings = list(itertools.chain.from_iterable(_pieces(s, token) for s in readings))
    if not readings:
        raise CoordinateError(f"{name!r} leads to no sheet; J-38-12-А-б would be right")
    return tuple(readings)


def sheet_at(lon: float, lat: float, scale: int) -> Sheet:
    """The sheet of a scale that holds a Pulkovo 1942 place south of 60 N."""
    if not (0 <= lat < 60 and -180 <= lon < 180):
        raise CoordinateError(f"no sheet for latitude {lat}, longitude {lon}; 0 to 60 N is read")
    if scale not in SCALES:
        raise CoordinateError(f"no sheets of scale 1:{scale}; there are {sorted(SCALES)}")
    sheet = _million(ROWS[int(lat // 4)], int(lon // 6) + 31)
    for step in SCALES[scale]:
        pieces = itertools.chain.from_iterable(_pieces(sheet, token) for token in _TOKENS)
        sheet = next(s for s in pieces if s.scale == step and s.holds(lon, lat))
    return sheet
