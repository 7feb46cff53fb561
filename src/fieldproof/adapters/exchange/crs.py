"""From the coordinate system that a file states to WGS 84, never by a silent guess."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pyproj

from fieldproof.adapters.exchange.synonyms import plain
from fieldproof.errors import InputError
from fieldproof.geo.datum import sk42_to_wgs84

#: Names of the Pulkovo 1942 datum as EPSG and as Shapefiles write it. Those of 1942(58) and
#: 1942(83) are other datums.
PULKOVO: Final = frozenset({"pulkovo1942", "dpulkovo1942"})
#: Semi-major axis that WGS 84 shares with the datums that lie within a metre or two of it.
MODERN_AXIS_M: Final = 6378137.0
MISSING: Final = (
    "the file states no coordinate system (a Shapefile's .prj is missing?); state it with --crs, "
    "nothing is guessed"
)

Carry = Callable[[Any], Any]


@lru_cache(maxsize=32)
def to_wgs84(crs: str) -> Carry:
    """Function on (n, 2) coordinates of a system, east or longitude first, to WGS 84 degrees.

    Systems on Pulkovo 1942 go through the pinned operation, also where the file brings parameters
    of its own; PROJ is not asked to choose one.

    Raises:
        InputError: a system that is empty, unknown, or whose datum has no known way to WGS 84.
            PROJ would take its coordinates for WGS 84 ones, wrong by 100 m or more.

    """
    if not crs:
        raise InputError(MISSING)
    try:
        system = pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError as error:
        raise InputError(f"{crs[:60]!r} is no coordinate system that PROJ knows; such as "
                         "EPSG:28408 would be right") from error
    plain_system = system.source_crs if system.is_bound and system.source_crs else system
    geographic = plain_system.geodetic_crs
    if geographic is not None and geographic.datum and plain(geographic.datum.name) in PULKOVO:
        return _pinned(plain_system, geographic)
    transformer = _transformer(system)

    def carry(xy: Any) -> Any:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))

    return carry


def _pinned(system: pyproj.CRS, geographic: pyproj.CRS) -> Carry:
    unproject = pyproj.Transformer.from_crs(system, geographic, always_xy=True)

    def carry(xy: Any) -> Any:
        return np.column_stack(sk42_to_wgs84(*unproject.transform(xy[:, 0], xy[:, 1])))

    return carry


def _transformer(system: pyproj.CRS) -> pyproj.Transformer:
    try:
        return pyproj.Transformer.from_crs(system, "EPSG:4326", always_xy=True,
                                           allow_ballpark=False)
    except pyproj.exceptions.ProjError as error:
        ellipsoid = system.ellipsoid
        if ellipsoid is not None and ellipsoid.semi_major_metre == MODERN_AXIS_M:
            return pyproj.Transformer.from_crs(system, "EPSG:4326", always_xy=True)
        raise InputError(
            f"the system of the file, {system.name}, does not say its datum, so it may lie 100 m "
            "off; name the whole system with --crs, such as EPSG:28408 for SK-42 zone 8"
        ) from error
