"""A local metric plane, and where it stands on the earth.

All models work in metres east and north of a point of their own. The plane is a transverse
Mercator projection of WGS 84 with scale 1 on its central meridian: within 30 km of the origin
its scale differs from 1 by less than 1.2e-5, and grid north differs from true north by
(lon - lon0) * sin(lat), which `convergence_deg` gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Proj
from shapely.geometry.base import BaseGeometry

FloatArray = npt.NDArray[np.float64]


@lru_cache(maxsize=4096)
def _projection(lon0: float, lat0: float) -> Proj:
    return Proj(proj="tmerc", lon_0=lon0, lat_0=lat0, k=1.0, x_0=0.0, y_0=0.0, ellps="WGS84")


@dataclass(frozen=True, slots=True)
class LocalFrame:
    """Metres east (x) and north (y) of a WGS 84 origin.

    Attributes:
        lon0: longitude of the origin, degrees.
        lat0: latitude of the origin, degrees.

    """

    lon0: float
    lat0: float

    def to_xy(self, lonlat: npt.ArrayLike) -> FloatArray:
        """Turn (..., 2) WGS 84 longitude, latitude in degrees into (..., 2) metres x, y."""
        points = np.asarray(lonlat, dtype=np.float64)
        x, y = _projection(self.lon0, self.lat0)(points[..., 0], points[..., 1])
        return np.stack([np.asarray(x), np.asarray(y)], axis=-1)

    def to_lonlat(self, xy: npt.ArrayLike) -> FloatArray:
        """Turn (..., 2) metres x, y into (..., 2) WGS 84 longitude, latitude in degrees."""
        points = np.asarray(xy, dtype=np.float64)
        lon, lat = _projection(self.lon0, self.lat0)(points[..., 0], points[..., 1], inverse=True)
        return np.stack([np.asarray(lon), np.asarray(lat)], axis=-1)

    def shape_to_xy(self, shape: BaseGeometry) -> BaseGeometry:
        """Carry a WGS 84 longitude-latitude geometry into this plane."""
        return shapely.transform(shape, self.to_xy)

    def shape_to_lonlat(self, shape: BaseGeometry) -> BaseGeometry:
        """Carry a geometry of this plane to WGS 84 longitude-latitude."""
        return shapely.transform(shape, self.to_lonlat)

    def convergence_deg(self, lonlat: npt.ArrayLike) -> FloatArray:
        """Meridian convergence of this plane, degrees, positive east of the central meridian.

        True azimuth = azimuth in this plane + convergence.
        """
        points = np.asarray(lonlat, dtype=np.float64)
        factors = _projection(self.lon0, self.lat0).get_factors(points[..., 0], points[..., 1])
        return np.asarray(factors.meridian_convergence, dtype=np.float64)
