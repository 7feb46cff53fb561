"""A written position becomes a place with its error.

The reading error comes from how finely it is written, the datum error from the stated accuracy of
the pinned operation; both are 1 sigma per axis in metres.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from fieldproof.errors import CoordinateError
from fieldproof.geo.bearing import azimuth_and_distance
from fieldproof.geo.coordinate_text import parse_latlon, parse_mgrs, parse_numbers, parse_utm
from fieldproof.geo.datum import DEFAULT_OPERATION, OPERATIONS, sk42_to_wgs84
from fieldproof.geo.gauss_kruger import (
    ZoneWidth,
    central_meridian_deg,
    from_grid,
    short_candidates,
)
from fieldproof.geo.sheets import read_sheet
from fieldproof.model.codes import CoordinateSystem

#: A place this far past the border of its zone's strip is not yet worth a warning (judgement).
STRIP_OVERLAP_DEG: Final = 0.1
#: Error of reading a point off a paper map, millimetres on the paper, 1 sigma per axis.
MAP_READING_MM: Final = 0.5


#: A square's four digits, and the number of its ninth where there is one.
SQUARE: Final = re.compile(r"(?<!\d)(\d{2})\s?(\d{2})(?!\d)(?:\D+([1-9])(?!\d))?")
#: (row from the north, column from the west) of each ninth, in the order of a snail's shell.
NINTHS: Final = ((0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0), (1, 1))


@dataclass(frozen=True, slots=True)
class Position:
    """A place read from text.

    Attributes:
        lonlat: WGS 84 longitude, latitude in degrees.
        sigma_m: 1 sigma per axis, metres, of reading and datum together; None is not known.
        operation: pinned datum operation; None where none was needed.
        datum_sigma_m: its stated accuracy.
        readings: other ways in which the text can be read, in words.
        warnings: what a person should look at, in words.

    """

    lonlat: tuple[float, float]
    sigma_m: float | None = None
    operation: str | None = None
    datum_sigma_m: float | None = None
    readings: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def read_position(
    text: str,
    system: CoordinateSystem,
    sheet: str | None = None,
    map_scale: int | None = None,
) -> Position:
    """Read a written position.

    Args:
        text: both coordinates, latitude or northing (Soviet X) first.
        system: how they are written; UNKNOWN raises, with the readings that would be possible.
        sheet: Soviet sheet name; required by short coordinates, a check for the others.
        map_scale: denominator of the map that it was read from.

    Raises:
        CoordinateError: text that cannot be read, and what would be right.

    """
    if system is CoordinateSystem.UNKNOWN:
        possible = ", ".join(_possible(text, sheet)) or "none"
        raise CoordinateError(
            f"coordinate system unknown for {text!r}; it can be read as: {possible}. Name the one "
            "that the source means"
        )
    position = _READERS[system](text, sheet)
    reading_m = MAP_READING_MM / 1000 * map_scale if map_scale else None
    sigmas = [s for s in (reading_m, position.sigma_m, position.datum_sigma_m) if s is not None]
    sigma_m = float(np.hypot.reduce(sigmas)) if reading_m or position.sigma_m else None
    return Position(position.lonlat, sigma_m, position.operation, position.datum_sigma_m,
                    position.readings, position.warnings)


def _latlon(text: str, _sheet: str | None) -> Position:
    return Position(parse_latlon(text))


def _utm(text: str, _sheet: str | None) -> Position:
    return Position(parse_utm(text))


def _mgrs(text: str, _sheet: str | None) -> Position:
    lon, lat, side_m = parse_mgrs(text)
    # a place somewhere in a square: uniform, so side / sqrt(12) per axis
    return Position((lon, lat), sigma_m=side_m / np.sqrt(12) if side_m > 1 else None)


def _from_sk42(lon: float, lat: float, readings: tuple[str, ...] = (),
               warnings: tuple[str, ...] = ()) -> Position:
    east, north = sk42_to_wgs84(lon, lat)
    accuracy = OPERATIONS[DEFAULT_OPERATION].accuracy_m
    return Position((float(east), float(north)), None, DEFAULT_OPERATION, accuracy, readings,
                    warnings)


def _sk42_geographic(text: str, sheet: str | None) -> Position:
    lon, lat = parse_latlon(text)
    return _from_sk42(lon, lat, (), _against_sheet(lon, lat, sheet))


def _gauss_kruger(width_deg: ZoneWidth) -> Callable[[str, str | None], Position]:
    def read(text: str, sheet: str | None) -> Position:
        x, y = parse_numbers(text)
        lon, lat = from_grid(x, y, width_deg)
        readings, warnings = _other_frames(x, y, width_deg)
        warnings = (*warnings, *_off_strip(lon, y, width_deg))
        return _from_sk42(lon, lat, readings, (*warnings, *_against_sheet(lon, lat, sheet)))

    return read


def _square(text: str, sheet: str | None) -> Position:
    """A kilometre square of the grid ("kvadrat 0845"), or one of its ninths ("po ulitke 5").

    The four digits are the last two of the kilometre lines south and west of the square. Ninths
    run clockwise from the north-west, the ninth is in the middle: common use, not read in a manual.
    The place is the middle; it may be anywhere in the cell, so 1 sigma is side / sqrt(12).
    """
    match = SQUARE.search(text)
    if match is None:
        raise CoordinateError(f"{text!r} is no grid square; '0845' or '0845, 5' would be right")
    side_m = 1000.0 if match[3] is None else 1000.0 / 3
    row, column = (1, 1) if match[3] is None else NINTHS[int(match[3]) - 1]
    offset = (0.5, 0.5) if match[3] is None else ((2.5 - row) / 3, (column + 0.5) / 3)
    x, y = ((int(match[k + 1]) + offset[k]) * 1000.0 for k in (0, 1))
    place = _on_sheet(text, x, y, sheet)
    return replace(place, sigma_m=float(side_m / np.sqrt(12)))


def _short(text: str, sheet: str | None) -> Position:
    return _on_sheet(text, *parse_numbers(text), sheet)


def _on_sheet(text: str, x: float, y: float, sheet: str | None) -> Position:
    """The place of coordinates that leave out whole hundreds of kilometres."""
    if sheet is None:
        raise CoordinateError(
            f"short coordinates {text!r} repeat every 100 km; name their map sheet"
        )
    sheets = read_sheet(sheet)
    found: list[tuple[float, float]] = []
    for reading in sheets:
        for full in short_candidates(x, y, reading.bounds):
            lon, lat = from_grid(*full)
            if reading.holds(lon, lat) and (lon, lat) not in found:
                found.append((lon, lat))
    if not found:
        raise CoordinateError(f"short coordinates {text!r} do not lie on sheet {sheet}")
    readings = tuple(
        f"{lat:.5f} N {lon:.5f} E (Pulkovo 1942), "
        f"{azimuth_and_distance(*found[0], lon, lat)[1] / 1000:.1f} km away"
        for lon, lat in found[1:]
    )
    warnings = (
        (f"short coordinates {text!r} can be read in {len(found)} ways on sheet {sheet}",)
        if readings else ()
    )
    return _from_sk42(*found[0], readings, warnings)


def _other_frames(
    x: float, y: float, width_deg: ZoneWidth
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the same digits mean as UTM, and a warning where they can be read with axes swapped."""
    zone, easting = divmod(y, 1_000_000)
    readings: tuple[str, ...] = ()
    if width_deg == 6:
        utm = (int(zone) + 29) % 60 + 1
        lon, lat = parse_utm(f"{utm}N {easting:.1f} {x:.1f}")
        readings = (f"WGS 84 / UTM {utm}N: {lat:.5f} N {lon:.5f} E",)
    try:
        lon, lat = from_grid(y, x, width_deg)
    except CoordinateError:
        return readings, ()
    return readings, (f"with X and Y swapped it would also be a place: {lat:.4f} N {lon:.4f} E",)


def _off_strip(lon: float, y: float, width_deg: ZoneWidth) -> tuple[str, ...]:
    """A warning where the place is beyond its zone's own strip: the zones may be mixed up."""
    meridian = central_meridian_deg(int(y // 1_000_000), width_deg)
    off = abs((lon - meridian + 180) % 360 - 180)
    if off <= width_deg / 2 + STRIP_OVERLAP_DEG:
        return ()
    warning = (f"the place lies {off:.1f}° from the meridian of its {width_deg}° zone, beyond the "
               "zone's strip; is the zone right, and its width?")
    return (warning,)


def _against_sheet(lon: float, lat: float, sheet: str | None) -> tuple[str, ...]:
    """A warning where the place lies off the sheet that the form names."""
    if sheet is None or any(reading.holds(lon, lat) for reading in read_sheet(sheet)):
        return ()
    return (f"the place lies outside map sheet {sheet}, which the form names",)


_READERS: Final[dict[CoordinateSystem, Callable[[str, str | None], Position]]] = {
    CoordinateSystem.WGS84: _latlon,
    CoordinateSystem.WGS84_UTM: _utm,
    CoordinateSystem.MGRS: _mgrs,
    CoordinateSystem.SK42_GEOGRAPHIC: _sk42_geographic,
    CoordinateSystem.SK42_GK6: _gauss_kruger(6),
    CoordinateSystem.SK42_GK3: _gauss_kruger(3),
    CoordinateSystem.SK42_GK6_SHORT: _short,
    CoordinateSystem.SK42_SQUARE: _square,
}


def _possible(text: str, sheet: str | None) -> list[str]:
    """Systems in which the text can be read at all, with the place it would mean."""
    out = []
    for system, reader in _READERS.items():
        try:
            lon, lat = reader(text, sheet).lonlat
        except CoordinateError:
            continue
        out.append(f"{system} ({lat:.4f}, {lon:.4f})")
    return out
