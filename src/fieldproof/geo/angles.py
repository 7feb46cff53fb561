"""Angles as records write them, in degrees."""

from __future__ import annotations

import re
from typing import Final

from fieldproof.errors import CoordinateError

_DIVISIONS: Final = re.compile(r"^\s*(\d{1,2})\s*[-–]\s*(\d{2})\s*$")

#: Divisions of the finest circle in use; more is no angle in either kind of mil.
MILS_MAX: Final = 6400.0


def normalise_deg(angle_deg: float) -> float:
    """The same direction in [0, 360)."""
    out = angle_deg % 360.0
    return 0.0 if out == 360.0 else out


def back_azimuth_deg(azimuth_deg: float) -> float:
    """Direction of the way back; applied twice it gives the azimuth again."""
    return normalise_deg(azimuth_deg + 180.0)


def mirrored_deg(angle_deg: float) -> float:
    """Clockwise direction of a dial read anticlockwise; applied twice it gives the angle again."""
    return normalise_deg(-angle_deg)


def parse_divisions(text: str) -> float:
    """Mils of an angle in divisions: `45-00` is 4500, `0-25` is 25."""
    match = _DIVISIONS.match(text)
    if match is None:
        raise CoordinateError(f"{text!r} is not an angle in divisions; 45-00 would be right")
    mils = int(match[1]) * 100.0 + int(match[2])
    if mils > MILS_MAX:
        raise CoordinateError(f"{text!r} is more than a circle; 60-00 (Soviet) and 64-00 (NATO) "
                              "are whole circles")
    return mils
