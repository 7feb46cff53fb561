import numpy as np
import pytest

from fieldproof.audit import build_evidence
from fieldproof.audit import posterior as posterior_module
from fieldproof.audit.likelihood import (
    RING_LEVELS,
    SOFT_LEVELS,
    log_likelihood,
    mean_detection,
    record_shape,
    shift_table,
)
from fieldproof.audit.posterior import posterior
from fieldproof.audit.prior import PRIORS, REFERENCE
from fieldproof.audit.status import Thresholds


@pytest.fixture(scope="module")
def evidence(world):
    searches = [world.search(world.box(-150, -80, 60, 120)),
                world.search(world.box(0, 100, 300, 260), "S-2", 0.7)]
    finds = world.finds_at(world.spread(12, (-90, -25, 50, 30)))
    return build_evidence(world.located(), searches, finds, 40, reach_m=300)


@pytest.fixture(scope="module")
def parts(evidence):
    shape = record_shape(evidence)
    return shape, shift_table(evidence, shape, 100.0)


def moved(array, rows, columns):
    """`array` moved north and east by whole cells, zeros behind it."""
    out = np.zeros_like(array)
    ny, nx = array.shape
    src = array[max(-rows, 0):ny - max(rows, 0), max(-columns, 0):nx - max(columns, 0)]
    out[max(rows, 0):max(rows, 0) + src.shape[0],
        max(columns, 0):max(columns, 0) + src.shape[1]] = src
    return out


SHIFTS = [(0, 0), (3, -2), (-7, 5), (10, 10)]


@pytest.mark.parametrize("shift", SHIFTS)
def test_expected_finds_are_the_plain_sum_over_the_moved_record(evidence, parts, shift):
    shape, table = parts
    row = table.row_of.reshape(21, 21)[shift[0] + 10, shift[1] + 10]

    for got, what in ((table.expected_in, shape.soft), (table.expected_ring, shape.ring)):
        plain = 40 * (evidence.detection * moved(what, *shift)).sum() / what.sum()
        assert got[row] == pytest.approx(plain, abs=0.006)


@pytest.mark.parametrize("shift", SHIFTS)
def test_the_likelihood_is_that_of_a_poisson_process(evidence, parts, shift):
    shape, table = parts
    rho, eta, beta = np.array([0.7, 0.0, 0.3]), np.array([0.2, 0.5, 0.0]), np.full(3, 1e-5)
    row = table.row_of.reshape(21, 21)[shift[0] + 10, shift[1] + 10]

    got = log_likelihood(table, shape, rho, eta, beta, np.ones(3), np.array([row]))[0]

    # by hand, find by find, from the level that each find's cell belongs to
    inside, around = moved(shape.inside[shape.kinds], *shift), moved(
        shape.around[shape.kinds], *shift)
    cells = evidence.grid.index(evidence.finds_xy)
    plain = []
    for r, e, b in zip(rho, eta, beta, strict=True):
        rate = (r * inside + e * around + b)[cells[:, 0], cells[:, 1]]
        total = r * table.expected_in[row] + e * table.expected_ring[row] + b * table.searched_m2
        plain.append(np.log(rate * 1e6).sum() - total)
    assert got == pytest.approx(plain, abs=2e-3)


def test_levels_stand_for_the_rates_of_their_cells(parts, evidence):
    shape, _ = parts

    assert len(shape.inside) <= (len(SOFT_LEVELS) + 1) * (len(RING_LEVELS) + 1)
    # devices of all kinds of cells together are the recorded number, blurring aside
    total = shape.inside[shape.kinds].sum() * evidence.grid.cell_area_m2
    assert total == pytest.approx(40, rel=0.01)


def test_a_detection_factor_scales_every_rate(parts):
    shape, table = parts
    one, many = np.ones(1), np.array([0])

    halved = log_likelihood(table, shape, one, one, one * 1e-5, one / 2, many)
    same = log_likelihood(table, shape, one / 2, one / 2, one * 5e-6, one, many)

    assert halved == pytest.approx(same, abs=1e-3)


def test_mean_detection_of_nothing_searched_is_zero():
    assert not mean_detection(np.zeros((9, 9)), np.ones((9, 9)), 3).any()


def test_leaving_out_negligible_shifts_changes_nothing(evidence, monkeypatch):
    quick = posterior(evidence, Thresholds(), PRIORS)
    monkeypatch.setattr(posterior_module, "NEGLIGIBLE", 1e9)
    whole = posterior(evidence, Thresholds(), PRIORS)

    for name in quick.parts:
        assert quick.parts[name].regions.mass == pytest.approx(whole.parts[name].regions.mass,
                                                               abs=1e-6)
        assert quick.parts[name].log_evidence == pytest.approx(whole.parts[name].log_evidence,
                                                               abs=1e-4)


def test_regions_and_marginals_sum_to_one(evidence):
    result = posterior(evidence, Thresholds(), (REFERENCE,))
    part = result.parts["reference"]

    assert part.regions.mass.sum() == pytest.approx(1)
    assert part.prior_regions.mass.sum() == pytest.approx(1)
    assert part.rho.sum() == pytest.approx(1)
    assert part.eta.sum() == pytest.approx(1)
    assert part.shift.sum() == pytest.approx(1)
