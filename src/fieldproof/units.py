"""Conversions between the units that records use and the units that the code uses.

The code holds lengths in metres, areas in square metres, angles in degrees and probabilities
as plain numbers. A name carries its unit wherever the value is a bare number.
"""

from __future__ import annotations

from typing import Final

M2_PER_HECTARE: Final = 10_000.0
M2_PER_KM2: Final = 1_000_000.0
HECTARES_PER_KM2: Final = 100.0

#: Degrees in one division of each circle. Soviet and NATO artillery divide it differently,
#: and a reading taken for the other is wrong by 6.25 %.
DEG_PER_SOVIET_MIL: Final = 360.0 / 6000.0
DEG_PER_NATO_MIL: Final = 360.0 / 6400.0
DEG_PER_GON: Final = 360.0 / 400.0


def hectares_to_m2(area_ha: float) -> float:
    """Square metres in `area_ha` hectares."""
    return area_ha * M2_PER_HECTARE


def m2_to_hectares(area_m2: float) -> float:
    """Hectares in `area_m2` square metres."""
    return area_m2 / M2_PER_HECTARE
