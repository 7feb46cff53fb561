"""The adjustment against an independent solver, and its Jacobian against differences."""

import numpy as np
import pytest
from scipy.optimize import least_squares

from fieldproof.errors import GeometryError
from fieldproof.locate.traverse import Sigma, Topology, _jacobian, compass_rule, solve

RING = Topology(
    5, 1,
    tuple((0, tuple((leg, 1) for leg in range(1 + i))) for i in range(4)),
    (((0, tuple((leg, 1) for leg in range(1, 5))), (0, ())),), ((0,),),
)
AZIMUTH = np.radians([200.0, 30.0, 120.5, 209.7, 300.5])
DISTANCE = np.array([450.0, 300.0, 61.0, 298.5, 60.0])


def sigma_of(topology, scale=1.0, m=1):
    n, n_marks = topology.n_legs, topology.n_marks
    return Sigma(
        np.full(m, np.radians(1.0) * scale), np.full(m, 0.02 * scale),
        np.full((m, n), np.radians(1.5) * scale), np.full((m, n), 1.5 * scale),
        np.tile(np.eye(2 * n_marks) * (25.0 * scale) ** 2, (m, 1, 1)),
    )


def plot(topology, q, chain):
    """One chain for one draw of all parameters, leg by leg, as the model is written down."""
    n = topology.n_legs
    b, s, e, u = q[0], q[1], q[2:2 + n], q[2 + n:2 + 2 * n]
    place = q[2 + 2 * n + 2 * chain[0]:4 + 2 * n + 2 * chain[0]].copy()
    for leg, sign in chain[1]:
        a = AZIMUTH[leg] + b + e[leg]
        length = (DISTANCE[leg] + u[leg]) * (1 + s)
        place += sign * length * np.array([np.sin(a), np.cos(a)])
    return place


def solved(topology, marks, sigma):
    return solve(topology, np.asarray(marks, float)[None], AZIMUTH[None, :topology.n_legs],
                 DISTANCE[None, :topology.n_legs], sigma)


def test_the_jacobian_is_the_derivative():
    legs = np.array([[1, 1, -1, 0, 0], [0, 1, 0, 1, 1.0]])
    marks = np.ones((2, 1))
    unit = np.stack([np.sin(AZIMUTH), np.cos(AZIMUTH)], -1)
    along = DISTANCE[:, None] * unit
    analytic = _jacobian(legs, marks, along[None], unit[None], (legs @ along)[None])[0]
    chains = [(0, ((0, 1), (1, 1), (2, -1))), (0, ((1, 1), (3, 1), (4, 1)))]

    numeric = np.empty_like(analytic)
    for j in range(analytic.shape[1]):
        step = np.zeros(analytic.shape[1])
        step[j] = 1e-5
        both = [np.concatenate([plot(RING, sign * step, c) for c in chains]) for sign in (1, -1)]
        numeric[:, j] = (both[0] - both[1]) / 2e-5

    np.testing.assert_allclose(analytic, numeric, atol=1e-5)


def test_a_ring_adjusts_to_the_most_probable_parameters():
    """The same optimum as a general non-linear solver, for errors small enough to be linear."""
    sigma = sigma_of(RING, 0.02)
    weights = 1 / np.concatenate([
        sigma.rotation_rad, sigma.scale, sigma.angle_rad[0], sigma.distance_m[0],
        np.sqrt(np.diag(sigma.marks_m2[0])),
    ])
    whole = RING.conditions[0][0]

    def residuals(q):
        off = plot(RING, q, whole) - q[-2:]
        return np.concatenate([q * weights, off * 1e4])

    start = np.zeros(len(weights))
    best = least_squares(residuals, start, x_scale=1 / weights, xtol=1e-14, ftol=1e-14).x
    expected = np.array([plot(RING, best, chain) for chain in RING.corners])
    found = solved(RING, [[0.0, 0.0]], sigma).corners[0]
    unadjusted = np.array([plot(RING, start, chain) for chain in RING.corners])

    assert np.abs(unadjusted - expected).max() > 0.5
    np.testing.assert_allclose(found, expected, atol=0.05)


def test_the_covariance_is_that_of_draws_of_the_model():
    """200,000 draws of all parameters, without the condition."""
    free = Topology(RING.n_legs, 1, RING.corners)
    sigma = sigma_of(free)
    rng = np.random.default_rng(3)
    n = 200_000
    b = rng.normal(0, np.radians(1.0), (n, 1))
    s = rng.normal(0, 0.02, (n, 1))
    a = AZIMUTH + b + rng.normal(0, np.radians(1.5), (n, 5))
    d = (DISTANCE + rng.normal(0, 1.5, (n, 5))) * (1 + s)
    steps = d[..., None] * np.stack([np.sin(a), np.cos(a)], -1)
    corners = rng.normal(0, 25.0, (n, 1, 2)) + np.cumsum(steps, axis=1)[:, :4]

    drawn = np.cov(corners.reshape(n, -1).T)
    analytic = solved(free, [[0.0, 0.0]], sigma).covariance[0]

    np.testing.assert_allclose(np.sqrt(np.diag(analytic)), np.sqrt(np.diag(drawn)), atol=0.2)
    correlation = drawn / np.sqrt(np.outer(np.diag(drawn), np.diag(drawn)))
    expected = analytic / np.sqrt(np.outer(np.diag(analytic), np.diag(analytic)))
    np.testing.assert_allclose(correlation, expected, atol=0.015)


def test_the_covariance_after_adjustment_is_that_of_draws_that_close():
    """Draws of the linear model, each made to close, scatter as the adjusted covariance says."""
    sigma = sigma_of(RING)
    rng = np.random.default_rng(8)
    n = 40_000
    noise = rng.normal(size=(n, 5)), rng.normal(size=(n, 5))
    azimuth = AZIMUTH + np.radians(1.5) * noise[0]
    distance = DISTANCE + 1.5 * noise[1]
    exact = Sigma(sigma.rotation_rad * np.zeros(n), np.zeros(n),
                  np.full((n, 5), np.radians(1.5)), np.full((n, 5), 1.5), np.zeros((n, 2, 2)))
    adjusted = solve(RING, np.zeros((n, 1, 2)), azimuth, distance, exact)

    one = Sigma(*(getattr(exact, name)[:1] for name in Sigma.__slots__))
    analytic = solved(RING, [[0.0, 0.0]], one).covariance[0]

    drawn = np.cov(adjusted.corners.reshape(n, -1).T)
    np.testing.assert_allclose(np.sqrt(np.diag(analytic)), np.sqrt(np.diag(drawn)), rtol=0.02)


def test_a_ring_corrects_its_own_legs_only():
    """Rotation, scale and landmark move a ring as a whole: closing it says nothing of them."""
    alone = sigma_of(RING)
    no_legs = Sigma(alone.rotation_rad, alone.scale, alone.angle_rad * 0, alone.distance_m * 0,
                    alone.marks_m2)
    closed = np.array([[0.0, 0, 0, 0, 0]])
    azimuth = np.radians([[200.0, 30.0, 120.0, 210.0, 300.0]]) + closed
    distance = np.array([[450.0, 300.0, 60.0, 300.0, 60.0]])
    free = Topology(RING.n_legs, 1, RING.corners)

    with_ring = solve(RING, np.zeros((1, 1, 2)), azimuth, distance, no_legs)
    without = solve(free, np.zeros((1, 1, 2)), azimuth, distance, no_legs)

    np.testing.assert_allclose(with_ring.covariance, without.covariance, atol=1e-6)


def test_two_landmarks_are_weighted_by_their_errors():
    """A corner from a good and a bad landmark lies near the good one's, and is surer than it."""
    both = Topology(0, 2, ((0, ()),), (((1, ()), (0, ())),), ((0,),))
    sigma = sigma_of(both)
    sigma.marks_m2[0] = np.diag([4.0, 4.0, 400.0, 400.0])

    found = solve(both, np.array([[[0.0, 0.0], [10.0, 0.0]]]), np.zeros((1, 0)), np.zeros((1, 0)),
                  sigma)

    weight = (1 / 400) / (1 / 400 + 1 / 4)
    np.testing.assert_allclose(found.corners[0, 0], [10 * weight, 0.0], atol=1e-6)
    assert found.covariance[0, 0, 0] == pytest.approx(1 / (1 / 400 + 1 / 4))
    assert found.chi_square[0, 0] == pytest.approx(100 / 404)


def test_marks_of_one_map_keep_their_common_error():
    both = Topology(0, 2, ((0, ()),), (((1, ()), (0, ())),), ((0,),))
    sigma = sigma_of(both)
    sigma.marks_m2[0] = np.kron([[100.0, 64.0], [64.0, 100.0]], np.eye(2))

    found = solve(both, np.zeros((1, 2, 2)), np.zeros((1, 0)), np.zeros((1, 0)), sigma)

    assert found.covariance[0, 0, 0] == pytest.approx((100 + 64) / 2)


def test_arrays_of_another_shape_are_refused():
    with pytest.raises(GeometryError, match="do not fit"):
        solve(RING, np.zeros((1, 2, 2)), AZIMUTH[None], DISTANCE[None], sigma_of(RING))


def test_the_compass_rule_leaves_a_closed_ring_alone():
    ends = np.array([[100.0, 0], [100, 50], [0, 50], [0, 0]])
    ruled = compass_rule(ends, np.array([100.0, 50, 100, 50]), np.zeros(2))

    np.testing.assert_array_equal(ruled, ends)
