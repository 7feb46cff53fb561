"""Pulkovo 1942 to WGS 84 by one pinned operation, whose stated accuracy goes with the result.

PROJ chooses an operation per point when it is asked for a pair of systems, and changes it
silently where areas of use end: north of 41.19 N it takes the Russian one, a step of 2.4 m. So the
operation is named here, and never chosen by the library. All are Helmert transformations and need
no grid and no network. Not shifting at all is wrong by about 100 m. Codes, accuracies and areas
are those of the EPSG register [epsg-2024].
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

from fieldproof.errors import CoordinateError

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DatumOperation:
    """A datum operation of the EPSG register.

    Attributes:
        code: for example `EPSG:15865`.
        accuracy_m: as EPSG states it, with no confidence level; taken as 1 sigma per axis, the
            wider reading.
        area: where it is meant for.
        origin: where its parameters come from.

    """

    code: str
    accuracy_m: float | None
    area: str
    origin: str


OPERATIONS: Final[dict[str, DatumOperation]] = {
    op.code: op
    for op in (
        DatumOperation("EPSG:15865", 4.5, "former USSR", "via PZ-90, 30 stations"),
        DatumOperation("EPSG:1808", 5.0, "Azerbaijan and Georgia", "AIOC 1997"),
        DatumOperation("EPSG:1807", 10.0, "Azerbaijan", "WGS 72 values, SOCAR manual"),
        DatumOperation("EPSG:1809", 2.0, "coast from Baku to Astara only", "State Committee"),
        DatumOperation("EPSG:5044", 3.0, "Russia", "GOST R 51794-2008"),
        DatumOperation("EPSG:1267", 4.0, "Russia", "GOST R 51794-2001, superseded"),
        DatumOperation("EPSG:1254", None, "Russia", "DMA, no stated accuracy"),
    )
}
DEFAULT_OPERATION: Final = "EPSG:15865"


@lru_cache(maxsize=16)
def _transformer(code: str) -> Transformer:
    if code not in OPERATIONS:
        raise CoordinateError(f"unknown datum operation {code}; known: {', '.join(OPERATIONS)}")
    return Transformer.from_pipeline(code)


def wgs84_to_sk42(
    lon: npt.ArrayLike, lat: npt.ArrayLike, operation: str = DEFAULT_OPERATION
) -> tuple[FloatArray, FloatArray]:
    """Pulkovo 1942 longitude, latitude in degrees of WGS 84 ones.

    Undoes `sk42_to_wgs84` to 5 cm: the height that the operation gives is dropped.
    """
    north, east = _transformer(operation).transform(
        np.asarray(lat), np.asarray(lon), direction="INVERSE"
    )
    return np.asarray(east, dtype=np.float64), np.asarray(north, dtype=np.float64)


def sk42_to_wgs84(
    lon: npt.ArrayLike, lat: npt.ArrayLike, operation: str = DEFAULT_OPERATION
) -> tuple[FloatArray, FloatArray]:
    """WGS 84 longitude, latitude in degrees of Pulkovo 1942 ones."""
    # the EPSG pipeline takes and gives latitude first
    north, east = _transformer(operation).transform(np.asarray(lat), np.asarray(lon))
    return np.asarray(east, dtype=np.float64), np.asarray(north, dtype=np.float64)
