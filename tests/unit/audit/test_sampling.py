import pytest

from fieldproof.audit import sampling
from fieldproof.errors import ModelError


@pytest.mark.parametrize("case", [(3, 2, 10), (-1, 2, 10), (0, 0, 10), (1, 20, 10)])
def test_an_impossible_sample_is_refused(case):
    with pytest.raises(ModelError, match="is no sample of a lot"):
        sampling.exact_interval(*case)


def test_bounds_of_impossible_counts_are_refused():
    with pytest.raises(ModelError, match="are no shares of a lot"):
        sampling.worst_case_bounds(6, 5, 10)


def test_a_full_count_has_no_interval():
    assert sampling.exact_interval(3, 10, 10) == (0.3, 0.3)


@pytest.mark.parametrize("bad", [(0, 0.1), (10, 0.0), (10, 0.6)])
def test_a_width_that_makes_no_sense_is_refused(bad):
    with pytest.raises(ModelError, match="would be right"):
        sampling.sample_size(*bad)


@pytest.mark.parametrize("bad", [(0, 0.1), (10, 0.0), (10, 1.0)])
def test_a_plan_that_makes_no_sense_is_refused(bad):
    with pytest.raises(ModelError, match="would be right"):
        sampling.zero_failure_size(*bad)
