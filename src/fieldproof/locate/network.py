"""Legs from landmarks to corners, for many records of one shape at a time.

    corner = landmark + sum over its legs of d (1+s)(1+u) [sin(a+b+e), cos(a+b+e)]

b turns and s stretches all legs of a record alike; e and u are each leg's own; each landmark has
its covariance. Angles are radians clockwise from the plane's grid north, x is east. What must
agree (a ring that returns to its start, a corner reached from two landmarks) is a condition on
these parameters, adjusted by least squares [mikhail-1976]. A ring on its own corrects only e
and u, because it closes whatever b, s and the landmark are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Topology:
    """Which legs and which landmark lead to which corner. Hashable; n legs, l landmarks.

    Attributes:
        n_legs: n.
        n_landmarks: l.
        corners: for each corner (landmark, legs that lead to it).
        conditions: pairs of such chains that must meet: a chain and its rival.

    """

    n_legs: int
    n_landmarks: int
    corners: tuple[tuple[int, tuple[int, ...]], ...]
    conditions: tuple[tuple[tuple[int, tuple[int, ...]], tuple[int, tuple[int, ...]]], ...] = ()


@dataclass(frozen=True, slots=True)
class Solution:
    """Corners of m records of one topology, k corners, c conditions.

    Attributes:
        corners: (m, k, 2) metres.
        covariance: (m, 2k, 2k) m².
        misclosure: (m, 2c) metres, before adjustment.
        chi_square: (m,) of the misclosures together, 2c degrees of freedom.

    """

    corners: FloatArray
    covariance: FloatArray
    misclosure: FloatArray
    chi_square: FloatArray


@lru_cache(maxsize=1024)
def _incidence(topology: Topology) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """(k, n) legs and (k, l) landmarks of the corners; (c, n) and (c, l) of the conditions."""

    def row(chain: tuple[int, tuple[int, ...]]) -> tuple[FloatArray, FloatArray]:
        legs, landmarks = np.zeros(topology.n_legs), np.zeros(topology.n_landmarks)
        landmarks[chain[0]] = 1.0
        legs[list(chain[1])] = 1.0
        return legs, landmarks

    corners = [row(chain) for chain in topology.corners]
    pairs = [(row(a), row(b)) for a, b in topology.conditions]
    return (
        np.array([c[0] for c in corners]),
        np.array([c[1] for c in corners]),
        np.array([a[0] - b[0] for a, b in pairs]).reshape(-1, topology.n_legs),
        np.array([a[1] - b[1] for a, b in pairs]).reshape(-1, topology.n_landmarks),
    )


def solve(
    topology: Topology,
    landmarks: FloatArray,
    azimuth_rad: FloatArray,
    distance_m: FloatArray,
    sigma: FloatArray,
) -> Solution:
    """Solve m records at once.

    Args:
        topology: shared by all.
        landmarks: (m, l, 2) metres.
        azimuth_rad: (m, n).
        distance_m: (m, n).
        sigma: (m, 2 + 2n + 2l) 1 sigma of b [rad], s, e [rad], u, landmark x y x y … [m].

    """
    a_legs, a_marks, c_legs, c_marks = _incidence(topology)
    along = distance_m[..., None] * np.stack([np.sin(azimuth_rad), np.cos(azimuth_rad)], axis=-1)
    across = along[..., ::-1] * np.array([1.0, -1.0])
    corners = a_legs @ along + a_marks @ landmarks
    jacobian = _jacobian(a_legs, a_marks, along, across)
    variance = sigma**2
    scaled = jacobian * variance[:, None, :]
    covariance = scaled @ np.swapaxes(jacobian, 1, 2)
    m = len(along)
    if not topology.conditions:
        return Solution(corners, covariance, np.zeros((m, 0)), np.zeros(m))
    w = (c_legs @ along + c_marks @ landmarks).reshape(m, -1)
    j_w = _jacobian(c_legs, c_marks, along, across)
    # C J', then K = C J_w' (J_w C J_w')^-1; the corners need J K only
    cross = scaled @ np.swapaxes(j_w, 1, 2)
    s_w = (j_w * variance[:, None, :]) @ np.swapaxes(j_w, 1, 2)
    s_w = s_w + 1e-9 * np.eye(s_w.shape[1])
    solved = np.linalg.solve(s_w, w[..., None])[..., 0]
    corners = corners - (cross @ solved[..., None]).reshape(m, -1, 2)
    covariance = covariance - cross @ np.linalg.solve(s_w, np.swapaxes(cross, 1, 2))
    return Solution(corners, covariance, w, np.einsum("mi,mi->m", w, solved))


def _jacobian(
    legs: FloatArray, marks: FloatArray, along: FloatArray, across: FloatArray
) -> FloatArray:
    """(m, 2k, 2 + 2n + 2l) derivatives of k chains by b, s, e, u and the landmarks."""
    m, n, _ = along.shape
    k, n_marks = legs.shape[0], marks.shape[1]
    out = np.zeros((m, k, 2, 2 + 2 * n + 2 * n_marks))
    out[..., 0] = legs @ across
    out[..., 1] = legs @ along
    # chains x legs, both components: incidence times each leg's own vector
    out[..., 2:2 + n] = legs[None, :, None, :] * np.swapaxes(across, 1, 2)[:, None]
    out[..., 2 + n:2 + 2 * n] = legs[None, :, None, :] * np.swapaxes(along, 1, 2)[:, None]
    out[:, :, 0, 2 + 2 * n::2] = marks
    out[:, :, 1, 3 + 2 * n::2] = marks
    return out.reshape(m, 2 * k, -1)


def compass_rule(ring: FloatArray, distance_m: FloatArray, start: FloatArray) -> FloatArray:
    """(n, 2) ends of the legs of a ring after the compass (Bowditch) rule [wolf-2012].

    Each leg takes the share of the misclosure that its length has of the whole. For display and
    for comparison with hand computations only; the adjustment above is what is used.
    """
    share = np.cumsum(distance_m) / np.sum(distance_m)
    return np.asarray(ring - share[:, None] * (ring[-1] - start))
