"""The posterior of a record's displacement, in figures."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

#: Probability of the region that is given.
LEVEL = 0.90


@dataclass(frozen=True, slots=True)
class ShiftSummary:
    """Where a record lies against where it is plotted, given that it is present.

    Attributes:
        east_m: mean shift east.
        north_m: mean shift north.
        covariance_m2: var east, covariance, var north.
        length_m: length of the mean shift.
        median_length_m: median of the length.
        region_area_m2: area of the smallest region that holds 90 % (highest density).
        region_radius_m: radius of a circle of that area. The region can have several pieces.

    """

    east_m: float
    north_m: float
    covariance_m2: tuple[float, float, float]
    length_m: float
    median_length_m: float
    region_area_m2: float
    region_radius_m: float

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {**asdict(self), "covariance_m2": list(self.covariance_m2)}


def shift_summary(shift: FloatArray, metres: FloatArray) -> ShiftSummary | None:
    """Summarise (h, h) probabilities of shifts, rows north, columns east; None where all are 0.

    Args:
        shift: probabilities, summing to 1.
        metres: (h,) shift of each row, and of each column.

    """
    if shift.sum() <= 0:
        return None
    east, north = float(shift.sum(axis=0) @ metres), float(shift.sum(axis=1) @ metres)
    de, dn = metres[None, :] - east, metres[:, None] - north
    covariance = (float((shift * de**2).sum()), float((shift * de * dn).sum()),
                  float((shift * dn**2).sum()))
    cell_area = float(metres[1] - metres[0]) ** 2
    area = float(region_90(shift).sum()) * cell_area
    return ShiftSummary(
        east, north, covariance, float(np.hypot(east, north)),
        _median_length(shift, metres), area, float(np.sqrt(area / np.pi)),
    )


def region_90(shift: FloatArray) -> npt.NDArray[np.bool_]:
    """(h, h) the fewest cells that together hold 90 %."""
    order = np.argsort(-shift, axis=None, kind="stable")
    n = int(np.searchsorted(np.cumsum(shift.ravel()[order]), LEVEL * shift.sum())) + 1
    region = np.zeros(shift.size, dtype=np.bool_)
    region[order[:n]] = True
    return region.reshape(shift.shape)


def _median_length(shift: FloatArray, metres: FloatArray) -> float:
    length = np.hypot(metres[None, :], metres[:, None]).ravel()
    order = np.argsort(length, kind="stable")
    held = np.cumsum(shift.ravel()[order])
    return float(length[order][int(np.searchsorted(held, 0.5 * held[-1]))])
