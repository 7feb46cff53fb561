from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from fieldproof.audit import RecordEvidence, Thresholds, judge
from fieldproof.audit import mine_ledger as ledger
from fieldproof.audit.population import finite_population_shares
from fieldproof.audit.prior import PRIORS, eta_weights, nodes_for, rho_weights
from fieldproof.audit.sampling import exact_interval, sample_size, worst_case_bounds
from fieldproof.audit.status import DECIDED, verdict_of
from fieldproof.errors import ModelError
from fieldproof.geo.grid import Grid
from fieldproof.model.codes import RecordStatus

GRID = Grid(-900.0, -900.0, 10.0, 180, 180)
counts = st.integers(0, 10**9)


def strip_evidence(seed, n_finds, *, turned=False):
    """A strip of 16 by 6 cells; ground and finds at random."""
    rng = np.random.default_rng(seed)
    membership = np.zeros(GRID.shape)
    membership[87:93, 82:98] = 1.0
    detection = np.zeros(GRID.shape)
    a, b = rng.integers(60, 85, 2)
    detection[a:a + 40, b:b + 40] = 0.85
    xy = rng.uniform((b * 10 - 900, a * 10 - 900), (b * 10 - 500, a * 10 - 500), (n_finds, 2))
    if turned:  # a quarter turn about the middle of the grid
        membership, detection = np.rot90(membership, -1), np.rot90(detection, -1)
        xy = np.column_stack([-xy[:, 1], xy[:, 0]])
    return RecordEvidence("R", GRID, membership, np.eye(2) * 400.0, 50, detection, xy, 3.0)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 40))
def test_probabilities_sum_to_one_and_repeat(seed, n_finds):
    evidence = strip_evidence(seed, n_finds)

    first, again = judge(evidence), judge(evidence)

    assert sum(first.probabilities.values()) == pytest.approx(1)
    assert first.to_dict() == again.to_dict()
    assert first.status in (*DECIDED, RecordStatus.NOT_YET_VERIFIABLE)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 30))
def test_a_quarter_turn_of_the_world_turns_the_answer(seed, n_finds):
    plain, turned = (judge(strip_evidence(seed, n_finds, turned=t)) for t in (False, True))

    assert [plain.probabilities[s] for s in DECIDED] == pytest.approx(
        [turned.probabilities[s] for s in DECIDED], abs=1e-4)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 30))
def test_the_order_of_finds_does_not_matter(seed, n_finds):
    evidence = strip_evidence(seed, n_finds)
    backwards = replace(evidence, finds_xy=evidence.finds_xy[::-1].copy())

    assert judge(evidence).to_dict() == judge(backwards).to_dict()


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.51, 0.97))
def test_a_verdict_is_a_status_that_reaches_the_deciding_probability(seed, decide):
    limits = Thresholds(decide=decide)
    v = judge(strip_evidence(seed, 15), limits)
    values = np.array([v.probabilities[s] for s in DECIDED])

    assert v.decided == bool(values.max() >= decide)
    assert verdict_of(values, limits, searched=False) is RecordStatus.NOT_YET_VERIFIABLE


@given(st.floats(0.01, 0.25), st.floats(0.26, 0.9), st.floats(0.01, 5.0))
def test_prior_weights_sum_to_one_and_no_bin_straddles_a_threshold(low, high, eta):
    limits = Thresholds(rho_unsupported=low, rho_present=high, eta_incomplete=eta)
    nodes = nodes_for(limits)

    for prior in PRIORS:
        assert rho_weights(prior, limits).sum() == pytest.approx(1)
        assert eta_weights(prior, limits).sum() == pytest.approx(1)
    assert {low, high} <= set(nodes.rho_edges)
    assert eta in nodes.eta_edges
    assert np.all(np.diff(nodes.rho) > 0)
    assert np.all(np.diff(nodes.eta) > 0)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_exact_interval_holds_the_sample_and_lies_in_the_bounds(data):
    lot = data.draw(st.integers(1, 200))
    sampled = data.draw(st.integers(1, lot))
    found = data.draw(st.integers(0, sampled))

    low, high = exact_interval(found, sampled, lot)

    worst = worst_case_bounds(found, sampled - found, lot)
    assert worst[0] <= low <= high <= worst[1]
    # the most likely lot lies in it
    assert low <= round(found / sampled * lot) / lot <= high or sampled == lot


@pytest.mark.parametrize(("lot", "sampled"), [(30, 8), (60, 20), (120, 25)])
def test_the_exact_interval_covers_at_least_its_level_whatever_the_truth(lot, sampled):
    intervals = [exact_interval(x, sampled, lot, 0.90) for x in range(sampled + 1)]
    for members in range(lot + 1):
        chance = sum(
            hypergeom.pmf(x, lot, members, sampled)
            for x, (low, high) in enumerate(intervals)
            if low <= members / lot + 1e-12 and members / lot <= high + 1e-12
        )
        assert chance >= 0.90 - 1e-9


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 120), st.floats(0.05, 0.3))
def test_a_sample_of_the_size_given_is_narrow_enough(lot, half_width):
    n = sample_size(lot, half_width)
    low, high = exact_interval(round(0.25 * n), n, lot)

    assert n <= lot
    assert (high - low) / 2 <= half_width


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 30))
def test_shares_of_a_finite_population_are_whole_records(seed, n):
    evidence = np.random.default_rng(seed).dirichlet(np.ones(5), n)

    shares = finite_population_shares(evidence, seed, sweeps=20, burn_in=5)

    assert np.allclose(shares.sum(axis=1), 1)
    assert np.allclose(shares * n, np.round(shares * n))


@given(counts.filter(bool), st.fractions(Fraction(1, 1000), 1))
def test_a_share_of_the_total_gives_the_known_back(known, share):
    total, missing = ledger.total_from_share(known, share)

    assert total * share == known
    assert total - missing == known


@given(counts.filter(bool), counts)
def test_surplus_and_shortfall_are_exact_inverses(recorded, found):
    difference, ratio = ledger.surplus(recorded, found)

    assert recorded + difference == found
    assert ratio * recorded == found
    assert ledger.shortfall(recorded, found) == ratio


@given(counts, counts, counts)
def test_a_ledger_closes(found_in, found_unrecorded, remaining):
    found = found_in + found_unrecorded

    assert ledger.recorded_total(found, found_unrecorded, remaining) == found_in + remaining


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_decimal_is_taken_as_it_prints(a, b):
    assert ledger.exact(a / 100) == Fraction(a, 100)
    assert ledger.density_per_km2(b, a / 100) == Fraction(100 * b, a)


@pytest.mark.parametrize("call", [
    lambda: ledger.total_from_share(5, 0), lambda: ledger.total_from_share(5, "1.2"),
    lambda: ledger.surplus(0, 5), lambda: ledger.recorded_total(5, 6, 0),
    lambda: ledger.density_per_km2(3, -1), lambda: ledger.exact(float("nan")),
    lambda: ledger.exact("many"), lambda: ledger.exact(float("inf")),
])
def test_figures_that_make_no_sense_are_refused(call):
    with pytest.raises(ModelError, match=r"would be right|no finite number"):
        call()
