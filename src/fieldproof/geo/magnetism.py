"""Magnetic declination at a place and a date, by IGRF-14 [igrf14-2024], through ppigrf.

The model holds from 1900 to 2030; outside it is refused. It gives the main field only: rock and
iron near the compass add to it, and `declination_sigma_deg` says by how much.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from fieldproof.errors import UnsupportedEpochError

FloatArray = npt.NDArray[np.float64]

#: Years between the coefficient sets of the model.
EPOCH_YEARS: Final = 5
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
    east, north, up = _evaluate(np.array([lon]), np.array([lat]), on)[0]
    return float(east), float(north), float(up)


def fields_enu_nt(lon: npt.ArrayLike, lat: npt.ArrayLike, on: Sequence[date]) -> FloatArray:
    """(n, 3) east, north, up in nT of n places, each at its own date.

    IGRF is linear in time between its five-year epochs, so two evaluations an epoch serve all
    dates of it. Equals `field_enu_nt` place by place.
    """
    lons, lats = np.asarray(lon, float), np.asarray(lat, float)
    out = np.empty((len(on), 3))
    epochs = np.array([day.year // EPOCH_YEARS * EPOCH_YEARS for day in on])
    for epoch in np.unique(epochs):
        rows = np.flatnonzero(epochs == epoch)
        if not FIRST_YEAR <= epoch < LAST_YEAR:
            field_enu_nt(0.0, 0.0, on[int(rows[0])])  # raises
        start, end = date(int(epoch), 1, 1), date(int(epoch) + EPOCH_YEARS, 1, 1)
        share = np.array([(on[int(i)] - start).days / (end - start).days for i in rows])
        before, after = (_evaluate(lons[rows], lats[rows], day) for day in (start, end))
        out[rows] = before + share[:, None] * (after - before)
    return out


def _evaluate(lon: FloatArray, lat: FloatArray, on: date) -> FloatArray:
    import ppigrf  # late: it brings a data frame library, which most commands never need

    when = datetime(on.year, on.month, on.day)  # noqa: DTZ001  (ppigrf takes naive UTC)
    return np.stack([np.asarray(c).reshape(-1) for c in ppigrf.igrf(lon, lat, 0.0, when)], axis=-1)


def declinations_deg(
    lon: npt.ArrayLike, lat: npt.ArrayLike, on: Sequence[date]
) -> tuple[FloatArray, FloatArray]:
    """(n,) declinations, degrees east, and (n,) their 1 sigma, of n places and dates."""
    field = fields_enu_nt(lon, lat, on)
    declination = np.degrees(np.arctan2(field[:, 0], field[:, 1]))
    sigma = np.hypot(SIGMA_A_DEG, SIGMA_B_DEG_NT / np.hypot(field[:, 0], field[:, 1]))
    return declination, sigma


def declination_deg(lon: float, lat: float, on: date) -> float:
    """Declination in degrees, east positive: true azimuth = magnetic azimuth + declination."""
    east, north, _ = field_enu_nt(lon, lat, on)
    return float(np.degrees(np.arctan2(east, north)))


def declination_sigma_deg(lon: float, lat: float, on: date) -> float:
    """1 sigma of a declination from the model, with the crust, degrees."""
    east, north, _ = field_enu_nt(lon, lat, on)
    return float(np.hypot(SIGMA_A_DEG, SIGMA_B_DEG_NT / np.hypot(east, north)))
