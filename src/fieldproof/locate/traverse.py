"""Legs from landmarks to corners, for many records of one build at a time.

    corner = mark + sum over its legs of ± (d+u) (1+s) [sin(a+b+e), cos(a+b+e)]

b turns and s stretches all legs of a record alike; e and u are each leg's own; the marks (points
with coordinates) have one covariance together. Angles are radians clockwise from the plane's grid
north, x is east. What must agree (a ring that returns to its start, a corner that is reached in
two ways) is a condition on these parameters and is adjusted by least squares [mikhail-1976].
A ring on its own corrects e and u only, because it closes whatever b, s and its mark are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from fieldproof.errors import GeometryError

FloatArray = npt.NDArray[np.float64]
#: A way to a corner: the mark it starts from, and its legs, each with +1 as walked or -1 back.
Chain: TypeAlias = tuple[int, tuple[tuple[int, int], ...]]

#: Variance that keeps a condition solvable where its legs are said to have no error, m².
_EXACT_M2 = 1e-9


@dataclass(frozen=True, slots=True)
class Topology:
    """Which legs and which mark lead to which corner. Hashable.

    Attributes:
        n_legs: n.
        n_marks: l.
        corners: a chain for each of k corners.
        conditions: c pairs of chains that must meet: a chain and its rival.
        tests: t groups of conditions; the misclosures of a group are tested together.

    """

    n_legs: int
    n_marks: int
    corners: tuple[Chain, ...]
    conditions: tuple[tuple[Chain, Chain], ...] = ()
    tests: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Sigma:
    """1 sigma of the parameters of m records.

    Attributes:
        rotation_rad: (m,) of b.
        scale: (m,) of s.
        angle_rad: (m, n) of e.
        distance_m: (m, n) of u.
        marks_m2: (m, 2l, 2l) covariance of the marks, x1 y1 x2 y2 ….

    """

    rotation_rad: FloatArray
    scale: FloatArray
    angle_rad: FloatArray
    distance_m: FloatArray
    marks_m2: FloatArray


@dataclass(frozen=True, slots=True)
class Solution:
    """Corners of m records of one topology.

    Attributes:
        corners: (m, k, 2) metres.
        covariance: (m, 2k, 2k) m².
        misclosure: (m, c, 2) metres, before the adjustment.
        chi_square: (m, t) of the misclosures of each test, with 2 degrees of freedom for each
            of its conditions.

    """

    corners: FloatArray
    covariance: FloatArray
    misclosure: FloatArray
    chi_square: FloatArray


@lru_cache(maxsize=1024)
def _incidence(topology: Topology) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """(k, n) legs and (k, l) marks of the corners; (c, n) and (c, l) of the conditions."""

    def row(chain: Chain) -> tuple[FloatArray, FloatArray]:
        legs, marks = np.zeros(topology.n_legs), np.zeros(topology.n_marks)
        marks[chain[0]] = 1.0
        for leg, sign in chain[1]:
            legs[leg] += sign
        return legs, marks

    corners = [row(chain) for chain in topology.corners]
    pairs = [(row(a), row(b)) for a, b in topology.conditions]
    k, c = len(corners), len(pairs)
    return (
        np.array([legs for legs, _ in corners]).reshape(k, topology.n_legs),
        np.array([marks for _, marks in corners]).reshape(k, topology.n_marks),
        np.array([a[0] - b[0] for a, b in pairs]).reshape(c, topology.n_legs),
        np.array([a[1] - b[1] for a, b in pairs]).reshape(c, topology.n_marks),
    )


def solve(
    topology: Topology,
    marks: FloatArray,
    azimuth_rad: FloatArray,
    distance_m: FloatArray,
    sigma: Sigma,
) -> Solution:
    """Solve m records at once.

    Args:
        topology: shared by all; n legs, l marks.
        marks: (m, l, 2) metres.
        azimuth_rad: (m, n).
        distance_m: (m, n).
        sigma: errors of all parameters.

    Raises:
        GeometryError: arrays whose shapes do not fit the topology.

    """
    m = len(marks)
    if marks.shape != (m, topology.n_marks, 2) or azimuth_rad.shape != (m, topology.n_legs):
        raise GeometryError(
            f"marks {marks.shape} and azimuths {azimuth_rad.shape} do not fit a topology of "
            f"{topology.n_marks} marks and {topology.n_legs} legs"
        )
    a_legs, a_marks, c_legs, c_marks = _incidence(topology)
    unit = np.stack([np.sin(azimuth_rad), np.cos(azimuth_rad)], axis=-1)
    along = distance_m[..., None] * unit
    corners = a_legs @ along + a_marks @ marks
    jacobian = _jacobian(a_legs, a_marks, along, unit, a_legs @ along)
    scaled = _times_prior(jacobian, sigma)
    covariance = scaled @ np.swapaxes(jacobian, 1, 2)
    if not topology.conditions:
        return Solution(corners, covariance, np.zeros((m, 0, 2)), np.zeros((m, 0)))
    w = (c_legs @ along + c_marks @ marks).reshape(m, -1)
    # where the ways meet, their legs make up the difference of their marks: nothing in a ring
    has_legs = np.abs(c_legs).max(axis=1, initial=0.0) > 0
    j_w = _jacobian(c_legs, c_marks, along, unit, -(c_marks @ marks) * has_legs[:, None])
    # K = C J_w' (J_w C J_w')^-1; of it the corners need J K only
    cross = scaled @ np.swapaxes(j_w, 1, 2)
    s_w = _times_prior(j_w, sigma) @ np.swapaxes(j_w, 1, 2) + _EXACT_M2 * np.eye(w.shape[1])
    gain = np.swapaxes(np.linalg.solve(s_w, np.swapaxes(cross, 1, 2)), 1, 2)
    corners = corners - (gain @ w[..., None]).reshape(m, -1, 2)
    covariance = covariance - gain @ np.swapaxes(cross, 1, 2)
    chi_square = np.stack([_chi_square(w, s_w, test) for test in topology.tests], axis=-1)
    return Solution(corners, covariance, w.reshape(m, -1, 2), chi_square)


def _chi_square(w: FloatArray, s_w: FloatArray, test: tuple[int, ...]) -> FloatArray:
    """(m,) w' S^-1 w over the conditions of a test."""
    rows = np.array([2 * c + axis for c in test for axis in (0, 1)])
    part = w[:, rows]
    solved = np.linalg.solve(s_w[:, rows[:, None], rows], part[..., None])[..., 0]
    return np.asarray(np.einsum("mi,mi->m", part, solved))


def _times_prior(jacobian: FloatArray, sigma: Sigma) -> FloatArray:
    """J C: legs' parameters are independent, marks have their covariance."""
    variance = np.concatenate(
        [sigma.rotation_rad[:, None], sigma.scale[:, None], sigma.angle_rad, sigma.distance_m],
        axis=1,
    ) ** 2
    own = variance.shape[1]
    out = np.empty_like(jacobian)
    out[..., :own] = jacobian[..., :own] * variance[:, None, :]
    out[..., own:] = jacobian[..., own:] @ sigma.marks_m2
    return out


def _jacobian(
    legs: FloatArray, marks: FloatArray, along: FloatArray, unit: FloatArray, whole: FloatArray
) -> FloatArray:
    """(m, 2k, 2 + 2n + 2l) derivatives of k chains by b, s, e, u and the marks.

    `whole` (m, k, 2) is what the legs of each chain add up to, which b turns and s stretches.
    """
    m, n, _ = along.shape
    k, n_marks = marks.shape
    quarter = np.array([1.0, -1.0])
    across = along[..., ::-1] * quarter  # d/da of [sin a, cos a]
    out = np.zeros((m, k, 2, 2 + 2 * n + 2 * n_marks))
    out[..., 0] = whole[..., ::-1] * quarter
    out[..., 1] = whole
    # chains x legs, both components: incidence times each leg's own vector
    out[..., 2:2 + n] = legs[None, :, None, :] * np.swapaxes(across, 1, 2)[:, None]
    out[..., 2 + n:2 + 2 * n] = legs[None, :, None, :] * np.swapaxes(unit, 1, 2)[:, None]
    out[:, :, 0, 2 + 2 * n::2] = marks
    out[:, :, 1, 3 + 2 * n::2] = marks
    return out.reshape(m, 2 * k, -1)


def compass_rule(ends: FloatArray, distance_m: FloatArray, start: FloatArray) -> FloatArray:
    """(n, 2) ends of the legs of a ring after the compass (Bowditch) rule [wolf-2012].

    Each leg takes the share of the misclosure that its length has of the whole. For display and
    for comparison with hand computations only; `solve` is what is used.

    Args:
        ends: (n, 2) ends of the legs as written, metres; the last should be `start`.
        distance_m: (n,) lengths of the legs.
        start: (2,) where the ring starts.

    """
    share = np.cumsum(distance_m) / np.sum(distance_m)
    return np.asarray(ends - share[:, None] * (ends[-1] - start))
