import numpy as np
import pytest
import shapely

from fieldproof.errors import GeometryError
from fieldproof.geo.frame import LocalFrame
from fieldproof.locate import containment_outline, draw_vertices
from fieldproof.locate.containment import TOLERANCE_M, excursions, grow
from fieldproof.locate.types import LocatedPart, LocatedRecord

STRIP = np.array([[0.0, 0], [300, 0], [300, 60], [0, 60]])
BEND = np.array([[0.0, 0], [300, 0], [300, 60], [60, 60], [60, 300], [0, 300]])


def located(*parts, covariance=None, **more):
    made = tuple(
        LocatedPart(i, v, c, **more) for i, (v, c) in enumerate(parts, start=1)
    )
    return LocatedRecord("R", LocalFrame(46.7, 39.8), made, np.zeros((2, 2)),
                         covariance=covariance)


def shift_of(sigma_m, n):
    return np.kron(np.ones((n, n)), np.eye(2)) * sigma_m**2


def brute_force(drawn, best, n=600):
    """Largest distance of densely sampled sides from the best area."""
    after = np.roll(drawn, -1, axis=1)
    steps = np.linspace(0, 1, n)[:, None]
    points = drawn[:, :, None] + steps * (after - drawn)[:, :, None]
    return shapely.distance(best, shapely.points(points.reshape(len(drawn), -1, 2))).max(axis=1)


@pytest.mark.parametrize("sigma", [2.0, 10.0, 40.0])
@pytest.mark.parametrize("ring", [STRIP, BEND], ids=["convex", "bent"])
def test_excursions_are_never_understated(ring, sigma):
    drawn = ring + np.random.default_rng(1).normal(0, sigma, (200, *ring.shape))
    best = shapely.Polygon(ring)
    found, sampled = excursions(drawn, best), brute_force(drawn, best)

    assert np.all(found >= sampled - 1e-9)
    # the samples lie up to a metre apart, and miss at most half of it
    assert np.all(found <= sampled + 0.6 + 2 * TOLERANCE_M)


def test_corners_do_not_suffice_for_a_bent_area():
    """A side that cuts the inner corner is furthest out between its ends."""
    drawn = np.array([[[0.0, 0], [300, 0], [300, 60], [0, 300]]])
    best = shapely.Polygon(BEND)
    sampled = brute_force(drawn, best, 20_000)[0]
    corners = shapely.distance(best, shapely.points(drawn[0])).max()

    assert corners == 0.0
    assert excursions(drawn, best)[0] == pytest.approx(sampled, abs=2 * TOLERANCE_M)
    assert excursions(drawn, best)[0] > 50.0


def test_growing_never_gives_less_than_the_radius():
    grown = grow(shapely.Point(0, 0), 100.0)
    turn = np.linspace(0, 2 * np.pi, 1000)

    assert shapely.contains_xy(grown, 99.99 * np.cos(turn), 99.99 * np.sin(turn)).all()


def test_growing_fills_holes():
    ring = shapely.LineString([(0, 0), (100, 0), (100, 100), (0, 100), (0, 5)])

    assert len(grow(ring, 10.0).interiors) == 0


def test_a_shift_of_known_error_grows_by_its_95_percent_radius():
    """A round shift of 10 m, point: 2.4477 sigma holds 95 %."""
    record = located((np.zeros((1, 2)), np.eye(2) * 100.0))

    outline = containment_outline(record, n_draws=100_000, rng=np.random.default_rng(1))

    assert np.sqrt(outline.area / np.pi) == pytest.approx(24.477, rel=0.01)


def test_more_certainty_needs_more_ground():
    record = located((STRIP, shift_of(20.0, 4)))
    areas = [
        containment_outline(record, level=level, rng=np.random.default_rng(1)).area
        for level in (0.5, 0.9, 0.95, 0.99)
    ]

    assert areas == sorted(areas)
    assert areas[0] > 300 * 60


def test_the_same_seed_gives_the_same_outline():
    record = located((STRIP, shift_of(20.0, 4)))
    one, two = (containment_outline(record, rng=np.random.default_rng(4)) for _ in range(2))

    assert one.equals_exact(two, 0.0)


def test_without_error_the_outline_is_the_area():
    outline = containment_outline(located((STRIP, np.zeros((8, 8)))), rng=np.random.default_rng(1))

    assert outline.contains(shapely.Polygon(STRIP))
    assert outline.area == pytest.approx(300 * 60, rel=1e-3)


def test_a_point_without_error_still_has_an_outline():
    outline = containment_outline(located((np.zeros((1, 2)), np.zeros((2, 2)))),
                                  rng=np.random.default_rng(1))

    assert outline.area > 0


def test_parts_that_move_together_need_less_than_parts_that_do_not():
    two = [(STRIP, shift_of(20.0, 4)), (STRIP + np.array([0, 5000.0]), shift_of(20.0, 4))]
    together = located(*two, covariance=shift_of(20.0, 8))
    apart = located(*two)

    areas = [containment_outline(r, n_draws=20_000, rng=np.random.default_rng(1)).area
             for r in (together, apart)]

    assert areas[0] < areas[1]


@pytest.mark.parametrize("shared", [True, False])
def test_all_parts_are_held_at_once(shared):
    """Fresh draws of two parts lie wholly in the joint outline in 95 % of cases."""
    two = [(STRIP, shift_of(20.0, 4)), (STRIP + np.array([0, 300.0]), shift_of(35.0, 4))]
    scale = np.repeat([20.0, 35.0], 8)
    covariance = np.outer(scale, scale) * np.kron(np.ones((8, 8)), np.eye(2)) if shared else None
    record = located(*two, covariance=covariance)
    outline = containment_outline(record, n_draws=4000, rng=np.random.default_rng(1))
    shapely.prepare(outline)

    drawn = draw_vertices(record, 4000, np.random.default_rng(2))
    held = np.logical_and(*(outline.contains(shapely.polygons(d)) for d in drawn))

    # grown discs may cover a neighbour's excursions, so the outline may hold a little more
    assert 0.94 <= held.mean() <= 0.975


def test_an_area_beside_a_known_corner_lies_in_the_outline():
    record = located((np.zeros((1, 2)), np.eye(2) * 100.0), extent_m=(300.0, 40.0))
    outline = containment_outline(record, rng=np.random.default_rng(1))
    corner = np.array([0.0, 0.0])

    for turn in np.linspace(0, 2 * np.pi, 24):
        along = np.array([np.sin(turn), np.cos(turn)])
        across = np.array([along[1], -along[0]])
        area = shapely.Polygon([corner, 300 * along, 300 * along + 40 * across, 40 * across])
        assert outline.contains(area)


def test_what_was_not_located_has_no_outline():
    with pytest.raises(GeometryError, match="was not located"):
        containment_outline(located(), rng=np.random.default_rng(1))


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0])
def test_a_level_is_a_probability(level):
    with pytest.raises(GeometryError, match="no probability"):
        containment_outline(located((STRIP, np.zeros((8, 8)))), level=level,
                            rng=np.random.default_rng(1))


def test_draws_have_the_covariance_asked_for():
    rng = np.random.default_rng(1)
    root = rng.normal(0, 5, (16, 16))
    record = located((STRIP, (root @ root.T)[:8, :8]), (STRIP, (root @ root.T)[8:, 8:]),
                     covariance=root @ root.T)

    drawn = np.concatenate(draw_vertices(record, 100_000, rng), axis=1)

    np.testing.assert_allclose(drawn.mean(axis=0), np.concatenate([STRIP, STRIP]), atol=0.4)
    np.testing.assert_allclose(np.cov(drawn.reshape(len(drawn), -1).T), root @ root.T, atol=8)


def test_no_draws_is_a_mistake():
    with pytest.raises(GeometryError, match="draws"):
        draw_vertices(located((STRIP, np.zeros((8, 8)))), 0, np.random.default_rng(1))
