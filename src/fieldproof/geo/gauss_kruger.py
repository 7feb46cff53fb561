"""Gauss-Krüger on Pulkovo 1942 (SK-42): X is north, Y is east and carries the zone in millions.

k0 = 1, false easting 500 000 m; 6° zones have the central meridian 6 n - 3, 3° zones 3 n, degrees
east [epsg-2024].
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from pyproj import Proj

from fieldproof.errors import CoordinateError

FloatArray = npt.NDArray[np.float64]
ZoneWidth = Literal[3, 6]

FALSE_EASTING_M: Final = 500_000.0
#: Northings of the land that SK-42 served, 34.7 to 76.5 N.
NORTHING_RANGE_M: Final = (3_850_000.0, 8_500_000.0)
#: A zone is 6° or 3° wide; beyond this distance from its meridian a point is in another zone.
EASTING_REACH_M: Final = {6: 350_000.0, 3: 180_000.0}
ZONES: Final = {6: (1, 60), 3: (1, 120)}


@lru_cache(maxsize=128)
def _projection(central_meridian_deg: float) -> Proj:
    return Proj(proj="tmerc", lon_0=central_meridian_deg, lat_0=0, k=1.0,
                x_0=FALSE_EASTING_M, y_0=0.0, ellps="krass")


def central_meridian_deg(zone: int, width_deg: ZoneWidth = 6) -> float:
    """Central meridian of a zone, degrees east."""
    low, high = ZONES[width_deg]
    if not low <= zone <= high:
        raise CoordinateError(f"zone {zone} does not exist; {width_deg}° zones are {low} to {high}")
    meridian = 6 * zone - 3 if width_deg == 6 else 3 * zone
    return float(meridian if meridian <= 180 else meridian - 360)


def zone_of(lon_deg: float, width_deg: ZoneWidth = 6) -> int:
    """Zone that holds a Pulkovo 1942 longitude (0 to 180 E); its western edge belongs to it."""
    if width_deg == 6:
        return int(lon_deg // 6) + 1
    return int((lon_deg + 1.5) // 3) or 120


def to_grid(lon: float, lat: float, zone: int | None = None,
            width_deg: ZoneWidth = 6) -> tuple[float, float]:
    """X (north) and Y (east, with zone) in metres of a Pulkovo 1942 longitude and latitude."""
    zone = zone_of(lon, width_deg) if zone is None else zone
    y, x = _projection(central_meridian_deg(zone, width_deg))(lon, lat)
    return float(x), float(y) + zone * 1_000_000.0


def from_grid(x_north_m: float, y_east_m: float, width_deg: ZoneWidth = 6) -> tuple[float, float]:
    """Pulkovo 1942 longitude and latitude in degrees of X (north) and Y (east, with zone).

    Raises:
        CoordinateError: swapped axes, a missing zone, or a point outside its zone.

    """
    _check_northing(x_north_m, y_east_m)
    zone = int(y_east_m // 1_000_000)
    easting = y_east_m - zone * 1_000_000
    if zone == 0:
        raise CoordinateError(
            f"Y {y_east_m:.0f} has no zone; Y is written with its zone in front, as in 8 646 030"
        )
    if abs(easting - FALSE_EASTING_M) > EASTING_REACH_M[width_deg]:
        raise CoordinateError(
            f"Y {y_east_m:.0f} lies {abs(easting - FALSE_EASTING_M) / 1000:.0f} km from the "
            f"meridian of zone {zone}; within {EASTING_REACH_M[width_deg] / 1000:.0f} km would be "
            "right: wrong zone, or 6° and 3° zones mixed up?"
        )
    lon, lat = _projection(central_meridian_deg(zone, width_deg))(easting, x_north_m, inverse=True)
    return float(lon), float(lat)


def _check_northing(x_north_m: float, y_east_m: float) -> None:
    low, high = NORTHING_RANGE_M
    if low <= x_north_m <= high:
        return
    swapped = low <= y_east_m <= high
    hint = " X and Y seem to be swapped: X is the northing." if swapped else ""
    raise CoordinateError(
        f"X {x_north_m:.0f} is not a northing of this system ({low:.0f} to {high:.0f}).{hint}"
    )


def convergence_deg(lon: npt.ArrayLike, lat: npt.ArrayLike, zone_width_deg: ZoneWidth = 6,
                    zone: int | None = None) -> FloatArray:
    """Meridian convergence of the zone's grid, degrees, positive east of its central meridian.

    True azimuth = grid (directional) angle + convergence. WGS 84 and Pulkovo 1942 coordinates give
    the same to 0.001°.
    """
    lons, lats = np.broadcast_arrays(np.asarray(lon, float), np.asarray(lat, float))
    out = np.empty(lons.shape)
    for index in np.ndindex(lons.shape):
        own = zone_of(float(lons[index]), zone_width_deg) if zone is None else zone
        projection = _projection(central_meridian_deg(own, zone_width_deg))
        out[index] = projection.get_factors(lons[index], lats[index]).meridian_convergence
    return out


def short_candidates(
    x_short: float, y_short: float, lonlat_bounds: tuple[float, float, float, float],
    width_deg: ZoneWidth = 6,
) -> list[tuple[float, float]]:
    """Full X, Y that 5+5-digit coordinates may mean on a sheet, nearest to its middle first.

    Short coordinates leave out whole hundreds of kilometres and repeat every 100 km.

    Args:
        x_short: northing below 100 000 m.
        y_short: easting below 100 000 m.
        lonlat_bounds: west, south, east, north of the sheet, Pulkovo 1942 degrees.
        width_deg: zone width.

    """
    for name, value in (("X", x_short), ("Y", y_short)):
        if not 0 <= value < 100_000:
            raise CoordinateError(f"short {name} {value:.0f} has more than five digits before "
                                  "the point; 0 to 99999 would be right")
    west, south, east, north = lonlat_bounds
    x_mid, y_mid = to_grid((west + east) / 2, (south + north) / 2, width_deg=width_deg)
    around = [
        (x0 + x_short, y0 + y_short)
        for x0 in _hundreds(x_mid) for y0 in _hundreds(y_mid)
    ]
    return sorted(around, key=lambda p: (p[0] - x_mid) ** 2 + (p[1] - y_mid) ** 2)


def _hundreds(value_m: float) -> list[float]:
    base = value_m // 100_000 * 100_000
    return [base - 100_000, base, base + 100_000]
