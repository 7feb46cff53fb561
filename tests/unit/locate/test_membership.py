import numpy as np
import pytest
import shapely
from scipy.stats import norm

from fieldproof.errors import GeometryError
from fieldproof.geo.frame import LocalFrame
from fieldproof.geo.grid import Grid, inside_fraction
from fieldproof.locate import draw_vertices, membership_raster
from fieldproof.locate.types import LocatedPart, LocatedRecord

STRIP = np.array([[0.0, 0], [300, 0], [300, 60], [0, 60]])
GRID = Grid(-200.0, -200.0, 10.0, 70, 50)
NONE = np.zeros((8, 8))


def located(*parts, covariance=None, **more):
    made = tuple(LocatedPart(i, v, c, **more) for i, (v, c) in enumerate(parts, start=1))
    return LocatedRecord("R", LocalFrame(46.7, 39.8), made, np.zeros((2, 2)),
                         covariance=covariance)


def raster(record, grid=GRID, seed=1, **more):
    return membership_raster(record, grid, np.random.default_rng(seed), **more)


def shift_of(sigma_m, n):
    return np.kron(np.ones((n, n)), np.eye(2)) * sigma_m**2


def test_without_error_it_is_the_area():
    expected = inside_fraction(shapely.Polygon(STRIP), GRID, samples=1)

    np.testing.assert_array_equal(raster(located((STRIP, NONE)), n_draws=3), expected)


@pytest.mark.parametrize("sigma", [3.0, 8.0])
def test_it_equals_shapely_draw_by_draw(sigma):
    record = located((STRIP, np.eye(8) * sigma**2))
    drawn = draw_vertices(record, 60, np.random.default_rng(1))[0]
    x, y = np.meshgrid(*GRID.centres())
    assert shapely.is_valid(shapely.polygons(drawn)).all()
    expected = np.mean([shapely.contains_xy(shapely.Polygon(d), x, y) for d in drawn], axis=0)

    np.testing.assert_allclose(raster(record, n_draws=60), expected, atol=1e-12)


def test_a_shift_blurs_the_edge_as_the_normal_distribution_does():
    record = located((STRIP, shift_of(20.0, 4)))
    x, y = GRID.centres()
    column, row = norm.cdf, norm.cdf
    expected = np.outer(row(y / 20) - row((y - 60) / 20), column(x / 20) - column((x - 300) / 20))

    np.testing.assert_allclose(raster(record, n_draws=20_000), expected, atol=0.02)


def test_the_mean_area_is_kept():
    found = raster(located((STRIP, shift_of(20.0, 4))), n_draws=500)

    assert found.sum() * GRID.cell_area_m2 == pytest.approx(300 * 60, rel=0.02)


def test_without_the_shift_a_moved_area_is_sharp():
    record = located((STRIP, shift_of(50.0, 4)))

    np.testing.assert_allclose(raster(record, remove_shift=True),
                               inside_fraction(shapely.Polygon(STRIP), GRID, samples=1))


def test_without_the_shift_turning_still_blurs():
    """A rotation about the middle moves the ends and leaves the middle."""
    middle = STRIP - STRIP.mean(axis=0)
    across = np.column_stack([middle[:, 1], -middle[:, 0]]).reshape(-1)
    record = located((STRIP, np.outer(across, across) * np.radians(5.0) ** 2))
    found = raster(record, remove_shift=True, n_draws=400)
    middle_cell, end_cell = found[GRID.index([(150, 5)])[0][0]][34], found[GRID.index(
        [(5, 5)])[0][0]][20]

    assert middle_cell > 0.95
    assert 0.3 < end_cell < 0.85


def test_parts_side_by_side_add_up():
    """Two halves that move together are as probable as the whole."""
    halves = (STRIP * [0.5, 1], STRIP * [0.5, 1] + [150, 0])
    joint = shift_of(20.0, 8)
    record = located((halves[0], joint[:8, :8]), (halves[1], joint[:8, :8]), covariance=joint)
    whole = located((STRIP, shift_of(20.0, 4)))

    np.testing.assert_allclose(raster(record, n_draws=20_000), raster(whole, n_draws=20_000),
                               atol=0.02)


def test_a_point_marks_the_cell_that_it_is_in():
    found = raster(located((np.array([[55.0, 65.0]]), np.zeros((2, 2)))), n_draws=2)
    row, column = GRID.index([(55.0, 65.0)])[0]

    assert found[row, column] == 1.0
    assert found.sum() == 1.0


def test_a_row_marks_the_cells_along_it():
    found = raster(located((np.array([[5.0, 5.0], [105.0, 5.0]]), np.zeros((4, 4)))), n_draws=2)
    row = GRID.index([(5.0, 5.0)])[0][0]

    assert found[row].sum() >= 10
    assert found.sum() == found[row].sum()


def test_an_area_on_an_unknown_side_of_a_front_is_as_likely_on_each():
    record = located((np.array([[0.0, 0.0], [300.0, 0.0]]), np.zeros((4, 4))),
                     extent_m=(300.0, 60.0))
    found = raster(record, n_draws=2000)
    row, column = GRID.index([(155.0, 25.0)])[0]

    assert found[row, column] == pytest.approx(0.5, abs=0.04)
    assert found[row - 5, column] == pytest.approx(0.5, abs=0.04)
    assert found.sum() * GRID.cell_area_m2 == pytest.approx(300 * 60, rel=0.01)


def test_an_area_in_an_unknown_direction_goes_all_round():
    record = located((np.array([[150.0, 50.0]]), np.zeros((2, 2))), extent_m=(100.0, 40.0))
    found = raster(record, n_draws=4000)

    assert found.sum() * GRID.cell_area_m2 == pytest.approx(100 * 40, rel=0.05)
    east, west = found[:, 35:].sum(), found[:, :35].sum()
    assert east == pytest.approx(west, rel=0.1)


def test_a_perimeter_that_crosses_itself_is_its_convex_area():
    crossed = STRIP[[0, 1, 3, 2]]

    np.testing.assert_array_equal(raster(located((crossed, NONE)), n_draws=2),
                                  raster(located((STRIP, NONE)), n_draws=2))


def test_a_grid_beside_the_record_is_empty():
    assert raster(located((STRIP, NONE)), Grid(5000.0, 0.0, 10.0, 5, 5)).sum() == 0.0


def test_a_grid_over_a_corner_of_it_is_a_window():
    small = Grid(-50.0, -50.0, 10.0, 10, 10)
    record = located((STRIP, shift_of(20.0, 4)))

    np.testing.assert_array_equal(raster(record, small), raster(record)[15:25, 15:25])


def test_what_was_not_located_has_no_raster():
    with pytest.raises(GeometryError, match="was not located"):
        raster(located())
