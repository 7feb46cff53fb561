"""The place at a bearing and a distance from another, on the WGS 84 ellipsoid."""

from __future__ import annotations

from typing import Final

from pyproj import Geod

WGS84: Final = Geod(ellps="WGS84")


def destination(
    lon: float, lat: float, azimuth_true_deg: float, distance_m: float
) -> tuple[float, float]:
    """WGS 84 longitude, latitude of the place `distance_m` away, clockwise from true north."""
    east, north, _ = WGS84.fwd(lon, lat, azimuth_true_deg, distance_m)
    return float(east), float(north)


def azimuth_and_distance(
    lon0: float, lat0: float, lon1: float, lat1: float
) -> tuple[float, float]:
    """True azimuth in [0, 360) degrees and metres from one WGS 84 place to another."""
    azimuth, _, distance = WGS84.inv(lon0, lat0, lon1, lat1)
    return float(azimuth) % 360.0, float(distance)
