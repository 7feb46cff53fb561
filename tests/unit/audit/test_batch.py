import json
from dataclasses import replace

import numpy as np
import pytest

from fieldproof.audit import PRIORS, Thresholds, batch_figure, build_evidence, judge
from fieldproof.audit.definitions import other_definitions, threshold_sensitivity
from fieldproof.audit.population import finite_population_shares
from fieldproof.audit.verdict import UNVERIFIED, not_judged
from fieldproof.errors import ModelError
from fieldproof.model.codes import RecordStatus

ACCURATE, DISPLACED = RecordStatus.ACCURATE, RecordStatus.DISPLACED
UNDECIDED = RecordStatus.NOT_YET_VERIFIABLE


@pytest.fixture(scope="module")
def samples(world):
    """One accurate and one displaced verdict, really judged."""
    where = [world.search(world.box(-500, -500, 500, 500))]

    def judged(shift):
        finds = world.finds_at(world.spread(32, shift=shift))
        return judge(build_evidence(world.located(), where, finds, 40))

    return judged((0, 0)), judged((200, 0))


@pytest.fixture
def batch(samples):
    """20 records: 6 accurate, 4 displaced, 10 that could not be judged."""
    good, away = samples
    verdicts = [replace(good, record_id=f"A{i}") for i in range(6)]
    verdicts += [replace(away, record_id=f"D{i}") for i in range(4)]
    return verdicts + [not_judged(f"U{i}", ("no landmark",)) for i in range(10)]


def test_samples_are_what_they_are_meant_to_be(samples):
    assert [v.status for v in samples] == [ACCURATE, DISPLACED]


def test_the_figure_counts_every_record(batch):
    f = batch_figure(batch)

    assert (f.n_records, f.n_searched, f.n_decided, f.n_undecided) == (20, 10, 10, 10)
    assert f.counts[ACCURATE], f.counts[DISPLACED] == (6, 4)
    assert sum(f.counts.values()) == 20
    assert "60 m" in f.definition
    assert "30%" in f.definition


def test_no_random_sample_no_exact_interval(batch):
    f = batch_figure(batch)

    assert f.exact is None
    assert "refused" in f.exact_refused
    assert any("chosen" in w for w in f.warnings)


def test_bounds_take_the_undecided_both_ways(batch):
    bounds = batch_figure(batch).bounds

    assert (bounds.low, bounds.high) == (6 / 20, 16 / 20)


def test_the_exact_interval_comes_from_the_sample_alone(batch):
    f = batch_figure(batch, sampled_ids=frozenset({"A0", "A1", "D0", "D1"}))

    assert f.exact.value == 0.5
    assert f.exact_refused is None
    assert f.n_sampled == 4
    assert f.exact.low < 0.5 < f.exact.high


def test_undecided_records_of_the_sample_count_both_ways(batch):
    decided = batch_figure(batch, sampled_ids=frozenset({"A0", "A1", "D0", "D1"})).exact
    with_open = batch_figure(batch, sampled_ids=frozenset({"A0", "A1", "D0", "U1"})).exact

    assert with_open.value is None
    assert "1 undecided records counted both ways" in with_open.name
    assert with_open.low <= decided.low
    assert with_open.high > decided.high


def test_a_sampled_record_that_is_not_in_the_batch_is_an_error(batch):
    with pytest.raises(ModelError, match="1 sampled records are not in the batch"):
        batch_figure(batch, sampled_ids=frozenset({"A0", "X"}))


def test_the_model_speaks_under_three_priors_and_inside_the_bounds(batch):
    f = batch_figure(batch)

    assert [i.name for i in f.model] == [f"model, {p.name} prior" for p in PRIORS]
    for interval in f.model:
        assert f.bounds.low <= interval.low <= interval.value <= interval.high <= f.bounds.high
    assert sum(f.shares.values()) == pytest.approx(1)


def test_undecided_records_widen_the_model_interval(batch):
    def width(verdicts):
        return (i := batch_figure(verdicts).model[0]).high - i.low

    assert width(batch) > width(batch[:10]) + 0.1


def test_a_fully_decided_batch_has_one_value(batch):
    f = batch_figure(batch[:10], sampled_ids=frozenset(v.record_id for v in batch[:10]))

    assert (f.exact.low, f.exact.value, f.exact.high) == (0.6, 0.6, 0.6)
    assert (f.bounds.low, f.bounds.high) == (0.6, 0.6)
    assert f.model[0].value == pytest.approx(0.6, abs=0.01)


def test_the_same_seed_gives_the_same_figure(batch):
    assert batch_figure(batch, seed=3).to_dict() == batch_figure(batch, seed=3).to_dict()


def test_the_dict_is_json_with_definition_and_warning(batch):
    d = json.loads(json.dumps(batch_figure(batch).to_dict()))

    assert d["verified_against"] == []
    assert d["model_warning"] == UNVERIFIED
    assert d["thresholds"] == Thresholds().to_dict()
    assert "Without any model the bounds are 30.0% to 80.0%" in d["sentence"]


def test_mixed_thresholds_doubles_and_nothing_are_refused(batch, samples):
    with pytest.raises(ModelError, match="without records"):
        batch_figure([])
    with pytest.raises(ModelError, match="stands twice"):
        batch_figure([*batch, batch[0]])
    other = replace(samples[0], record_id="Z", thresholds=Thresholds(shift_m=100.0))
    with pytest.raises(ModelError, match="different thresholds"):
        batch_figure([*batch, other])


def test_other_definitions_give_other_figures_with_their_denominators(batch):
    rows = {(r.definition, r.of): r for r in other_definitions(batch)}

    any_found = rows["any device found inside the mapped area", "all records"]
    assert (any_found.count, any_found.denominator) == (6, 20)
    decided = rows["accurate", "records that could be decided"]
    assert decided.share == 0.6
    both = rows["accurate", "all records, undecided ones counted as not accurate"]
    assert both.share == 0.3
    mean = rows["mean probability of accurate, record by record",
                "records that the model could be applied to"]
    assert mean.denominator == 10
    assert mean.share == pytest.approx(0.6, abs=0.02)


def test_definitions_without_any_record_have_no_share():
    rows = other_definitions([not_judged("U", ("no landmark",))])

    assert {r.share for r in rows if r.denominator == 0} == {None}
    assert all(r.share == 0 for r in rows if r.denominator)


def test_moving_the_limit_of_displacement_moves_records(batch):
    rows = [r for r in threshold_sensitivity(batch) if r.threshold == "shift_m"]

    accurate = [r.shares[ACCURATE] for r in rows]
    assert accurate == sorted(accurate)
    assert [r.shares for r in rows if r.in_force] == [
        {s: n / 20 for s, n in batch_figure(batch).counts.items()}
    ]
    assert rows[-1].value == 200.0
    assert rows[-1].shares[DISPLACED] < rows[0].shares[DISPLACED]


def test_asking_for_more_certainty_leaves_more_undecided(batch):
    rows = [r for r in threshold_sensitivity(batch) if r.threshold == "decide"]

    undecided = [r.shares[UNDECIDED] for r in rows]
    assert undecided == sorted(undecided)
    assert threshold_sensitivity([]) == ()


def test_flat_evidence_takes_what_the_group_teaches():
    sure = np.tile([1.0, 1e-9, 1e-9, 1e-9, 1e-9], (30, 1))
    flat = np.ones((30, 5))

    together = finite_population_shares(np.concatenate([sure, flat]), 1)[:, 0]
    apart = finite_population_shares(np.concatenate([sure, flat]), 1,
                                     groups=["a"] * 30 + ["b"] * 30)[:, 0]

    assert together.mean() > 0.9
    # what one group teaches holds less for another
    assert apart.mean() < together.mean()
    assert apart.std() > together.std()


def test_sure_evidence_is_counted():
    evidence = np.eye(5)[[0] * 3 + [1] * 2 + [4] * 5]

    shares = finite_population_shares(evidence, 1, sweeps=50)

    assert np.all(shares == [0.3, 0.2, 0.0, 0.0, 0.5])


@pytest.mark.parametrize("bad", [np.zeros((2, 5)), np.full((2, 5), np.nan), -np.ones((2, 5))])
def test_evidence_that_makes_no_sense_is_refused(bad):
    with pytest.raises(ModelError, match="would be right"):
        finite_population_shares(bad, 1)


def test_a_group_for_each_record():
    with pytest.raises(ModelError, match="1 groups for 2 records"):
        finite_population_shares(np.ones((2, 5)), 1, groups=["a"])
