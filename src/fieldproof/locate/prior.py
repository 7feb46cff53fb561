"""The error budget spread over the parameters of a group of records of one plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
import numpy.typing as npt

from fieldproof.locate.budget import ErrorBudget
from fieldproof.locate.plan import Plan
from fieldproof.locate.traverse import Sigma, Solution
from fieldproof.locate.types import PaperPoint, PaperRecord

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Group:
    """m records of one plan.

    Attributes:
        marks: indices of the points that their chains start from.
        legs: indices of their legs.
        records: (m,).
        correction_sigma_deg: (m,) of what was added to their angles.

    """

    marks: tuple[int, ...]
    legs: tuple[int, ...]
    records: Sequence[PaperRecord]
    correction_sigma_deg: FloatArray

    def distances_m(self) -> FloatArray:
        """(m, n) lengths of the legs."""
        rows = [[r.legs[i].distance_m for i in self.legs] for r in self.records]
        return np.array(rows, dtype=np.float64).reshape(len(self.records), -1)


def point_sigma_m(point: PaperPoint, map_scale: int | None, budget: ErrorBudget) -> float:
    """1 sigma per axis of a point: of its coordinates, and that it is the point that is meant."""
    if point.sigma_m is not None and isfinite(point.sigma_m):
        base = point.sigma_m
    elif point.surveyed:
        base = budget.surveyed_landmark_m
    elif map_scale:
        base = budget.map_reading_mm / 1000.0 * map_scale
    else:
        base = budget.landmark_m
    return float(np.hypot(base, budget.landmark_identity_m))


def prior(group: Group, distance_m: FloatArray, budget: ErrorBudget) -> Sigma:
    """1 sigma of the parameters of `traverse.solve`, for m records with n legs and l marks."""
    m, n = distance_m.shape
    own = np.array([[r.legs[i].distance_sigma_m or np.nan for i in group.legs]
                    for r in group.records], dtype=np.float64).reshape(m, n)
    by_length = np.maximum(budget.distance * distance_m, budget.distance_floor_m)
    return Sigma(
        rotation_rad=np.radians(np.hypot(budget.rotation_deg, group.correction_sigma_deg)),
        scale=np.full(m, budget.scale),
        angle_rad=np.full((m, n), np.radians(budget.angle_deg)),
        distance_m=np.where(np.isfinite(own) & (own > 0), own, by_length),
        marks_m2=_marks(group, budget),
    )


def _marks(group: Group, budget: ErrorBudget) -> FloatArray:
    """(m, 2l, 2l) m²: points read off one map share a part of their errors; surveyed ones none.

    What a map has wrong is one shift for all its points, so it is a share of the smallest variance.
    """
    sigma = np.array([
        [point_sigma_m(r.points[i], r.map_scale, budget) for i in group.marks]
        for r in group.records
    ])
    read = np.array([[not r.points[i].surveyed for i in group.marks] for r in group.records])
    least = np.where(read, sigma, np.inf).min(axis=1)
    common = budget.shared_point_share * np.where(np.isfinite(least), least, 0.0) ** 2
    covariance = common[:, None, None] * (read[:, :, None] & read[:, None, :])
    diagonal = np.arange(sigma.shape[1])
    covariance[:, diagonal, diagonal] = sigma**2
    both_axes = np.einsum("mij,ab->miajb", covariance, np.eye(2))
    return np.asarray(both_axes.reshape(len(sigma), 2 * len(diagonal), -1))


def inflated(
    sigma: Sigma, plan: Plan, solution: Solution, p_values: FloatArray,
    bad: npt.NDArray[np.intp], limit: float,
) -> Sigma:
    """Errors of the records `bad`, widened until they explain the misclosures that they have.

    A ring that does not close speaks of its sides: their own errors grow. Ways to one corner that
    disagree may have any cause: all errors grow. Either by sqrt(chi-square / degrees of freedom),
    as the variance of unit weight of an adjustment does [mikhail-1976].
    """
    freedom = np.array([2.0 * len(test) for test in plan.topology.tests])
    ratio = np.sqrt(solution.chi_square[bad] / freedom)
    ratio = np.where(p_values[bad] < limit, ratio, 1.0)
    every = np.ones(len(bad))
    legs = np.ones((len(bad), len(plan.legs)))
    for part in plan.parts:
        if part.agreement is not None:
            every = np.maximum(every, ratio[:, part.agreement])
        if part.ring is not None:
            (whole, _), = (plan.topology.conditions[c] for c in plan.topology.tests[part.ring])
            legs[:, [leg for leg, _ in whole[1]]] = ratio[:, part.ring, None]
    legs = np.maximum(legs, every[:, None])
    return Sigma(
        sigma.rotation_rad[bad] * every,
        sigma.scale[bad] * every,
        sigma.angle_rad[bad] * legs,
        sigma.distance_m[bad] * legs,
        sigma.marks_m2[bad] * every[:, None, None] ** 2,
    )
