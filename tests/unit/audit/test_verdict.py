import json
from dataclasses import replace

import numpy as np
import pytest

from fieldproof.audit import PRIORS, Prior, Thresholds, build_evidence, judge, judge_under
from fieldproof.audit.status import DECIDED, IMSMA_RULE, WORDS
from fieldproof.audit.verdict import UNVERIFIED, not_judged, quantiles
from fieldproof.errors import ModelError
from fieldproof.model.codes import DirectEvidence, IndirectEvidence, RecordStatus

WIDE = (-500, -500, 500, 500)


def verdict_on(world, points, area=WIDE, n=40, **more):
    e = build_evidence(world.located(), [world.search(world.box(*area))], world.finds_at(points), n,
                       **more)
    return judge(e)


def test_devices_where_the_record_says_make_it_accurate(world):
    v = verdict_on(world, world.spread(30))

    assert v.status is RecordStatus.ACCURATE
    assert v.imsma_class is DirectEvidence.RECORDS_HIGH_RELIABILITY
    assert v.finds_inside == 30
    assert 0.6 < v.rho[1] <= 1


def test_devices_away_make_it_displaced_by_about_that_much(world):
    v = verdict_on(world, world.spread(32, shift=(150, -120)))

    assert v.status is RecordStatus.DISPLACED
    assert v.imsma_class is IndirectEvidence.RECORDS_LOW_RELIABILITY
    assert (v.shift.east_m, v.shift.north_m) == pytest.approx((150, -120), abs=12)
    assert v.shift.region_radius_m < 30


def test_a_shift_inside_the_budget_and_the_limit_is_no_fault(world):
    assert verdict_on(world, world.spread(32, shift=(25, 15))).status is RecordStatus.ACCURATE


def test_many_more_around_make_it_incomplete(world):
    around = world.spread(120, (-220, -150, 220, 150), seed=5)
    outside = around[(np.abs(around[:, 0]) > 110) | (np.abs(around[:, 1]) > 40)]

    v = verdict_on(world, np.concatenate([world.spread(32), outside]))

    assert v.status is RecordStatus.INCOMPLETE
    assert v.imsma_class is DirectEvidence.RECORDS_HIGH_RELIABILITY


def test_few_make_it_depleted_and_none_unsupported(world):
    assert verdict_on(world, world.spread(7), n=60).status is RecordStatus.DEPLETED
    v = verdict_on(world, [], (-1200, -1200, 1200, 1200))
    assert v.status is RecordStatus.UNSUPPORTED
    assert "does not mean 'no mines'" in WORDS[v.status]


def test_nothing_searched_is_never_decided_even_with_finds(world):
    e = build_evidence(world.located(), [], world.finds_at(world.spread(30)), 40)

    v = judge(e)

    assert v.status is RecordStatus.NOT_YET_VERIFIABLE
    assert v.shift is None
    assert np.array_equal(v.likelihoods, np.ones(5))
    assert v.probabilities == pytest.approx(v.prior_probabilities)
    assert "nothing was searched" in v.problems[0]


def test_nothing_searched_stays_undecided_under_a_prior_that_is_sure(world):
    sure = Prior("sure", in_budget=0.999, nothing=0.0, depleted=0.0, none_unrecorded=1.0)

    v = judge(build_evidence(world.located(sigma_m=5.0), [], [], 40), prior=sure)

    assert v.probabilities[RecordStatus.ACCURATE] > 0.9
    assert v.status is RecordStatus.NOT_YET_VERIFIABLE
    assert v.imsma_class is IndirectEvidence.RECORDS_LOW_RELIABILITY


def test_a_search_elsewhere_decides_nothing(world):
    v = verdict_on(world, [], (400, 400, 450, 450))

    assert v.status is RecordStatus.NOT_YET_VERIFIABLE
    assert v.searched_share == 0.0


@pytest.mark.parametrize("n", [None, 0])
def test_a_record_without_a_number_is_not_yet_verifiable(world, n):
    v = verdict_on(world, world.spread(3), n=n)

    assert v.status is RecordStatus.NOT_YET_VERIFIABLE
    assert "no number of devices" in v.problems[0]
    assert v.finds_inside == 3
    json.dumps(v.to_dict())


def test_a_record_that_was_not_located_says_why():
    v = not_judged("R-9", ("no landmark",), 40)

    assert v.status is RecordStatus.NOT_YET_VERIFIABLE
    assert v.to_dict()["problems"] == ["no landmark"]
    assert np.array_equal(v.likelihoods, np.ones(5))


def test_a_dict_carries_thresholds_prior_rule_and_warning(world):
    d = json.loads(json.dumps(verdict_on(world, world.spread(20)).to_dict()))

    assert d["thresholds"] == Thresholds().to_dict()
    assert d["prior"]["name"] == "reference"
    assert d["prior"]["background_per_km2"] == [1.0, 10.0, 50.0]
    assert d["imsma_rule"] == IMSMA_RULE
    assert d["verified_against"] == []
    assert d["model_warning"] == UNVERIFIED
    assert sum(d["probabilities"].values()) == pytest.approx(1, abs=1e-5)
    assert set(d["log_evidence"]) == {"reference", "sceptical", "trusting"}


def test_priors_share_a_likelihood_and_differ_in_their_verdicts(world):
    e = build_evidence(world.located(), [world.search(world.box(-500, -500, -90, 500))],
                       [], 40)

    verdicts = judge_under(e, Thresholds(), PRIORS)

    accurate = [v.probabilities[RecordStatus.ACCURATE] for v in verdicts]
    assert accurate[1] < accurate[0] < accurate[2]
    alone = judge(e, prior=PRIORS[1])
    assert alone.probabilities == pytest.approx(verdicts[1].probabilities)


def test_priors_of_another_reach_cannot_share_a_likelihood(world):
    e = build_evidence(world.located(), [], [], 40)

    with pytest.raises(ModelError, match="another reach"):
        judge(e, prior=Prior("near", shift_max_m=400.0))


def test_a_missing_pod_makes_the_verdict_less_sure(world):
    points = world.spread(14)
    shares = []
    for pod in (0.9, None):
        e = build_evidence(world.located(), [world.search(world.box(*WIDE), pod=pod)],
                           world.finds_at(points), 60)
        low, _, high = judge(e).rho
        shares.append(high - low)
    assert shares[1] > shares[0]


def test_a_limit_at_the_threshold_moves_the_verdict(world):
    e = build_evidence(world.located(), [world.search(world.box(*WIDE))],
                       world.finds_at(world.spread(32, shift=(95, 0))), 40)

    assert judge(e).status is RecordStatus.DISPLACED
    assert judge(e, Thresholds(shift_m=150.0)).status is RecordStatus.ACCURATE


def test_a_limit_that_is_no_kept_radius_is_named(world):
    v = verdict_on(world, world.spread(5))

    assert v.regions.classes(60.0) == pytest.approx([v.probabilities[s] for s in DECIDED])
    with pytest.raises(ModelError, match="33 m is not among those kept"):
        v.regions.classes(33.0)


def test_quantiles_fall_on_the_atom_and_between_edges():
    edges = np.array([0.0, 0.5, 1.0])

    assert quantiles(edges, np.array([1.0, 0.0, 0.0])) == (0.0, 0.0, 0.0)
    low, mid, high = quantiles(edges, np.array([0.0, 0.5, 0.5]))
    assert (low, mid, high) == pytest.approx((0.05, 0.5, 0.95))


@pytest.mark.parametrize("bad", [
    {"rho_unsupported": 0.4}, {"rho_present": 1.0}, {"decide": 0.5}, {"shift_m": 0.0},
    {"eta_incomplete": float("inf")},
])
def test_thresholds_that_make_no_sense_are_refused(bad):
    with pytest.raises(ModelError, match="would be right"):
        replace(Thresholds(), **bad)


@pytest.mark.parametrize("bad", [
    {"nothing": 0.6, "depleted": 0.5}, {"in_budget": 1.2}, {"shift_min_m": 900.0},
    {"background_weights": (0.5, 0.5, 0.5)}, {"background_per_km2": (0.0, 1.0, 2.0)},
])
def test_priors_that_make_no_sense_are_refused(bad):
    with pytest.raises(ModelError, match="would be right"):
        Prior("bad", **bad)
