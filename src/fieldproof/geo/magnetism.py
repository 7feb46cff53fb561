"""Magnetic declination at a place and a date, by IGRF-14 [alken-2021], through ppigrf.

The model holds from 1900 to 2030; outside it is refused. It gives the main field only: rock and
iron near the compass add to it, and `declination_sigma_deg` says by how much.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import ppigrf

from fieldproof.errors import UnsupportedEpochError

FloatArray = npt.NDArray[np.float64]

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2030
#: Model and crust error of a declination, from the WMM 2020 error model [wmm-2020]:
#: sigma = sqrt(a² + (b / H)²) degrees, H the horizontal intensity in nT. Borrowed for IGRF.
SIGMA_A_DEG: Final = 0.26
SIGMA_B_DEG_NT: Final = 5625.0


def field_enu_nt(lon: float, lat: float, on: date) -> tuple[float, float, float]:
    """East, north and up components in nT at sea level of a WGS 84 place."""
    if not FIRST_YEAR <= on.year < LAST_YEAR:
        raise UnsupportedEpochError(
            f"{on.isoformat()} is outside IGRF-14, which holds from {FIRST_YEAR} to {LAST_YEAR}"
        )
    return _field(float(lon), float(lat), on)


@lru_cache(maxsize=65536)
def _field(lon: float, lat: float, on: date) -> tuple[float, float, float]:
    east, north, up = ppigrf.igrf(lon, lat, 0.0, datetime(on.year, on.month, on.day))  # noqa: DTZ001
    return float(np.squeeze(east)), float(np.squeeze(north)), float(np.squeeze(up))


def declination_deg(lon: float, lat: float, on: date) -> float:
    """Declination in degrees, east positive: true azimuth = magnetic azimuth + declination."""
    east, north, _ = field_enu_nt(lon, lat, on)
    return float(np.degrees(np.arctan2(east, north)))


def declination_sigma_deg(lon: float, lat: float, on: date) -> float:
    """1 sigma of a declination from the model, with the crust, degrees."""
    east, north, _ = field_enu_nt(lon, lat, on)
    return float(np.hypot(SIGMA_A_DEG, SIGMA_B_DEG_NT / np.hypot(east, north)))
