import numpy as np
import pytest

from fieldproof.audit.shift import fine_density, region_90, shift_summary

METRES = np.arange(-80, 81) * 10.0


def bell(east, north, sigma):
    e, n = METRES[None, :] - east, METRES[:, None] - north
    p = np.exp(-(e**2 + n**2) / (2 * sigma**2))
    return p / p.sum()


def test_mean_and_spread_of_a_bell_are_found():
    s = shift_summary(bell(40, -70, 25), METRES)

    assert (s.east_m, s.north_m) == pytest.approx((40, -70), abs=0.01)
    assert s.covariance_m2[0] == pytest.approx(25**2 + 100 / 12, rel=0.01)
    # 90 % of a bell lies within 2.146 sigma, widened by the cell's own spread
    assert s.region_radius_m == pytest.approx(2.146 * np.hypot(25, 3.1), rel=0.03)


def test_rows_are_north_and_columns_east():
    s = shift_summary(bell(0, 300, 15), METRES)

    assert (s.east_m, s.north_m) == pytest.approx((0, 300), abs=0.01)


def test_one_cell_is_as_wide_as_a_cell():
    p = np.zeros((161, 161))
    p[80, 80] = 1.0

    s = shift_summary(p, METRES)

    assert s.length_m == 0.0
    assert 4 < s.region_radius_m < 10


def test_a_fine_density_keeps_its_middle_and_its_mass():
    density, metres = fine_density(bell(-120, 50, 12), METRES)

    assert density.sum() == pytest.approx(1)
    assert density.sum(axis=0) @ metres == pytest.approx(-120, abs=0.1)
    assert density.sum(axis=1) @ metres == pytest.approx(50, abs=0.1)


def test_the_region_is_the_smallest_that_holds_90_percent():
    p = np.array([[0.5, 0.3], [0.15, 0.05]])

    assert region_90(p).tolist() == [[True, True], [True, False]]


def test_no_posterior_no_summary():
    assert shift_summary(np.zeros((161, 161)), METRES) is None
