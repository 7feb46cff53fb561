"""Coordinates as people write them, read into numbers.

Latitude comes before longitude and northing before easting, unless hemisphere letters or the MGRS
say otherwise. Nothing is guessed: text that can be read in no way, or only with something that is
missing, raises an error that says what would be right.
"""

from __future__ import annotations

import re
from typing import Final

import mgrs
from pyproj import Proj

from fieldproof.errors import CoordinateError

_HEMISPHERES: Final = {
    "N": ("lat", 1), "S": ("lat", -1), "E": ("lon", 1), "W": ("lon", -1),
    "С": ("lat", 1), "Ю": ("lat", -1), "В": ("lon", 1), "З": ("lon", -1),
}
_ANGLE: Final = re.compile(
    r"""^\s*(?P<h1>[NSEWСЮВЗ])?\s*(?P<sign>[-+−])?\s*
    (?P<d>\d{1,3}(?:[.,]\d+)?)\s*(?:[°º:\s]\s*
    (?:(?P<m>\d{1,2}(?:[.,]\d+)?)\s*(?:['′’:\s]\s*
    (?:(?P<s>\d{1,2}(?:[.,]\d+)?)\s*(?:["″”]|''|′′)?)?)?)?)?\s*
    (?P<h2>[NSEWСЮВЗ])?\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
#: `12d30m15s`: read as marks only together, because a lone s after seconds may mean South.
_LETTER_MARKS: Final = re.compile(
    r"(\d)\s*d\s*(\d+(?:[.,]\d+)?)\s*m(?:\s*(\d+(?:[.,]\d+)?)\s*s)?"
)
_UTM: Final = re.compile(
    r"^\s*(?P<zone>\d{1,2})\s*(?P<band>north|south|[A-Za-z])[\s,;|]+(?P<e>\d{5,6}(?:[.,]\d+)?)\s*m?E?[\s,;|]+"
    r"(?P<n>\d{6,8}(?:[.,]\d+)?)\s*m?N?\s*$",
    re.IGNORECASE,
)
#: Eastings and northings that a zone of UTM can have.
UTM_EASTING_M: Final = (100_000.0, 900_000.0)
UTM_NORTHING_M: Final = (0.0, 10_000_000.0)
#: Northings of MGRS band S, 32 to 40 N.
_BAND_S_M: Final = (3_540_000.0, 4_432_000.0)
_NUMBER: Final = re.compile(r"(?<![\d.,])[-−]?\d+(?:[.,]\d+)?")


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def parse_angle(text: str) -> tuple[float, str | None]:
    """Degrees of one written angle, and `lat` or `lon` where a hemisphere letter says which.

    Takes decimal degrees, degrees and minutes, degrees, minutes and seconds, and the colon style.
    """
    match = _ANGLE.match(_LETTER_MARKS.sub(_as_signs, text))
    if match is None:
        raise CoordinateError(
            f"{text.strip()!r} is not an angle; 39.8012 or 39°48'04.3\"N would be right"
        )
    _check_fractions(text, match["d"], match["m"], match["s"])
    minutes, seconds = _number(match["m"] or "0"), _number(match["s"] or "0")
    if minutes >= 60 or seconds >= 60:
        raise CoordinateError(f"{text.strip()!r}: minutes and seconds run from 0 to 59")
    value = _number(match["d"]) + minutes / 60 + seconds / 3600
    letter = (match["h1"] or match["h2"] or "").upper()
    if match["sign"] in {"-", "−"}:
        if letter:
            raise CoordinateError(f"{text.strip()!r} has a sign and a hemisphere; one is right")
        value = -value
    if not letter:
        return value, None
    axis, sign = _HEMISPHERES[letter]
    return sign * value, axis


def _as_signs(marks: re.Match[str]) -> str:
    seconds = f'{marks[3]}"' if marks[3] else ""
    return f"{marks[1]}°{marks[2]}'{seconds}"


def _check_fractions(text: str, *parts: str | None) -> None:
    """Refuse `39.5 30`: only the last part of an angle can have a fraction."""
    given = [part for part in parts if part]
    if any("." in part or "," in part for part in given[:-1]):
        raise CoordinateError(
            f"{text.strip()!r} has a fraction and a smaller unit after it; 39.8012 or 39°48.07' "
            "would be right"
        )


def split_pair(text: str) -> tuple[str, str]:
    """The two halves of a written pair, split where it can only be split one way."""
    for separator in (";", "|", "/", "\t"):
        if text.count(separator) == 1:
            left, right = text.split(separator)
            return left, right
    if text.count(", ") == 1:
        left, right = text.split(", ")
        return left, right
    letter = re.match(r"^(.*?[NSEWСЮВЗ])[\s,]+([^NSEWСЮВЗ]*[NSEWСЮВЗ])\s*$", text,
                      re.IGNORECASE)
    if letter:
        return letter[1], letter[2]
    leading = re.match(r"^\s*([NSСЮ][^EWВЗ]+?)[\s,]+([EWВЗ].+)$", text, re.IGNORECASE)
    if leading:
        return leading[1], leading[2]
    if text.count(",") == 1 and not re.search(r"\d\s+\d", text):
        left, right = text.split(",")
        if "." not in text and not re.search(r"[°º:']", text):
            raise CoordinateError(
                f"{text!r} may be one number with a decimal comma, or two; put a semicolon "
                "between two"
            )
        return left, right
    halves = text.split()
    if len(halves) == 2:
        return halves[0].rstrip(","), halves[1]
    if len(halves) in {4, 6}:
        middle = len(halves) // 2
        return " ".join(halves[:middle]), " ".join(halves[middle:])
    raise CoordinateError(f"{text!r} is not a pair of coordinates; put a semicolon between them")


def parse_latlon(text: str) -> tuple[float, float]:
    """Longitude, latitude in degrees of a written pair; the latitude comes first."""
    left, right = split_pair(text)
    (first, axis1), (second, axis2) = parse_angle(left), parse_angle(right)
    if axis1 is not None and axis1 == axis2:
        raise CoordinateError(f"{text!r}: both halves are a latitude, or both a longitude")
    # IMSMA writes X|Y, so the longitude first
    east_first = axis1 == "lon" or axis2 == "lat" or (axis1 is None and "|" in text)
    lat, lon = (second, first) if east_first else (first, second)
    if not -90 <= lat <= 90:
        raise CoordinateError(
            f"{text!r}: latitude {lat:g} is outside -90 to 90; latitude comes first"
        )
    if not -180 <= lon <= 180:
        raise CoordinateError(f"{text!r}: longitude {lon:g} is outside -180 to 180")
    return lon, lat


def parse_mgrs(text: str) -> tuple[float, float, float]:
    """Longitude, latitude of the middle of an MGRS square, and the side of the square in metres.

    Blanks and lower case are read too.
    """
    compact = re.sub(r"\s+", "", text).upper()
    match = re.fullmatch(r"\d{1,2}[C-HJ-NP-X][A-HJ-NP-Z][A-HJ-NP-V](\d{0,10})", compact)
    if match is None or len(match[1]) % 2:
        raise CoordinateError(f"{text!r} is not an MGRS reference; 38SQK0251208301 would be right")
    digits = len(match[1]) // 2
    side_m = 10.0 ** (5 - digits)
    try:
        zone, hemisphere, easting, northing = mgrs.MGRS().MGRSToUTM(compact)
    except mgrs.core.MGRSError as error:
        raise CoordinateError(f"{text!r} is not an MGRS reference: {error}") from error
    # releases of the library differ: some give the corner of the square, this one its middle
    x, y = (value // side_m * side_m + side_m / 2 for value in (easting, northing))
    lon, lat = _utm(zone, hemisphere == "S", x, y)
    return lon, lat, side_m


def parse_utm(text: str) -> tuple[float, float]:
    """Longitude, latitude of `38N 508301 4602512`: zone and hemisphere (N or S), east, north.

    The letter is the hemisphere, not the MGRS band; a band letter is refused where it differs.
    So is S with a northing that band S (32 to 40 N) has too; `38 south` says it in full.
    """
    match = _UTM.match(text)
    if match is None:
        raise CoordinateError(
            f"{text!r} is not UTM; zone, hemisphere, easting, northing, as in "
            "'38N 508301 4602512', would be right"
        )
    band = match["band"].upper()
    easting, northing = _number(match["e"]), _number(match["n"])
    if band == "S" and _BAND_S_M[0] <= northing <= _BAND_S_M[1]:
        raise CoordinateError(
            f"{text!r}: S may be the southern hemisphere or the MGRS band S (32 to 40 N); "
            f"'{match['zone']}N' or '{match['zone']} south' would be right"
        )
    letter = band[0] if band in {"NORTH", "SOUTH"} else band
    if letter not in "NS":
        raise CoordinateError(
            f"{text!r}: {letter} is an MGRS band; N or S for the hemisphere would be right"
        )
    zone = int(match["zone"])
    if not 1 <= zone <= 60:
        raise CoordinateError(f"{text!r}: zone {zone} does not exist; 1 to 60 would be right")
    _check_utm(text, easting, northing)
    return _utm(zone, letter == "S", easting, northing)


def _check_utm(text: str, easting: float, northing: float) -> None:
    for name, value, (low, high) in (
        ("easting", easting, UTM_EASTING_M), ("northing", northing, UTM_NORTHING_M),
    ):
        if not low <= value <= high:
            raise CoordinateError(f"{text!r}: {name} {value:.0f} is no UTM {name}; {low:.0f} to "
                                  f"{high:.0f} would be right; the easting comes first")


def _utm(zone: int, south: bool, easting: float, northing: float) -> tuple[float, float]:
    lon, lat = Proj(proj="utm", zone=zone, south=south, ellps="WGS84")(
        easting, northing, inverse=True
    )
    return float(lon), float(lat)


def parse_numbers(text: str) -> tuple[float, float]:
    """Two plain numbers, such as X and Y; blanks inside a number are not read."""
    found = _NUMBER.findall(text)
    if len(found) != 2:
        raise CoordinateError(
            f"{text!r} has {len(found)} numbers; two, such as '4408210 8646030', would be right"
        )
    if any(number[0] in "-−" for number in found):
        raise CoordinateError(f"{text!r} has a minus sign; X and Y are positive numbers")
    return _number(found[0]), _number(found[1])
